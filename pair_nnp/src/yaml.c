/* YAML documents as trees with the place of every node; the only user of libyaml.
 *
 * libyaml's events are turned into nodes with an explicit stack of open collections, so that no
 * input can exhaust the program's stack. */
#include "yaml.h"

#include "text.h"
#include "yaml_node.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

enum { MAX_DEPTH = 64, EXCERPT = NNP_YAML_EXCERPT };

struct builder {
    struct nnp_yaml *document;
    yaml_parser_t parser;
    const char *text; /* of the whole document */
    size_t length;
    struct nnp_yaml_node *open[MAX_DEPTH]; /* collections from the root to the current one */
    int depth;
    struct nnp_error *error;
};

static enum nnp_status out_of_memory(const struct nnp_yaml *document, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory",
                         document->name);
}

NNP_PRINTF(3, 4)
static enum nnp_status mark_error(const struct builder *builder, yaml_mark_t mark,
                                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    nnp_yaml_place_error(builder->error, NNP_ERROR_SYNTAX, builder->document->name,
                         (int)mark.line + 1, (int)mark.column + 1, format, arguments);
    va_end(arguments);
    return NNP_ERROR_SYNTAX;
}

/* Encoding errors come with an offset in place of line and column. */
static yaml_mark_t mark_of_offset(const struct builder *builder, size_t offset)
{
    yaml_mark_t mark = {offset, 0, 0};
    for (size_t i = 0; i < offset && i < builder->length; i++) {
        mark.column++;
        if (builder->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return mark;
}

static enum nnp_status parser_error(const struct builder *builder)
{
    const yaml_parser_t *parser = &builder->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        return out_of_memory(builder->document, builder->error);
    const char *problem = parser->problem ? parser->problem : "unreadable text";
    const yaml_mark_t mark = parser->error == YAML_READER_ERROR
                                 ? mark_of_offset(builder, parser->problem_offset)
                                 : parser->problem_mark;
    return mark_error(builder, mark, "not valid YAML: %s%s%s",
                      parser->context ? parser->context : "", parser->context ? ", " : "",
                      problem);
}

static struct nnp_yaml_node *node_new(struct nnp_yaml *document, enum nnp_yaml_kind kind,
                                      yaml_mark_t mark)
{
    struct nnp_yaml_node *node = calloc(1, sizeof *node);
    if (!node)
        return NULL;
    node->document = document;
    node->kind = kind;
    node->line = (int)mark.line + 1;
    node->column = (int)mark.column + 1;
    node->previous = document->last;
    document->last = node;
    return node;
}

static bool append_child(struct nnp_yaml_node *parent, struct nnp_yaml_node *child)
{
    if (parent->n_children == parent->capacity) {
        if (parent->capacity > INT_MAX / 2 / (int)sizeof(void *))
            return false;
        const int capacity = parent->capacity ? 2 * parent->capacity : 8;
        struct nnp_yaml_node **children =
            realloc(parent->children, (size_t)capacity * sizeof *children);
        if (!children)
            return false;
        parent->children = children;
        parent->capacity = capacity;
    }
    parent->children[parent->n_children++] = child;
    return true;
}

static enum nnp_status attach(struct builder *builder, struct nnp_yaml_node *node)
{
    if (builder->depth == 0) {
        builder->document->root = node;
        return NNP_SUCCESS;
    }
    struct nnp_yaml_node *parent = builder->open[builder->depth - 1];
    const bool is_key = parent->kind == NNP_YAML_MAPPING && parent->n_children % 2 == 0;
    if (is_key && node->kind != NNP_YAML_SCALAR)
        return nnp_yaml_error(node, builder->error, NNP_ERROR_SYNTAX,
                              "a list or mapping as key, expected a word");
    if (!append_child(parent, node))
        return out_of_memory(builder->document, builder->error);
    return NNP_SUCCESS;
}

static enum nnp_status add_scalar(struct builder *builder, const yaml_event_t *event)
{
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (memchr(value, '\0', length))
        return mark_error(builder, event->start_mark, "a NUL character in a text");
    struct nnp_yaml_node *node =
        node_new(builder->document, NNP_YAML_SCALAR, event->start_mark);
    if (!node)
        return out_of_memory(builder->document, builder->error);
    node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    node->scalar = malloc(length + 1);
    if (!node->scalar)
        return out_of_memory(builder->document, builder->error);
    memcpy(node->scalar, value, length + 1);
    return attach(builder, node);
}

static enum nnp_status open_collection(struct builder *builder, enum nnp_yaml_kind kind,
                                       yaml_mark_t mark)
{
    if (builder->depth == MAX_DEPTH)
        return mark_error(builder, mark, "nested deeper than %d levels", MAX_DEPTH);
    struct nnp_yaml_node *node = node_new(builder->document, kind, mark);
    if (!node)
        return out_of_memory(builder->document, builder->error);
    const enum nnp_status status = attach(builder, node);
    if (!status)
        builder->open[builder->depth++] = node;
    return status;
}

static int compare_keys(const void *a, const void *b)
{
    const struct nnp_yaml_node *x = *(const struct nnp_yaml_node *const *)a;
    const struct nnp_yaml_node *y = *(const struct nnp_yaml_node *const *)b;
    const int order = strcmp(x->scalar, y->scalar);
    if (order)
        return order;
    return x->line != y->line ? x->line - y->line : x->column - y->column;
}

static enum nnp_status check_duplicates(const struct builder *builder,
                                        const struct nnp_yaml_node *mapping)
{
    const int n = nnp_yaml_size(mapping);
    if (n < 2)
        return NNP_SUCCESS;
    const struct nnp_yaml_node **keys = malloc((size_t)n * sizeof *keys);
    if (!keys)
        return out_of_memory(builder->document, builder->error);
    for (int i = 0; i < n; i++)
        keys[i] = mapping->children[2 * i];
    qsort(keys, (size_t)n, sizeof *keys, compare_keys);
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 1; i < n && !status; i++)
        if (!strcmp(keys[i - 1]->scalar, keys[i]->scalar))
            status = nnp_yaml_error(keys[i], builder->error, NNP_ERROR_SYNTAX,
                                    "key '%.*s' a second time, first in line %d", EXCERPT,
                                    keys[i]->scalar, keys[i - 1]->line);
    free(keys);
    return status;
}

static enum nnp_status close_collection(struct builder *builder)
{
    const struct nnp_yaml_node *node = builder->open[--builder->depth];
    return node->kind == NNP_YAML_MAPPING ? check_duplicates(builder, node) : NNP_SUCCESS;
}

static enum nnp_status refuse_decoration(const struct builder *builder, yaml_mark_t mark,
                                         const yaml_char_t *anchor, const yaml_char_t *tag)
{
    if (anchor)
        return mark_error(builder, mark,
                          "anchor '&%.*s', expected a value (anchors and "
                          "aliases are not supported)",
                          EXCERPT, (const char *)anchor);
    if (tag)
        return mark_error(builder, mark,
                          "tag '%.*s', expected a value (tags are not supported)", EXCERPT,
                          (const char *)tag);
    return NNP_SUCCESS;
}

static enum nnp_status start_document(const struct builder *builder, const yaml_event_t *event)
{
    if (builder->document->root)
        return mark_error(builder, event->start_mark,
                          "a second YAML document, expected the end of the file");
    return NNP_SUCCESS;
}

static enum nnp_status handle(struct builder *builder, const yaml_event_t *event)
{
    const yaml_mark_t mark = event->start_mark;
    enum nnp_status status = NNP_SUCCESS;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return start_document(builder, event);
    case YAML_ALIAS_EVENT:
        return mark_error(builder, mark,
                          "alias '*%.*s', expected a value (anchors and aliases "
                          "are not supported)",
                          EXCERPT, (const char *)event->data.alias.anchor);
    case YAML_SCALAR_EVENT:
        status =
            refuse_decoration(builder, mark, event->data.scalar.anchor, event->data.scalar.tag);
        return status ? status : add_scalar(builder, event);
    case YAML_SEQUENCE_START_EVENT:
        status = refuse_decoration(builder, mark, event->data.sequence_start.anchor,
                                   event->data.sequence_start.tag);
        return status ? status : open_collection(builder, NNP_YAML_SEQUENCE, mark);
    case YAML_MAPPING_START_EVENT:
        status = refuse_decoration(builder, mark, event->data.mapping_start.anchor,
                                   event->data.mapping_start.tag);
        return status ? status : open_collection(builder, NNP_YAML_MAPPING, mark);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_collection(builder);
    default:
        return status;
    }
}

