/* VASP's vasprun.xml: ionic steps from the leaves of the XML. */
#include "vasprun.h"

#include "cell_check.h"
#include "units.h"
#include "xml.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CALCULATION "/modeling/calculation"

/* Rows of three numbers, as <v> holds them. */
struct rows {
    int n, capacity;
    double (*v)[3];
};

struct vasprun {
    struct nnp_source source; /* for messages: the line is that of the leaf */
    struct nnp_frames *frames;
    int n_atoms, capacity;
    int *atomic_numbers;  /* [n_atoms] */
    bool element_is_next; /* the first <c> of an <rc> */
    int max_iterations;   /* NELM, 0: not stated */

    /* The calculation that is read. */
    int line, step, n_iterations;
    bool has_energy;
    double energy;
    struct rows basis, positions, forces, stress;
};

static enum nnp_status out_of_memory(const struct vasprun *run)
{
    return nnp_source_error(&run->source, NNP_ERROR_MEMORY, "out of memory");
}

/* Room for one more of n elements; false where memory fails. */
static bool make_room(void **array, int n, int *capacity, size_t size)
{
    if (n < *capacity)
        return true;
    int larger = *capacity > 0 ? 2 * *capacity : 64;
    if (*capacity > INT_MAX / 2 || (size_t)larger > SIZE_MAX / size)
        return false;
    void *moved = realloc(*array, (size_t)larger * size);
    if (!moved)
        return false;
    *array = moved;
    *capacity = larger;
    return true;
}

static struct nnp_span span_of(const char *text)
{
    return (struct nnp_span){text, text + strlen(text)};
}

/* ---- Leaves ---- */

static enum nnp_status read_row(struct vasprun *run, struct rows *rows, const char *what,
                                const char *text)
{
    struct nnp_span rest = span_of(text);
    void *array = rows->v;
    bool room = make_room(&array, rows->n, &rows->capacity, sizeof *rows->v);
    rows->v = array;
    return room ? nnp_source_vector(&run->source, &rest, what, rows->v[rows->n++])
                : out_of_memory(run);
}

static enum nnp_status read_basis(struct vasprun *run, const char *text)
{
    return read_row(run, &run->basis, "cell vector", text);
}

static enum nnp_status read_position(struct vasprun *run, const char *text)
{
    return read_row(run, &run->positions, "position", text);
}

static enum nnp_status read_force(struct vasprun *run, const char *text)
{
    return read_row(run, &run->forces, "force", text);
}

static enum nnp_status read_stress(struct vasprun *run, const char *text)
{
    return read_row(run, &run->stress, "stress", text);
}

static enum nnp_status read_energy(struct vasprun *run, const char *text)
{
    struct nnp_span rest = span_of(text);
    run->has_energy = nnp_span_number(&rest, &run->energy);
    if (run->has_energy)
        return NNP_SUCCESS;
    return nnp_source_error(&run->source, NNP_ERROR_SYNTAX,
                            "found '%s' as e_fr_energy, expected a finite number",
                            nnp_span_excerpt(rest).text);
}

static enum nnp_status read_element(struct vasprun *run, const char *text)
{
    struct nnp_span rest = span_of(text), symbol = rest;
    void *array = run->atomic_numbers;
    if (!run->element_is_next)
        return NNP_SUCCESS;
    run->element_is_next = false;
    bool room = make_room(&array, run->n_atoms, &run->capacity, sizeof *run->atomic_numbers);
    run->atomic_numbers = array;
    if (!room)
        return out_of_memory(run);
    nnp_span_token(&rest, &symbol);
    return nnp_source_element(&run->source, symbol, &run->atomic_numbers[run->n_atoms++]);
}

static enum nnp_status read_max_iterations(struct vasprun *run, const char *text)
{
    struct nnp_span rest = span_of(text), token;
    if (!nnp_span_token(&rest, &token) || !nnp_span_to_int(token, &run->max_iterations))
        run->max_iterations = 0;
    return NNP_SUCCESS;
}

/* ---- A calculation ---- */

static void begin_calculation(struct vasprun *run)
{
    run->line = run->source.line;
    run->step++;
    run->n_iterations = 0;
    run->has_energy = false;
    run->basis.n = run->positions.n = run->forces.n = run->stress.n = 0;
}

/* Cartesian positions from those in units of the cell vectors. */
static void set_positions(const struct vasprun *run, struct nnp_structure *structure)
{
    for (int i = 0; i < run->n_atoms; i++)
        for (int x = 0; x < 3; x++) {
            double sum = 0.0;
            for (int a = 0; a < 3; a++)
                sum += run->positions.v[i][a] * structure->cell.vectors[a][x];
            structure->positions[3 * (size_t)i + (size_t)x] = sum;
        }
}

/* Minus the printed tensor, whose off-diagonal pairs differ by rounding only. */
static void set_stress(const struct vasprun *run, struct nnp_structure *structure)
{
    static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
    structure->has_stress = true;
    for (int c = 0; c < 6; c++) {
        double pressure =
            0.5 * run->stress.v[row[c]][column[c]] + 0.5 * run->stress.v[column[c]][row[c]];
        structure->stress[c] = -pressure * NNP_KILOBAR;
    }
}

