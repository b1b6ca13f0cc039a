/* What nnp-train shows while it trains. */
#ifndef NNP_TRAIN_DISPLAY_H
#define NNP_TRAIN_DISPLAY_H

#include "training.h"

#include <stdbool.h>

struct train_display {
    bool quiet;
    bool terminal;     /* rewrite one line there; elsewhere now and then a line */
    bool line_is_open; /* on the terminal */
    double next;       /* seconds at which the next line is due */
};

void train_display_end_line(struct train_display *display);

/* For an observer whose context is a display. */
void train_display_message(void *context, const char *text);
void train_display_progress(void *context, const struct nnp_progress *progress);

#endif
