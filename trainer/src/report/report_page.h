/* A report as one HTML page that needs no other file. */
#ifndef NNP_REPORT_PAGE_H
#define NNP_REPORT_PAGE_H

#include "comparison.h"
#include "text.h"

/* Texts may be NULL; folder is where the figures are, which are left out where they are not. */
struct nnp_report_page {
    const char *title;
    const char *folder;
    const char *program;
    const char *configuration;
    bool drawn; /* false: says how to get the figures */
};

enum nnp_status nnp_report_page_append(struct nnp_text *text,
                                       const struct nnp_report_page *page,
                                       const struct nnp_comparison *comparison,
                                       const struct nnp_potential *potential,
                                       struct nnp_error *error) NNP_MUST_CHECK;

#endif
