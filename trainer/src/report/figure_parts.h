/* Words for gnuplot that the figures share; all are appended to the script. */
#ifndef NNP_FIGURE_PARTS_H
#define NNP_FIGURE_PARTS_H

#include "comparison.h"
#include "text.h"

/* Of sets, in their order. */
extern const char *const nnp_figure_colors[3];

/* A multiplot of pixels width x height, with panels. */
void nnp_figure_begin(struct nnp_text *text, const char *file, int width, int height, int rows,
                      int columns);
void nnp_figure_end(struct nnp_text *text);

/* A string in single quotes, which are doubled inside. */
void nnp_figure_quote(struct nnp_text *text, const char *string);

/* The condition that a line of a table belongs to a set and, if not negative, a group. */
void nnp_figure_condition(struct nnp_text *text, const struct nnp_comparison *comparison,
                          int set, int group);

/* Quantities that there are points of, 1 at least. */
int nnp_figure_n_quantities(const struct nnp_comparison *comparison);

/* Whole figures. */
void nnp_figure_curves(struct nnp_text *text, const struct nnp_comparison *comparison,
                       int n_members);
void nnp_figure_parity(struct nnp_text *text, const struct nnp_comparison *comparison);
void nnp_figure_groups(struct nnp_text *text, const struct nnp_comparison *comparison,
                       enum nnp_quantity quantity); /* none where there is one group */

#endif
