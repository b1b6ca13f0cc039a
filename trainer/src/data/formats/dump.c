/* LAMMPS text dumps: snapshots. */
#include "dump.h"

#include "cell_check.h"
#include "dump_parts.h"
#include "units.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One atom line. */
struct row {
    int id, atomic_number;
    double values[6]; /* position and force */
};

/* What is read of a snapshot before its atoms. */
struct snapshot {
    struct nnp_source *source;
    const struct nnp_format_input *input;
    struct nnp_file_units units;
    struct nnp_span step;
    int line, n_atoms; /* n_atoms -1: not yet known */
    bool has_box;
    struct nnp_dump_box box;
    struct nnp_dump_columns columns;
    bool is_finite;
};

static enum nnp_status out_of_memory(const struct nnp_source *source)
{
    return nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
}

/* The units of LAMMPS that energies in eV can be made of. */
static enum nnp_status read_units(struct snapshot *snapshot, struct nnp_span name)
{
    static const struct {
        const char *name;
        struct nnp_file_units units;
    } styles[] = {{"metal", {1.0, 1.0}},
                  {"real", {1.0, NNP_KCAL_PER_MOL}},
                  {"electron", {NNP_BOHR, NNP_HARTREE}}};
    const struct nnp_file_units *given = &snapshot->input->units;
    for (size_t k = 0; k < sizeof styles / sizeof *styles; k++) {
        if (!nnp_span_equals(name, styles[k].name))
            continue;
        snapshot->units = styles[k].units;
        bool agree = (given->length == 1.0 && given->energy == 1.0) ||
                     (given->length == snapshot->units.length &&
                      given->energy == snapshot->units.energy);
        return agree ? NNP_SUCCESS
                     : nnp_source_error(snapshot->source, NNP_ERROR_INCONSISTENT,
                                        "found units %s, which are not the units given",
                                        styles[k].name);
    }
    return nnp_source_error(snapshot->source, NNP_ERROR_UNSUPPORTED,
                            "found units '%s', expected metal, real or electron",
                            nnp_span_excerpt(name).text);
}

/* Whether n whole lines follow. */
static bool has_lines(struct nnp_source source, int n)
{
    for (; n > 0; n--) {
        size_t left = (size_t)(source.end - source.next);
        const char *end = left > 0 ? memchr(source.next, '\n', left) : NULL;
        if (!end)
            return false;
        source.next = end + 1;
    }
    return true;
}

/* The line behind an item. */
static enum nnp_status read_value(struct snapshot *snapshot, struct nnp_span item)
{
    struct nnp_span line = {NULL, NULL}, token = {NULL, NULL}, more;
    nnp_source_line(snapshot->source, &line);
    bool single = nnp_span_token(&line, &token) && !nnp_span_token(&line, &more);
    if (single && nnp_span_equals(item, "UNITS"))
        return read_units(snapshot, token);
    if (single && nnp_span_equals(item, "TIME"))
        return NNP_SUCCESS;
    if (nnp_span_equals(item, "TIMESTEP")) {
        single = single && token.end - token.begin < 20;
        for (const char *c = token.begin; single && c < token.end; c++)
            single = *c >= '0' && *c <= '9';
        snapshot->step = token;
    } else if (nnp_span_equals(item, "NUMBER")) {
        single = single && nnp_span_to_int(token, &snapshot->n_atoms) && snapshot->n_atoms > 0;
    }
    return single ? NNP_SUCCESS
                  : nnp_source_error(snapshot->source, NNP_ERROR_SYNTAX,
                                     "found no proper value of the item %s",
                                     nnp_span_excerpt(item).text);
}

/* An item and the lines behind it; *is_atoms: they are not read, as they are those of atoms. */
static enum nnp_status read_item(struct snapshot *snapshot, struct nnp_span line,
                                 bool *is_atoms, bool *is_cut)
{
    struct nnp_span rest = line, word;
    if (!nnp_span_token(&rest, &word) || !nnp_span_equals(word, "ITEM:") ||
        !nnp_span_token(&rest, &word))
        return nnp_source_error(snapshot->source, NNP_ERROR_SYNTAX,
                                "found '%s', expected 'ITEM:'", nnp_span_excerpt(line).text);
    *is_atoms = nnp_span_equals(word, "ATOMS");
    if (*is_atoms)
        return nnp_dump_read_columns(snapshot->source, rest, snapshot->input->n_types > 0,
                                     &snapshot->columns);
    bool is_box = nnp_span_equals(word, "BOX");
    *is_cut = !has_lines(*snapshot->source, is_box ? 3 : 1);
    if (*is_cut)
        return NNP_SUCCESS;
    if (!is_box)
        return read_value(snapshot, word);
    snapshot->has_box = true;
    nnp_span_token(&rest, &word); /* BOUNDS */
    return nnp_dump_read_box(snapshot->source, rest, &snapshot->box);
}

