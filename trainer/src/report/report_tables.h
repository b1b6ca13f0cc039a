/* The tables of a report as text (CSV), from which the figures are drawn. */
#ifndef NNP_REPORT_TABLES_H
#define NNP_REPORT_TABLES_H

#include "comparison.h"
#include "text.h"

/* set,group,structure,file,line,atoms,.. : a line per structure with an energy. */
void nnp_report_energies(struct nnp_text *text, const struct nnp_comparison *comparison);

/* set,group,structure,atom,element,component,reference,predicted: a line per component. */
void nnp_report_forces(struct nnp_text *text, const struct nnp_comparison *comparison);
void nnp_report_stresses(struct nnp_text *text, const struct nnp_comparison *comparison);

/* quantity,set,from,percent: lines of one quantity and set follow one another. */
void nnp_report_histograms(struct nnp_text *text, const struct nnp_comparison *comparison);

/* set,group,quantity,number,rmse,mae,largest,unit; group "*" for all of a set. */
void nnp_report_errors(struct nnp_text *text, const struct nnp_comparison *comparison);

/* set,group,structure,file,line and a committee's errors and spreads. */
void nnp_report_spreads(struct nnp_text *text, const struct nnp_comparison *comparison);

/* element,number,type,parameters and range of every symmetry function in training. */
void nnp_report_functions(struct nnp_text *text, const struct nnp_potential *potential);

#endif
