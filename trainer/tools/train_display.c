/* Lines of progress and messages on standard output. */
#include "train_display.h"

#include "report.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

void train_display_end_line(struct train_display *display)
{
    if (display->line_is_open)
        putchar('\n');
    display->line_is_open = false;
}

void train_display_message(void *context, const char *text)
{
    struct train_display *display = context;
    if (display->quiet)
        return;
    train_display_end_line(display);
    puts(text);
    fflush(stdout);
}

/* Columns of the terminal, so that a line that is rewritten does not wrap. */
static int terminal_width(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1)
        return size.ws_col - 1;
    return 200;
}

/* Ten lines a second on a terminal, else one a second at first and fewer later, but every half
 * minute; the last iteration of a stage always. */
void train_display_progress(void *context, const struct nnp_progress *progress)
{
    struct train_display *display = context;
    struct nnp_text text = {0};
    bool is_last = progress->iteration == progress->n_iterations;
    if (display->quiet || (progress->seconds < display->next && !is_last))
        return;
    display->next = progress->seconds +
                    (display->terminal ? 0.1 : fmin(1.0 + 0.05 * progress->seconds, 30.0));
    nnp_report_progress(&text, progress);
    if (!text.failed && display->terminal) {
        printf("\r%.*s\033[K", terminal_width(), text.data);
        display->line_is_open = true;
        if (is_last)
            train_display_end_line(display);
    } else if (!text.failed) {
        puts(text.data);
    }
    fflush(stdout);
    free(text.data);
}