static enum nnp_status add_structure(struct vasprun *run)
{
    struct nnp_structure *structure = nnp_frames_add(run->frames);
    char info[32];
    if (!structure)
        return out_of_memory(run);
    snprintf(info, sizeof info, "step=%d", run->step);
    structure->file = strdup(run->source.name);
    structure->info = strdup(info);
    structure->line = run->line;
    if (!structure->file || !structure->info ||
        !nnp_structure_allocate(structure, run->n_atoms, true))
        return out_of_memory(run);
    for (int a = 0; a < 3; a++)
        structure->cell.periodic[a] = true;
    memcpy(structure->cell.vectors, run->basis.v, sizeof structure->cell.vectors);
    enum nnp_status status = nnp_cell_check(&run->source, &structure->cell);
    if (status)
        return status;
    memcpy(structure->atomic_numbers, run->atomic_numbers,
           (size_t)run->n_atoms * sizeof *run->atomic_numbers);
    memcpy(structure->forces, run->forces.v, (size_t)run->n_atoms * sizeof *run->forces.v);
    set_positions(run, structure);
    structure->has_energy = true;
    structure->energy = run->energy;
    if (run->stress.n == 3)
        set_stress(run, structure);
    if (nnp_structure_is_finite(structure))
        return NNP_SUCCESS;
    return nnp_source_error(&run->source, NNP_ERROR_VALUE,
                            "found numbers that are too large in Angstrom");
}

static void leave_out(struct vasprun *run, const char *why)
{
    nnp_frames_leave_out(run->frames, run->source.name, run->line, why);
    run->line = 0;
}

static enum nnp_status end_calculation(struct vasprun *run)
{
    if (!run->has_energy || run->forces.n == 0) {
        leave_out(run, "an ionic step without forces or energy was left out");
        return NNP_SUCCESS;
    }
    if (run->max_iterations > 0 && run->n_iterations >= run->max_iterations) {
        leave_out(run, "an ionic step whose electronic loop did not converge was left out");
        return NNP_SUCCESS;
    }
    if (run->n_atoms == 0 || run->basis.n != 3 || run->positions.n != run->n_atoms ||
        run->forces.n != run->n_atoms)
        return nnp_source_error(&run->source, NNP_ERROR_INCONSISTENT,
                                "found %d cell vectors, %d positions and %d forces in the "
                                "calculation of line %d, expected 3, and two for each of the "
                                "%d atoms of atominfo",
                                run->basis.n, run->positions.n, run->forces.n, run->line,
                                run->n_atoms);
    enum nnp_status status = add_structure(run);
    run->line = 0;
    return status;
}

/* ---- The way through the XML ---- */

static enum nnp_status begin_element(void *context, const char *path, int line)
{
    struct vasprun *run = context;
    run->source.line = line;
    if (strcmp(path, CALCULATION) == 0)
        begin_calculation(run);
    else if (strcmp(path, CALCULATION "/scstep") == 0)
        run->n_iterations += run->n_iterations < INT_MAX;
    else if (strcmp(path, "/modeling/atominfo/atoms/set/rc") == 0)
        run->element_is_next = true;
    return NNP_SUCCESS;
}

static enum nnp_status end_element(void *context, const char *path, const char *text, int line)
{
    static const struct {
        const char *path;
        enum nnp_status (*read)(struct vasprun *run, const char *text);
    } leaves[] = {
        {"/modeling/atominfo/atoms/set/rc/c", read_element},
        {CALCULATION "/structure/crystal/basis/v", read_basis},
        {CALCULATION "/structure/positions/v", read_position},
        {CALCULATION "/forces/v", read_force},
        {CALCULATION "/stress/v", read_stress},
        {CALCULATION "/energy/e_fr_energy", read_energy},
    };
    static const char parameters[] = "/modeling/parameters/", nelm[] = "/NELM";
    struct vasprun *run = context;
    run->source.line = line;
    for (size_t k = 0; k < sizeof leaves / sizeof *leaves; k++)
        if (strcmp(path, leaves[k].path) == 0)
            return leaves[k].read(run, text);
    if (strcmp(path, CALCULATION) == 0)
        return end_calculation(run);
    if (strncmp(path, parameters, sizeof parameters - 1) == 0 &&
        strcmp(strrchr(path, '/'), nelm) == 0)
        return read_max_iterations(run, text);
    return NNP_SUCCESS;
}

static enum nnp_status close_file(struct vasprun *run, bool truncated)
{
    if (run->line > 0)
        leave_out(run, "the last ionic step is incomplete and was left out");
    else if (truncated && run->frames->n > 0) {
        run->line = run->source.line;
        leave_out(run, "the file ends early; what may be missing was left out");
    }
    if (run->frames->n > 0)
        return NNP_SUCCESS;
    return nnp_source_error(&run->source, NNP_ERROR_SYNTAX,
                            "found no complete ionic step, expected <calculation> with forces "
                            "and e_fr_energy%s%s",
                            run->frames->n_left_out > 0 ? "; " : "", run->frames->note);
}

enum nnp_status nnp_vasprun_parse(const struct nnp_format_input *input,
                                  struct nnp_frames *frames, struct nnp_error *error)
{
    struct vasprun run = {
        .source = {input->name, input->text, input->text + input->length, 0, error},
        .frames = frames};
    const struct nnp_xml_handler handler = {&run, begin_element, end_element};
    bool truncated = false;
    enum nnp_status status = nnp_source_check(run.source, "a text (vasprun.xml of VASP)");
    if (!status)
        status = nnp_xml_parse(input->name, input->text, input->length, &handler, &truncated,
                               &run.source.line, error);
    if (!status)
        status = close_file(&run, truncated);
    free(run.atomic_numbers);
    free(run.basis.v);
    free(run.positions.v);
    free(run.forces.v);
    free(run.stress.v);
    return status;
}
