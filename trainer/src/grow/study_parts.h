/* Parts of a study, each read from its place in the document. */
#ifndef NNP_STUDY_PARTS_H
#define NNP_STUDY_PARTS_H

#include "study.h"
#include "yaml.h"

/* command, frames, kind, types, time, limits, conditions */
enum nnp_status nnp_study_read_runs(struct nnp_study *study, const struct nnp_yaml_node *node,
                                    struct nnp_error *error) NNP_MUST_CHECK;

/* Checks that a template has no placeholders but those of a NULL-terminated list. */
enum nnp_status nnp_study_check_template(const struct nnp_yaml_node *node, const char *what,
                                         const char *template, const char *const *names,
                                         struct nnp_error *error) NNP_MUST_CHECK;

#endif