/* Reads items up to the line of ATOMS.  *found is false where the text ends before, within a
 * snapshot if its line is known. */
static enum nnp_status read_header(struct snapshot *snapshot, bool *found)
{
    struct nnp_span line, token;
    enum nnp_status status = NNP_SUCCESS;
    bool is_cut = false;
    *found = false;
    while (!*found && !is_cut && !status && nnp_source_line(snapshot->source, &line)) {
        struct nnp_span rest = line;
        if (!nnp_span_token(&rest, &token))
            continue;
        if (snapshot->line == 0)
            snapshot->line = snapshot->source->line;
        is_cut = line.end == snapshot->source->end; /* no newline */
        if (!is_cut)
            status = read_item(snapshot, line, found, &is_cut);
    }
    return status;
}

/* ---- Atoms ---- */

static enum nnp_status read_type(const struct snapshot *snapshot, struct nnp_span token,
                                 int *atomic_number)
{
    int type = 0;
    if (nnp_span_to_int(token, &type) && type >= 1 && type <= snapshot->input->n_types) {
        *atomic_number = snapshot->input->types[type - 1];
        return NNP_SUCCESS;
    }
    return nnp_source_error(snapshot->source, NNP_ERROR_ELEMENT,
                            "found '%s' as type, expected a number from 1 to %d, of which the "
                            "elements are given",
                            nnp_span_excerpt(token).text, snapshot->input->n_types);
}

/* A number; nan and inf, with either sign, are no mistake of the file. */
static enum nnp_status read_number(struct snapshot *snapshot, struct nnp_span token,
                                   double *value)
{
    if (nnp_span_to_double(token, value))
        return NNP_SUCCESS;
    struct nnp_span digits = token;
    if (digits.begin < digits.end && (*digits.begin == '-' || *digits.begin == '+'))
        digits.begin++;
    if (!nnp_span_equals_any_case(digits, "nan") && !nnp_span_equals_any_case(digits, "inf"))
        return nnp_source_error(snapshot->source, NNP_ERROR_SYNTAX,
                                "found '%s' as a position or force, expected a number",
                                nnp_span_excerpt(token).text);
    snapshot->is_finite = false;
    *value = 0.0;
    return NNP_SUCCESS;
}

static enum nnp_status read_field(struct snapshot *snapshot, int column, struct nnp_span token,
                                  struct row *row)
{
    const int *fields = snapshot->columns.fields;
    if (column == fields[NNP_DUMP_ID])
        return nnp_span_to_int(token, &row->id)
                   ? NNP_SUCCESS
                   : nnp_source_error(snapshot->source, NNP_ERROR_SYNTAX,
                                      "found '%s' as id, expected an integer",
                                      nnp_span_excerpt(token).text);
    if (column == fields[NNP_DUMP_SPECIES])
        return snapshot->columns.has_types
                   ? read_type(snapshot, token, &row->atomic_number)
                   : nnp_source_element(snapshot->source, token, &row->atomic_number);
    int n_values = fields[NNP_DUMP_F] >= 0 ? 6 : 3;
    for (int k = 0; k < n_values; k++)
        if (column == fields[NNP_DUMP_X + k])
            return read_number(snapshot, token, &row->values[k]);
    return NNP_SUCCESS;
}