static enum nnp_status build(struct builder *builder)
{
    enum nnp_status status = NNP_SUCCESS;
    yaml_event_type_t type = YAML_NO_EVENT;
    while (!status && type != YAML_STREAM_END_EVENT) {
        yaml_event_t event;
        if (!yaml_parser_parse(&builder->parser, &event))
            return parser_error(builder);
        type = event.type;
        status = handle(builder, &event);
        yaml_event_delete(&event);
    }
    if (!status && !builder->document->root) {
        const yaml_mark_t start = {0, 0, 0};
        status = mark_error(builder, start, "nothing in the file, expected a YAML document");
    }
    return status;
}

static struct nnp_yaml *document_new(const char *name)
{
    struct nnp_yaml *document = calloc(1, sizeof *document);
    if (!document)
        return NULL;
    document->name = nnp_text_copy(name);
    if (!document->name) {
        free(document);
        return NULL;
    }
    return document;
}

enum nnp_status nnp_yaml_parse(struct nnp_yaml **document, const char *name, const char *text,
                               size_t length, struct nnp_error *error)
{
    *document = NULL;
    struct builder builder = {.text = text, .length = length, .error = error};
    if (!yaml_parser_initialize(&builder.parser))
        return nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory", name);
    yaml_parser_set_input_string(&builder.parser, (const unsigned char *)text, length);
    enum nnp_status status;
    builder.document = document_new(name);
    if (builder.document)
        status = build(&builder);
    else
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "cannot read %s: out of memory", name);
    yaml_parser_delete(&builder.parser);
    if (status) {
        nnp_yaml_free(builder.document);
        return status;
    }
    *document = builder.document;
    return NNP_SUCCESS;
}

enum nnp_status nnp_yaml_read(struct nnp_yaml **document, const char *path,
                              struct nnp_error *error)
{
    char *text;
    size_t length;
    *document = NULL;
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    if (status)
        return status;
    status = nnp_yaml_parse(document, path, text, length, error);
    free(text);
    return status;
}

void nnp_yaml_free(struct nnp_yaml *document)
{
    if (!document)
        return;
    struct nnp_yaml_node *node = document->last;
    while (node) {
        struct nnp_yaml_node *previous = node->previous;
        free(node->scalar);
        free(node->children);
        free(node);
        node = previous;
    }
    free(document->name);
    free(document);
}
