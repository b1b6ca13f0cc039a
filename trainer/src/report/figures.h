/* The figures of a report: a script for gnuplot that draws the report's tables, and the
 * program's run. */
#ifndef NNP_FIGURES_H
#define NNP_FIGURES_H

#include "comparison.h"
#include "text.h"

#include <stdbool.h>

/* Files of figures, without their folder; NULL-terminated.  Not all are in every report. */
struct nnp_figure {
    const char *file, *caption;
};
extern const struct nnp_figure nnp_figures[];

/* The script; it reads the tables of its own folder.  has_curve: there is a learning curve of
 * n_members members. */
void nnp_figures_script(struct nnp_text *text, const struct nnp_comparison *comparison,
                        const struct nnp_potential *potential, bool has_curve, int n_members);

/* Runs gnuplot on folder/figures.gp.  *drawn: it is installed and ended well; otherwise its
 * words are in folder/gnuplot.log. */
enum nnp_status nnp_figures_draw(const char *folder, bool *drawn,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
