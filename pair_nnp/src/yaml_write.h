/* Writing of YAML: texts with quotes where they need them, lists and mappings in flow style
 * with line breaks. */
#ifndef NNP_YAML_WRITE_H
#define NNP_YAML_WRITE_H

#include "text.h"

#include <stdbool.h>

/* Appends a valid UTF-8 string as a scalar that every YAML reader takes for this text, not for
 * a number, boolean or null; further lines start with indent blanks. */
void nnp_yaml_write_string(struct nnp_text *text, const char *string, int indent);

/* A list "[a, b]" or mapping "{a: 1, b: 2}".  Between begin and end come items; key is NULL in
 * a list.  indent: blanks at the start of further lines, negative: all in one line. */
struct nnp_yaml_flow {
    struct nnp_text *text;
    int indent;
    bool mapping, empty;
    size_t start; /* of the current item */
};

void nnp_yaml_flow_begin(struct nnp_yaml_flow *flow, struct nnp_text *text, bool mapping,
                         int indent);
void nnp_yaml_flow_end(struct nnp_yaml_flow *flow);

/* An item; what is appended between start and stop is its value. */
void nnp_yaml_flow_start(struct nnp_yaml_flow *flow, const char *key);
void nnp_yaml_flow_stop(struct nnp_yaml_flow *flow);

void nnp_yaml_flow_double(struct nnp_yaml_flow *flow, const char *key, double value);
void nnp_yaml_flow_int(struct nnp_yaml_flow *flow, const char *key, int value);
void nnp_yaml_flow_string(struct nnp_yaml_flow *flow, const char *key, const char *value);

/* A list of n numbers. */
void nnp_yaml_write_doubles(struct nnp_text *text, const double *values, int n, int indent);

#endif
