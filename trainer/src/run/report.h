/* Texts for people: lines of progress, tables of errors. */
#ifndef NNP_REPORT_H
#define NNP_REPORT_H

#include "accuracy.h"
#include "committee.h"
#include "text.h"
#include "training.h"

/* One line, without its end. */
void nnp_report_progress(struct nnp_text *text, const struct nnp_progress *progress);

/* One line on the spread of a committee over a set of structures. */
void nnp_report_spread(struct nnp_text *text, const char *set,
                       const struct nnp_spread_summary *summary);

/* A table with a head: structures, RMSEs in meV/atom, meV/Angstrom and GPa. */
void nnp_report_accuracy(struct nnp_text *text, const struct nnp_accuracy_table *table);

#endif
