/* Tables first, as figures read them, and the page last, as it contains the figures. */
#include "report_folder.h"

#include "figures.h"
#include "report_page.h"
#include "report_tables.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nnp_status make_folder(const char *path, struct nnp_error *error)
{
    struct stat found;
    if (mkdir(path, 0777) == 0 ||
        (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)))
        return NNP_SUCCESS;
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot make the folder %s: %s", path,
                         strerror(errno));
}

/* The caller frees; NULL: no memory. */
static char *path_of(const struct nnp_report *report, const char *name)
{
    struct nnp_text path = {0};
    nnp_text_append(&path, "%s/%s", report->folder, name);
    if (!path.failed)
        return path.data;
    free(path.data);
    return NULL;
}

/* Writes and frees a text. */
static enum nnp_status write_text(const struct nnp_report *report, const char *name,
                                  struct nnp_text *text, struct nnp_error *error)
{
    char *path = path_of(report, name);
    enum nnp_status status;
    if (!path || text->failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %s", name);
    else
        status = nnp_file_write(path, text->data, text->length, error);
    free(path);
    free(text->data);
    *text = (struct nnp_text){0};
    return status;
}

static enum nnp_status write_tables(const struct nnp_report *report,
                                    const struct nnp_comparison *comparison,
                                    struct nnp_error *error)
{
    static const struct {
        const char *file;
        void (*append)(struct nnp_text *text, const struct nnp_comparison *comparison);
        bool committee;
    } tables[] = {
        {"errors.csv", nnp_report_errors, false},
        {"energies.csv", nnp_report_energies, false},
        {"forces.csv", nnp_report_forces, false},
        {"stress.csv", nnp_report_stresses, false},
        {"histograms.csv", nnp_report_histograms, false},
        {"spread.csv", nnp_report_spreads, true},
    };
    struct nnp_text text = {0};
    nnp_report_functions(&text, report->potential);
    enum nnp_status status = write_text(report, "functions.csv", &text, error);
    for (size_t t = 0; t < sizeof tables / sizeof *tables && !status; t++) {
        if (tables[t].committee && comparison->n_members < 2)
            continue;
        tables[t].append(&text, comparison);
        status = write_text(report, tables[t].file, &text, error);
    }
    return status;
}

/* A learning curve with lines beyond its head. */
static enum nnp_status copy_curve(const struct nnp_report *report, bool *has_curve,
                                  struct nnp_error *error)
{
    struct nnp_text text = {0};
    *has_curve = report->learning_curve && access(report->learning_curve, R_OK) == 0;
    if (!*has_curve)
        return NNP_SUCCESS;
    enum nnp_status status =
        nnp_file_read(report->learning_curve, &text.data, &text.length, error);
    if (status)
        return status;
    const char *line = memchr(text.data, '\n', text.length);
    *has_curve = line && line[1];
    return write_text(report, "learning_curve.csv", &text, error);
}

static enum nnp_status write_figures(const struct nnp_report *report,
                                     const struct nnp_comparison *comparison, bool *drawn,
                                     struct nnp_error *error)
{
    struct nnp_text script = {0};
    bool has_curve;
    for (const struct nnp_figure *f = nnp_figures; f->file; f++) { /* of an older report */
        char *path = path_of(report, f->file);
        if (path)
            unlink(path);
        free(path);
    }
    enum nnp_status status = copy_curve(report, &has_curve, error);
    if (status)
        return status;
    nnp_figures_script(&script, comparison, report->potential, has_curve,
                       report->potential->n_members);
    status = write_text(report, "figures.gp", &script, error);
    return status ? status : nnp_figures_draw(report->folder, drawn, error);
}

enum nnp_status nnp_report_write(const struct nnp_report *report, bool *drawn,
                                 struct nnp_error *error)
{
    struct nnp_comparison comparison;
    struct nnp_text text = {0};
    struct nnp_report_page page = {
        .title = report->title ? report->title : "Neural network potential",
        .folder = report->folder,
        .program = report->program,
        .configuration = report->configuration,
    };
    *drawn = false;
    enum nnp_status status = make_folder(report->folder, error);
    if (!status)
        status = nnp_comparison_make(&comparison, report->potential, report->n_sets,
                                     report->sets, error);
    if (status)
        return status;
    status = write_tables(report, &comparison, error);
    if (!status)
        status = write_figures(report, &comparison, &page.drawn, error);
    if (!status)
        status = nnp_report_page_append(&text, &page, &comparison, report->potential, error);
    if (!status)
        status = write_text(report, "index.html", &text, error);
    free(text.data);
    nnp_comparison_free(&comparison);
    *drawn = page.drawn;
    return status;
}
