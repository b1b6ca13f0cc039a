/* A report as a folder: tables (CSV), figures where gnuplot is installed, and index.html, which
 * shows all of it and needs no other file. */
#ifndef NNP_REPORT_FOLDER_H
#define NNP_REPORT_FOLDER_H

#include "comparison.h"

#include <stdbool.h>

/* Texts and files may be NULL. */
struct nnp_report {
    const char *folder; /* made where it is not there; files of these names are replaced */
    const char *title;
    const char *program;
    const char *configuration;  /* text */
    const char *learning_curve; /* file, copied */
    const struct nnp_potential *potential;
    int n_sets;
    const struct nnp_report_set *sets;
};

/* Predicts all structures.  *drawn: whether gnuplot drew the figures. */
enum nnp_status nnp_report_write(const struct nnp_report *report, bool *drawn,
                                 struct nnp_error *error) NNP_MUST_CHECK;

#endif
