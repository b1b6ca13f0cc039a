/* VASP's OUTCAR: the ionic steps. */
#include "outcar.h"

#include "cell_check.h"
#include "outcar_parts.h"
#include "units.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An ionic step is open from its first electronic iteration, or from its forces, to its energy.
 */
struct outcar {
    struct nnp_source source;
    struct nnp_frames *frames;
    struct nnp_outcar_types types;
    int max_iterations; /* NELM, 0: not stated */
    struct nnp_cell cell;
    bool has_cell;

    int step_line;               /* where the open step begins, 0: none is open */
    int step;                    /* number of the ionic step, 0: not stated */
    int iteration;               /* the last electronic one */
    bool converged, unconverged; /* said so */
    bool expects_stress;         /* the heading was there, the numbers were not */
    bool has_stress;
    double stress[6];
    struct nnp_structure *structure; /* in frames, with atoms and forces, or NULL */
};

/* The next line that is whole; what is behind the last end of line was cut off. */
static bool next_line(struct outcar *outcar, struct nnp_span *line)
{
    return nnp_source_line(&outcar->source, line) && line->end < outcar->source.end;
}

static enum nnp_status out_of_memory(const struct outcar *outcar)
{
    return nnp_source_error(&outcar->source, NNP_ERROR_MEMORY, "out of memory");
}

static void open_step(struct outcar *outcar)
{
    if (outcar->step_line == 0)
        outcar->step_line = outcar->source.line;
}

static void close_step(struct outcar *outcar)
{
    outcar->step_line = outcar->step = outcar->iteration = 0;
    outcar->converged = outcar->unconverged = false;
    outcar->expects_stress = outcar->has_stress = false;
    outcar->structure = NULL;
}

static void leave_out_step(struct outcar *outcar, const char *why)
{
    if (outcar->structure)
        nnp_frames_drop(outcar->frames);
    nnp_frames_leave_out(outcar->frames, outcar->source.name, outcar->step_line, why);
    close_step(outcar);
}

/* ---- Lines, by what they begin with ---- */

static enum nnp_status read_vrhfin(struct outcar *outcar, struct nnp_span rest)
{
    return nnp_outcar_read_vrhfin(&outcar->source, rest, &outcar->types);
}

static enum nnp_status read_title(struct outcar *outcar, struct nnp_span rest)
{
    return nnp_outcar_read_title(&outcar->source, rest, &outcar->types);
}

static enum nnp_status read_counts(struct outcar *outcar, struct nnp_span rest)
{
    return nnp_outcar_read_counts(&outcar->source, rest, &outcar->types);
}

/* Takes an integer, whatever follows it. */
static bool take_int(struct nnp_span *rest, int *value)
{
    struct nnp_span token, digits;
    if (!nnp_span_token(rest, &token))
        return false;
    digits = (struct nnp_span){token.begin, token.begin};
    while (digits.end < token.end && *digits.end >= '0' && *digits.end <= '9')
        digits.end++;
    rest->begin = digits.end;
    return nnp_span_to_int(digits, value);
}

/* "   NELM   =     60;   NELMIN=  2" */
static enum nnp_status read_max_iterations(struct outcar *outcar, struct nnp_span rest)
{
    struct nnp_span value;
    if (nnp_span_behind(rest, "=", &value) && !take_int(&value, &outcar->max_iterations))
        outcar->max_iterations = 0;
    return NNP_SUCCESS;
}

/* "----- Iteration      2(   7)  -----" and "----- aborting loop because EDIFF is reached" */
static enum nnp_status read_rule(struct outcar *outcar, struct nnp_span rest)
{
    struct nnp_span found;
    int step, iteration;
    if (nnp_span_behind(rest, " aborting loop because EDIFF is reached", &found))
        outcar->converged = true;
    if (nnp_span_behind(rest, " aborting loop EDIFF was not reached", &found))
        outcar->unconverged = true;
    if (!nnp_span_behind(rest, " Iteration ", &found) || !take_int(&found, &step) ||
        !nnp_span_behind(found, "(", &found) || !take_int(&found, &iteration))
        return NNP_SUCCESS;
    if (outcar->step_line > 0 && step != outcar->step)
        leave_out_step(outcar, "an ionic step without forces or energy was left out");
    open_step(outcar);
    outcar->step = step;
    outcar->iteration = iteration;
    return NNP_SUCCESS;
}

