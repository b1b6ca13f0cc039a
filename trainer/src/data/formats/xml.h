/* XML as a sequence of leaves: elements with their text, each known by the path to it. */
#ifndef NNP_XML_H
#define NNP_XML_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

struct nnp_xml_handler {
    void *context;

    /* At the beginning of each element, and at its end, then with the text in it.  path: names
     * of the elements from the outermost, each behind a slash; an element varray, array, set or
     * i with the attribute "name" goes by that.  line: where the parser is.  A status other
     * than NNP_SUCCESS ends the parsing and is its result. */
    enum nnp_status (*begin)(void *context, const char *path, int line);
    enum nnp_status (*end)(void *context, const char *path, const char *text, int line);
};

/* *truncated tells, after NNP_SUCCESS, that the text ends before the outermost element; line is
 * then the last.  NNP_ERROR_SYNTAX: not well-formed; the message begins with name and line. */
enum nnp_status nnp_xml_parse(const char *name, const char *text, size_t length,
                              const struct nnp_xml_handler *handler, bool *truncated, int *line,
                              struct nnp_error *error) NNP_MUST_CHECK;

#endif
