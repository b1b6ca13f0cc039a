/* Extended XYZ: frames of a number of atoms, a comment line and the atom lines.  Blank lines
 * between frames and a byte order mark at the beginning are skipped. */
#include "extxyz.h"

#include "extxyz_comment.h"
#include "frames.h"

#include <limits.h>
#include <string.h>

static enum nnp_status out_of_memory(const struct nnp_source *source)
{
    return nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
}

static int count_lines(struct nnp_source source)
{
    struct nnp_span line;
    int n = 0;
    while (n < INT_MAX && nnp_source_line(&source, &line))
        n++;
    return n;
}

static int count_tokens(struct nnp_span line)
{
    struct nnp_span token;
    int n = 0;
    while (n < INT_MAX && nnp_span_token(&line, &token))
        n++;
    return n;
}

/* The line with the number of atoms; *found is false at the end of the text. */
static enum nnp_status read_count(struct nnp_source *source, int *n_atoms, bool *found)
{
    struct nnp_span line, rest, token;
    do {
        *found = nnp_source_line(source, &line);
        if (!*found)
            return NNP_SUCCESS;
        rest = line;
    } while (!nnp_span_token(&rest, &token));

    if (nnp_span_to_int(token, n_atoms) && *n_atoms > 0 && !nnp_span_token(&rest, &token))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found '%s', expected the number of atoms of a frame",
                            nnp_span_excerpt(line).text);
}

/* Refuses a number of atoms that the rest of the text cannot hold (an atom takes at least two
 * bytes per column), so that memory stays in proportion to the text. */
static enum nnp_status check_room(const struct nnp_source *source, int n_atoms,
                                  const struct nnp_extxyz_columns *columns)
{
    size_t left = (size_t)(source->end - source->next);
    if ((size_t)n_atoms <= (left + 1) / (2 * (size_t)columns->n_columns))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found %d lines behind the comment line, too little for the %d "
                            "atoms with %d columns that are expected",
                            count_lines(*source), n_atoms, columns->n_columns);
}

/* Stores what stands in one column of an atom line. */
static enum nnp_status read_field(const struct nnp_source *source,
                                  const struct nnp_extxyz_columns *columns, int column,
                                  struct nnp_span token, struct nnp_structure *structure, int i)
{
    const char *what;
    double *value;
    if (column == columns->species)
        return nnp_source_element(source, token, &structure->atomic_numbers[i]);
    if (column >= columns->positions && column < columns->positions + 3) {
        what = "position";
        value = &structure->positions[3 * (size_t)i + (size_t)(column - columns->positions)];
    } else if (structure->has_forces && column >= columns->forces &&
               column < columns->forces + 3) {
        what = "force";
        value = &structure->forces[3 * (size_t)i + (size_t)(column - columns->forces)];
    } else {
        return NNP_SUCCESS;
    }
    if (nnp_span_to_double(token, value))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found '%s' as %s in column %d, expected a finite number",
                            nnp_span_excerpt(token).text, what, column + 1);
}

static enum nnp_status read_atom(const struct nnp_source *source, struct nnp_span line,
                                 const struct nnp_extxyz_columns *columns,
                                 struct nnp_structure *structure, int i)
{
    struct nnp_span rest = line, token;
    int column = 0;
    while (column < columns->n_columns && nnp_span_token(&rest, &token)) {
        enum nnp_status status = read_field(source, columns, column, token, structure, i);
        if (status)
            return status;
        column++;
    }
    if (column == columns->n_columns && !nnp_span_token(&rest, &token))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found %d columns for atom %d of %d, expected %d",
                            count_tokens(line), i + 1, structure->n_atoms, columns->n_columns);
}

static enum nnp_status read_atoms(struct nnp_source *source,
                                  const struct nnp_extxyz_columns *columns,
                                  struct nnp_structure *structure)
{
    for (int i = 0; i < structure->n_atoms; i++) {
        struct nnp_span line;
        if (!nnp_source_line(source, &line))
            return nnp_source_error(
                source, NNP_ERROR_SYNTAX,
                "found the end of the file behind atom %d, expected %d atoms", i,
                structure->n_atoms);
        enum nnp_status status = read_atom(source, line, columns, structure, i);
        if (status)
            return status;
    }
    return NNP_SUCCESS;
}

/* One frame into an empty structure; *found is false at the end of the text. */
static enum nnp_status read_frame(struct nnp_source *source, struct nnp_structure *structure,
                                  bool *found)
{
    int n_atoms;
    enum nnp_status status = read_count(source, &n_atoms, found);
    if (status || !*found)
        return status;
    structure->line = source->line;
    structure->file = strdup(source->name);
    if (!structure->file)
        return out_of_memory(source);

    struct nnp_span comment;
    struct nnp_extxyz_columns columns;
    if (!nnp_source_line(source, &comment))
        return nnp_source_error(
            source, NNP_ERROR_SYNTAX,
            "found the end of the file, expected a comment line and %d atoms", n_atoms);
    status = nnp_extxyz_read_comment(source, comment, structure, &columns);
    if (!status)
        status = check_room(source, n_atoms, &columns);
    if (status)
        return status;
    if (!nnp_structure_allocate(structure, n_atoms, columns.forces >= 0))
        return out_of_memory(source);
    return read_atoms(source, &columns, structure);
}

static enum nnp_status read_frames(struct nnp_source *source, struct nnp_frames *frames)
{
    for (bool found = true; found;) {
        struct nnp_structure *structure = nnp_frames_add(frames);
        if (!structure)
            return out_of_memory(source);
        enum nnp_status status = read_frame(source, structure, &found);
        if (status)
            return status;
    }
    nnp_frames_drop(frames);
    if (frames->n == 0)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found no frame, expected a number of atoms");
    return NNP_SUCCESS;
}

enum nnp_status nnp_extxyz_parse_frames(const char *name, const char *text, size_t length,
                                        struct nnp_frames *frames, struct nnp_error *error)
{
    static const char byte_order_mark[3] = "\xEF\xBB\xBF";
    struct nnp_source source = {name, text, text + length, 0, error};
    if (length >= 3 && memcmp(text, byte_order_mark, 3) == 0)
        source.next += 3;

    enum nnp_status status = nnp_source_check(source, "a text (extended XYZ)");
    return status ? status : read_frames(&source, frames);
}

enum nnp_status nnp_extxyz_parse(const char *name, const char *text, size_t length,
                                 struct nnp_structure **structures, int *n_structures,
                                 struct nnp_error *error)
{
    struct nnp_frames frames = {0};
    *structures = NULL;
    *n_structures = 0;
    enum nnp_status status = nnp_extxyz_parse_frames(name, text, length, &frames, error);
    if (status) {
        nnp_frames_free(&frames);
        return status;
    }
    *structures = frames.structures;
    *n_structures = frames.n;
    return NNP_SUCCESS;
}
