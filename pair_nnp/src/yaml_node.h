/* Nodes of YAML documents, for yaml.c that makes them and yaml_node.c that reads them. */
#ifndef NNP_YAML_NODE_H
#define NNP_YAML_NODE_H

#include "yaml.h"

#include <stdarg.h>

enum { NNP_YAML_EXCERPT = 60 }; /* bytes of the input that a message quotes */

struct nnp_yaml_node {
    const struct nnp_yaml *document;
    struct nnp_yaml_node *previous; /* made before this one; the chain owns all nodes */
    enum nnp_yaml_kind kind;
    int line, column; /* from 1 */
    bool plain;       /* a scalar without quotes */
    char *scalar;     /* owned; NULL for collections */
    int n_children, capacity;
    struct nnp_yaml_node **children; /* [n_children]: items, or keys and values in turn */
};

struct nnp_yaml {
    char *name;
    struct nnp_yaml_node *last; /* head of the chain of all nodes */
    struct nnp_yaml_node *root;
};

/* "name:line:column: message". */
void nnp_yaml_place_error(struct nnp_error *error, enum nnp_status status, const char *name,
                          int line, int column, const char *format, va_list arguments)
    NNP_PRINTF(6, 0);

#endif