static enum nnp_status read_row(struct snapshot *snapshot, int i, struct row *row)
{
    struct nnp_span line, token;
    enum nnp_status status = NNP_SUCCESS;
    int column = 0;
    row->id = i;
    nnp_source_line(snapshot->source, &line);
    for (; nnp_span_token(&line, &token) && !status; column++)
        if (column < snapshot->columns.n_columns)
            status = read_field(snapshot, column, token, row);
    if (status || column == snapshot->columns.n_columns)
        return status;
    return nnp_source_error(snapshot->source, NNP_ERROR_SYNTAX,
                            "found %d columns for atom %d of %d, expected %d", column, i + 1,
                            snapshot->n_atoms, snapshot->columns.n_columns);
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Positions in Angstrom and forces in eV/Angstrom. */
static enum nnp_status store(const struct snapshot *snapshot, const struct row *rows,
                             struct nnp_structure *structure)
{
    const struct nnp_dump_box *box = &snapshot->box;
    double length = snapshot->units.length, force = snapshot->units.energy / length;
    for (size_t i = 0; i < (size_t)structure->n_atoms; i++) {
        const double *r = rows[i].values;
        structure->atomic_numbers[i] = rows[i].atomic_number;
        for (int x = 0; x < 3; x++) {
            double value = r[x];
            if (snapshot->columns.is_scaled)
                value = box->origin[x] + r[0] * box->cell.vectors[0][x] +
                        r[1] * box->cell.vectors[1][x] + r[2] * box->cell.vectors[2][x];
            structure->positions[3 * i + (size_t)x] = length * value;
            if (structure->has_forces)
                structure->forces[3 * i + (size_t)x] = force * r[3 + x];
        }
    }
    structure->cell = box->cell;
    for (int a = 0; a < 3; a++)
        for (int x = 0; x < 3; x++)
            structure->cell.vectors[a][x] *= length;
    return nnp_structure_is_finite(structure)
               ? NNP_SUCCESS
               : nnp_source_error(snapshot->source, NNP_ERROR_VALUE,
                                  "found a number that is too large in eV and Angstrom");
}

static enum nnp_status read_atoms(struct snapshot *snapshot, struct row *rows,
                                  struct nnp_structure *structure)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < snapshot->n_atoms && !status; i++)
        status = read_row(snapshot, i, &rows[i]);
    if (status)
        return status;
    qsort(rows, (size_t)snapshot->n_atoms, sizeof *rows, compare_rows);
    for (int i = 1; i < snapshot->n_atoms; i++)
        if (rows[i].id == rows[i - 1].id)
            return nnp_source_error(snapshot->source, NNP_ERROR_INCONSISTENT,
                                    "found the id %d twice in the snapshot of line %d",
                                    rows[i].id, snapshot->line);
    status = store(snapshot, rows, structure);
    return status ? status : nnp_cell_check(snapshot->source, &structure->cell);
}

/* A structure for the snapshot, with where it is from. */
static enum nnp_status read_structure(struct snapshot *snapshot,
                                      struct nnp_structure *structure)
{
    char info[32] = "";
    if (snapshot->step.begin)
        snprintf(info, sizeof info, "step=%.*s",
                 (int)(snapshot->step.end - snapshot->step.begin), snapshot->step.begin);
    structure->line = snapshot->line;
    structure->file = strdup(snapshot->source->name);
    structure->info = *info ? strdup(info) : NULL;
    bool has_forces = snapshot->columns.fields[NNP_DUMP_F] >= 0;
    struct row *rows = calloc((size_t)snapshot->n_atoms, sizeof *rows);
    enum nnp_status status;
    if (!rows || !structure->file || (*info && !structure->info) ||
        !nnp_structure_allocate(structure, snapshot->n_atoms, has_forces))
        status = out_of_memory(snapshot->source);
    else
        status = read_atoms(snapshot, rows, structure);
    free(rows);
    return status;
}

/* One snapshot; *found is false at the end of the text. */
static enum nnp_status read_snapshot(struct nnp_source *source,
                                     const struct nnp_format_input *input,
                                     struct nnp_file_units *units, struct nnp_frames *frames,
                                     bool *found)
{
    struct snapshot snapshot = {
        .source = source, .input = input, .units = *units, .n_atoms = -1, .is_finite = true};
    enum nnp_status status = read_header(&snapshot, found);
    *units = snapshot.units;
    if (status || (!*found && snapshot.line == 0))
        return status;
    if (*found && (snapshot.n_atoms < 0 || !snapshot.has_box))
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found ATOMS, expected NUMBER OF ATOMS and BOX BOUNDS before");
    if (!*found || !has_lines(*source, snapshot.n_atoms)) {
        *found = false;
        nnp_frames_leave_out(frames, source->name, snapshot.line,
                             "a snapshot that the end of the file cuts off was left out");
        return NNP_SUCCESS;
    }
    struct nnp_structure *structure = nnp_frames_add(frames);
    status = structure ? read_structure(&snapshot, structure) : out_of_memory(source);
    if (!status && !snapshot.is_finite) {
        nnp_frames_drop(frames);
        nnp_frames_leave_out(frames, source->name, snapshot.line,
                             "a snapshot with numbers that are not finite was left out");
    }
    return status;
}

enum nnp_status nnp_dump_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                               struct nnp_error *error)
{
    struct nnp_source source = {input->name, input->text, input->text + input->length, 0,
                                error};
    struct nnp_file_units units = input->units;
    bool found = true;
    enum nnp_status status = nnp_source_check(source, "a text (LAMMPS dump)");
    while (!status && found)
        status = read_snapshot(&source, input, &units, frames, &found);
    if (!status && frames->n == 0)
        return nnp_source_error(&source, NNP_ERROR_SYNTAX, "found no whole snapshot%s%s",
                                frames->n_left_out > 0 ? ": " : "", frames->note);
    return status;
}