static enum nnp_status read_cell(struct outcar *outcar, struct nnp_span rest)
{
    (void)rest;
    struct nnp_cell cell = {.periodic = {true, true, true}};
    for (int a = 0; a < 3; a++) {
        struct nnp_span line;
        if (!next_line(outcar, &line))
            return NNP_SUCCESS;
        enum nnp_status status =
            nnp_source_vector(&outcar->source, &line, "lattice vector", cell.vectors[a]);
        if (status)
            return status;
    }
    outcar->cell = cell;
    outcar->has_cell = true;
    return nnp_cell_check(&outcar->source, &cell);
}

static enum nnp_status expect_stress(struct outcar *outcar, struct nnp_span rest)
{
    struct nnp_span behind;
    if (nnp_span_behind(rest, "(ML)", &behind))
        return NNP_SUCCESS;
    open_step(outcar);
    outcar->expects_stress = true;
    return NNP_SUCCESS;
}

static enum nnp_status read_stress(struct outcar *outcar, struct nnp_span rest)
{
    static const int place[6] = {0, 1, 2, 3, 5, 4}; /* of XX YY ZZ XY YZ ZX in ours */
    if (!outcar->expects_stress)
        return NNP_SUCCESS;
    outcar->expects_stress = false;
    for (int c = 0; c < 6; c++) {
        double pressure;
        if (!nnp_span_number(&rest, &pressure))
            return nnp_source_error(&outcar->source, NNP_ERROR_SYNTAX,
                                    "found '%s' in the line 'in kB', expected six finite "
                                    "numbers: XX YY ZZ XY YZ ZX",
                                    nnp_span_excerpt(rest).text);
        outcar->stress[place[c]] = -pressure * NNP_KILOBAR;
    }
    outcar->has_stress = true;
    return NNP_SUCCESS;
}

/* Lines of positions and forces; *whole is false where the text ends before the last. */
static enum nnp_status read_atoms(struct outcar *outcar, struct nnp_structure *structure,
                                  bool *whole)
{
    struct nnp_span line;
    size_t i = 0;
    *whole = next_line(outcar, &line); /* the rule below the heading */
    for (int t = 0; t < outcar->types.n; t++)
        for (int k = 0; k < outcar->types.types[t].count; k++, i++) {
            *whole = *whole && next_line(outcar, &line);
            if (!*whole)
                return NNP_SUCCESS;
            structure->atomic_numbers[i] = outcar->types.types[t].atomic_number;
            enum nnp_status status = nnp_source_vector(&outcar->source, &line, "position",
                                                       &structure->positions[3 * i]);
            if (!status)
                status = nnp_source_vector(&outcar->source, &line, "force",
                                           &structure->forces[3 * i]);
            if (status)
                return status;
        }
    return NNP_SUCCESS;
}

static enum nnp_status fill_structure(struct outcar *outcar, bool *whole)
{
    struct nnp_structure *structure = outcar->structure;
    structure->line = outcar->source.line;
    structure->file = strdup(outcar->source.name);
    if (!structure->file || !nnp_structure_allocate(structure, outcar->types.n_atoms, true))
        return out_of_memory(outcar);
    structure->cell = outcar->cell;
    return read_atoms(outcar, structure, whole);
}

/* " POSITION                                       TOTAL-FORCE (eV/Angst)" */
static enum nnp_status read_forces(struct outcar *outcar, struct nnp_span rest)
{
    enum { SHORTEST_LINE = 12 }; /* six numbers and what separates them */
    struct nnp_span behind, token;
    if (!nnp_span_behind(rest, "TOTAL-FORCE (eV/Angst)", &behind))
        return NNP_SUCCESS;
    if (nnp_span_token(&behind, &token)) { /* (ML) */
        if (outcar->step == 0 && !outcar->structure)
            close_step(outcar);
        return NNP_SUCCESS;
    }
    if (outcar->types.n_atoms == 0 || !outcar->has_cell)
        return nnp_source_error(
            &outcar->source, NNP_ERROR_SYNTAX, "found forces, expected %s before",
            outcar->has_cell ? "'TITEL' and 'ions per type'" : "'direct lattice vectors'");
    if (outcar->structure)
        leave_out_step(outcar, "an ionic step without energy was left out");
    open_step(outcar);
    size_t left = (size_t)(outcar->source.end - outcar->source.next);
    if ((size_t)outcar->types.n_atoms > left / SHORTEST_LINE)
        return NNP_SUCCESS;
    outcar->structure = nnp_frames_add(outcar->frames);
    if (!outcar->structure)
        return out_of_memory(outcar);
    bool whole = true;
    enum nnp_status status = fill_structure(outcar, &whole);
    if (!status && !whole) {
        nnp_frames_drop(outcar->frames);
        outcar->structure = NULL;
    }
    return status;
}

