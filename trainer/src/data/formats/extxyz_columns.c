/* Columns of the atom lines: Properties=name:type:count:name:type:count... */
#include "extxyz_comment.h"

#include <string.h>

enum { MAX_COLUMNS = 1000000 };

struct property {
    struct nnp_span name;
    char type; /* S string, R real, I integer, L logical */
    int count; /* columns */
};

/* Takes a property from the front of rest; false if it is none. */
static bool next_property(struct nnp_span *rest, struct property *property)
{
    struct nnp_span fields[3];
    for (int f = 0; f < 3; f++) {
        if (f > 0 && (rest->begin == rest->end || *rest->begin++ != ':'))
            return false;
        fields[f].begin = rest->begin;
        while (rest->begin < rest->end && *rest->begin != ':')
            rest->begin++;
        fields[f].end = rest->begin;
    }
    if (fields[0].begin == fields[0].end || fields[1].end - fields[1].begin != 1)
        return false;
    property->name = fields[0];
    property->type = *fields[1].begin;
    return strchr("SRIL", property->type) && nnp_span_to_int(fields[2], &property->count) &&
           property->count >= 1 && property->count <= MAX_COLUMNS;
}

/* Notes where a property that is read begins. */
static enum nnp_status place_property(const struct nnp_source *source,
                                      const struct property *property,
                                      struct nnp_extxyz_columns *columns)
{
    bool species = nnp_span_equals(property->name, "species");
    int *place = NULL;
    if (species)
        place = &columns->species;
    else if (nnp_span_equals(property->name, "pos"))
        place = &columns->positions;
    else if (nnp_span_equals(property->name, "forces") ||
             nnp_span_equals(property->name, "force"))
        place = &columns->forces;
    if (!place)
        return NNP_SUCCESS;

    struct nnp_excerpt name = nnp_span_excerpt(property->name);
    if (*place >= 0)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' in Properties beside columns of the same meaning, "
                                "expected them once",
                                name.text);
    if (property->type != (species ? 'S' : 'R') || property->count != (species ? 1 : 3))
        return nnp_source_error(
            source, NNP_ERROR_SYNTAX, "found '%s:%c:%d' in Properties, expected '%s:%s'",
            name.text, property->type, property->count, name.text, species ? "S:1" : "R:3");
    *place = columns->n_columns;
    return NNP_SUCCESS;
}

static enum nnp_status add_property(const struct nnp_source *source, struct nnp_span *rest,
                                    struct nnp_extxyz_columns *columns)
{
    struct nnp_span here = *rest;
    struct property property;
    if (!next_property(rest, &property))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' in Properties, expected name:type:count with a "
                                "type of S, R, I or L and a count from 1 to %d",
                                nnp_span_excerpt(here).text, MAX_COLUMNS);
    enum nnp_status status = place_property(source, &property, columns);
    if (status)
        return status;
    columns->n_columns += property.count;
    if (columns->n_columns > MAX_COLUMNS)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found more than %d columns in Properties", MAX_COLUMNS);
    return NNP_SUCCESS;
}

enum nnp_status nnp_extxyz_read_columns(const struct nnp_source *source,
                                        const struct nnp_extxyz_pair *properties,
                                        struct nnp_extxyz_columns *columns)
{
    static const char plain[] = "species:S:1:pos:R:3";
    struct nnp_span rest = {plain, plain + sizeof plain - 1};
    if (properties)
        rest = properties->value;
    *columns = (struct nnp_extxyz_columns){0, -1, -1, -1};
    do {
        enum nnp_status status = add_property(source, &rest, columns);
        if (status)
            return status;
    } while (rest.begin < rest.end && *rest.begin++ == ':');

    if (columns->species < 0 || columns->positions < 0)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found Properties without '%s', expected species:S:1 and "
                                "pos:R:3 among them",
                                columns->species < 0 ? "species" : "pos");
    return NNP_SUCCESS;
}