static enum nnp_status keep_step_number(const struct outcar *outcar)
{
    char info[32];
    if (outcar->step == 0)
        return NNP_SUCCESS;
    snprintf(info, sizeof info, "step=%d", outcar->step);
    outcar->structure->info = strdup(info);
    return outcar->structure->info ? NNP_SUCCESS : out_of_memory(outcar);
}

/* "  free  energy   TOTEN  =       -14.23724457 eV" */
static enum nnp_status read_energy(struct outcar *outcar, struct nnp_span rest)
{
    struct nnp_span value;
    struct nnp_structure *structure = outcar->structure;
    if (!structure)
        return NNP_SUCCESS;
    if (!nnp_span_behind(rest, "=", &value) || !nnp_span_number(&value, &structure->energy))
        return nnp_source_error(&outcar->source, NNP_ERROR_SYNTAX,
                                "found '%s' as energy, expected '= ' and a finite number",
                                nnp_span_excerpt(rest).text);
    bool spent = outcar->max_iterations > 0 && outcar->iteration >= outcar->max_iterations;
    if (outcar->unconverged || (spent && !outcar->converged)) {
        leave_out_step(outcar, "an ionic step whose electronic loop did not converge was left "
                               "out");
        return NNP_SUCCESS;
    }
    structure->has_energy = true;
    structure->has_stress = outcar->has_stress;
    if (outcar->has_stress)
        memcpy(structure->stress, outcar->stress, sizeof structure->stress);
    enum nnp_status status = keep_step_number(outcar);
    close_step(outcar);
    return status;
}

static enum nnp_status read_line(struct outcar *outcar, struct nnp_span line)
{
    static const struct {
        const char *begin;
        enum nnp_status (*read)(struct outcar *outcar, struct nnp_span rest);
    } lines[] = {
        {"-----", read_rule},
        {"free  energy   TOTEN", read_energy},
        {"POSITION", read_forces},
        {"in kB", read_stress},
        {"FORCE on cell =-STRESS", expect_stress},
        {"direct lattice vectors", read_cell},
        {"NELM ", read_max_iterations},
        {"VRHFIN", read_vrhfin},
        {"TITEL", read_title},
        {"ions per type =", read_counts},
    };
    while (line.begin < line.end && (*line.begin == ' ' || *line.begin == '\t'))
        line.begin++;
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
        if (nnp_span_begins(line, lines[k].begin)) {
            line.begin += strlen(lines[k].begin);
            return lines[k].read(outcar, line);
        }
    return NNP_SUCCESS;
}

enum nnp_status nnp_outcar_parse(const struct nnp_format_input *input,
                                 struct nnp_frames *frames, struct nnp_error *error)
{
    struct outcar outcar = {
        .source = {input->name, input->text, input->text + input->length, 0, error},
        .frames = frames};
    struct nnp_span line;
    enum nnp_status status = nnp_source_check(outcar.source, "a text (OUTCAR of VASP)");
    while (!status && next_line(&outcar, &line))
        status = read_line(&outcar, line);
    if (!status && outcar.step_line > 0)
        leave_out_step(&outcar, "the last ionic step is incomplete and was left out");
    if (!status && frames->n == 0)
        status = nnp_source_error(&outcar.source, NNP_ERROR_SYNTAX,
                                  "found no complete ionic step, expected forces and 'free  "
                                  "energy   TOTEN'%s%s",
                                  frames->n_left_out > 0 ? "; " : "", frames->note);
    free(outcar.types.types);
    return status;
}
