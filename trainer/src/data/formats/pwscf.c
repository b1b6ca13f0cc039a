/* Quantum ESPRESSO's pw.x: the steps. */
#include "pwscf.h"

#include "pwscf_parts.h"
#include "units.h"

#include <stdlib.h>
#include <string.h>

/* A step is open from its electronic iterations to the next geometry, or the end of the file.
 */
struct pwscf {
    struct nnp_source source;
    struct nnp_frames *frames;
    struct nnp_pwscf_geometry geometry;

    int step_line; /* where the open step begins, 0: none is open */
    bool cut;      /* the text ends in the middle of its results */
    bool has_energy, has_forces, has_stress;
    double energy, stress[6];
    double *forces; /* [n_atoms][3], owned; of the open step if has_forces */
};

static enum nnp_status out_of_memory(const struct pwscf *run)
{
    return nnp_source_error(&run->source, NNP_ERROR_MEMORY, "out of memory");
}

static enum nnp_status too_large(const struct pwscf *run)
{
    return nnp_source_error(&run->source, NNP_ERROR_VALUE,
                            "found numbers that are too large in eV and Angstrom");
}

static enum nnp_status fill_structure(struct pwscf *run, struct nnp_structure *structure)
{
    const struct nnp_pwscf_geometry *geometry = &run->geometry;
    size_t n = (size_t)geometry->n_atoms;
    structure->file = strdup(run->source.name);
    structure->line = run->step_line;
    if (!structure->file ||
        !nnp_structure_allocate(structure, geometry->n_atoms, run->has_forces))
        return out_of_memory(run);
    structure->cell = geometry->cell;
    memcpy(structure->atomic_numbers, geometry->atomic_numbers,
           n * sizeof *geometry->atomic_numbers);
    memcpy(structure->positions, geometry->positions, n * 3 * sizeof *geometry->positions);
    if (run->has_forces)
        memcpy(structure->forces, run->forces, n * 3 * sizeof *run->forces);
    structure->has_energy = true;
    structure->energy = run->energy;
    structure->has_stress = run->has_stress;
    if (run->has_stress)
        memcpy(structure->stress, run->stress, sizeof structure->stress);
    return nnp_structure_is_finite(structure) ? NNP_SUCCESS : too_large(run);
}

/* Ends the open step, if there is one: a structure, or left out. */
static enum nnp_status close_step(struct pwscf *run)
{
    enum nnp_status status = NNP_SUCCESS;
    bool complete = run->has_energy && !run->cut;
    if (run->step_line > 0 && !complete)
        nnp_frames_leave_out(run->frames, run->source.name, run->step_line,
                             run->has_energy ? "a step whose results are cut off was left out"
                                             : "a step without converged energy was left out");
    if (run->step_line > 0 && complete) {
        struct nnp_structure *structure = nnp_frames_add(run->frames);
        status = structure ? fill_structure(run, structure) : out_of_memory(run);
    }
    run->step_line = 0;
    run->has_energy = run->has_forces = run->has_stress = false;
    return status;
}

/* ---- Lines ---- */

static enum nnp_status read_alat(struct pwscf *run, struct nnp_span line)
{
    double alat;
    if (nnp_pwscf_number(line, "=", &alat))
        run->geometry.alat = alat * NNP_BOHR;
    return NNP_SUCCESS;
}

static enum nnp_status read_n_atoms(struct pwscf *run, struct nnp_span line)
{
    double alat = run->geometry.alat; /* is printed before, and kept */
    enum nnp_status status = close_step(run);
    if (!status)
        status = nnp_pwscf_read_n_atoms(&run->source, line, &run->geometry);
    run->geometry.alat = alat;
    free(run->forces);
    run->forces = NULL;
    return status;
}

static enum nnp_status read_axes(struct pwscf *run, struct nnp_span line)
{
    bool whole = true;
    (void)line;
    enum nnp_status status = close_step(run);
    return status ? status : nnp_pwscf_read_axes(&run->source, &run->geometry, &whole);
}

static enum nnp_status read_sites(struct pwscf *run, struct nnp_span line)
{
    bool whole = true;
    struct nnp_span behind;
    if (!nnp_span_behind(line, "positions (alat units)", &behind) &&
        !nnp_span_behind(line, "positions (a_0 units)", &behind))
        return NNP_SUCCESS;
    enum nnp_status status = close_step(run);
    return status ? status : nnp_pwscf_read_sites(&run->source, &run->geometry, &whole);
}

static enum nnp_status read_cell_card(struct pwscf *run, struct nnp_span line)
{
    bool whole = true;
    enum nnp_status status = close_step(run);
    return status ? status
                  : nnp_pwscf_read_cell_card(&run->source, line, &run->geometry, &whole);
}

static enum nnp_status read_positions_card(struct pwscf *run, struct nnp_span line)
{
    bool whole = true;
    enum nnp_status status = close_step(run);
    return status ? status
                  : nnp_pwscf_read_positions_card(&run->source, line, &run->geometry, &whole);
}

static enum nnp_status begin_iterations(struct pwscf *run, struct nnp_span line)
{
    (void)line;
    enum nnp_status status = run->has_forces ? close_step(run) : NNP_SUCCESS;
    run->has_energy = false; /* exact exchange goes round again before there are forces */
    if (run->step_line == 0)
        run->step_line = run->source.line;
    return status;
}

/* "!    total energy              =     -15.79448874 Ry" */
static enum nnp_status read_energy(struct pwscf *run, struct nnp_span line)
{
    double energy;
    struct nnp_span behind;
    if (!nnp_span_behind(line, "total energy", &behind))
        return NNP_SUCCESS;
    if (!nnp_pwscf_number(line, "=", &energy))
        return nnp_source_error(&run->source, NNP_ERROR_SYNTAX,
                                "found '%s' as total energy, expected '=' and a finite number",
                                nnp_span_excerpt(line).text);
    if (!run->geometry.has_cell || !run->geometry.has_atoms || run->geometry.n_atoms == 0)
        return nnp_source_error(&run->source, NNP_ERROR_SYNTAX,
                                "found a total energy, expected 'number of atoms/cell', "
                                "'crystal axes' and 'site n.' before");
    enum nnp_status status = begin_iterations(run, line);
    run->has_energy = true;
    run->energy = energy * NNP_RYDBERG;
    return status;
}

/* "     atom    1 type  1   force =     0.00000000    0.00000000    0.00000000" */
static enum nnp_status read_forces(struct pwscf *run, struct nnp_span line)
{
    if (!run->has_energy || run->has_forces)
        return NNP_SUCCESS;
    if (!run->forces)
        run->forces = calloc((size_t)run->geometry.n_atoms, 3 * sizeof *run->forces);
    if (!run->forces)
        return out_of_memory(run);
    for (int i = 0; i < run->geometry.n_atoms;) {
        struct nnp_span behind, token;
        double *force = &run->forces[3 * (size_t)i];
        run->cut = !nnp_pwscf_line(&run->source, &line);
        if (run->cut)
            return NNP_SUCCESS;
        if (!nnp_span_behind(line, "force =", &behind)) {
            if (!nnp_span_token(&line, &token))
                continue; /* blank lines below the heading */
            return nnp_source_error(&run->source, NNP_ERROR_SYNTAX,
                                    "found '%s', expected 'force =' of atom %d of %d",
                                    nnp_span_excerpt(token).text, i + 1, run->geometry.n_atoms);
        }
        enum nnp_status status = nnp_source_vector(&run->source, &behind, "force", force);
        if (status)
            return status;
        for (int x = 0; x < 3; x++)
            force[x] *= NNP_RYDBERG / NNP_BOHR;
        i++;
    }
    run->has_forces = true;
    return NNP_SUCCESS;
}

/* Three lines of a row in Ry/bohr^3 and the same in kbar. */
static enum nnp_status read_stress(struct pwscf *run, struct nnp_span line)
{
    static const int row[6] = {0, 1, 2, 0, 0, 1}, column[6] = {0, 1, 2, 1, 2, 2};
    const double unit = NNP_RYDBERG / (NNP_BOHR * NNP_BOHR * NNP_BOHR);
    double pressure[3][3];
    if (!run->has_energy)
        return NNP_SUCCESS;
    for (int a = 0; a < 3; a++) {
        run->cut = !nnp_pwscf_line(&run->source, &line);
        if (run->cut)
            return NNP_SUCCESS;
        enum nnp_status status = nnp_source_vector(&run->source, &line, "stress", pressure[a]);
        if (status)
            return status;
    }
    for (int c = 0; c < 6; c++)
        run->stress[c] =
            -unit * (0.5 * pressure[row[c]][column[c]] + 0.5 * pressure[column[c]][row[c]]);
    run->has_stress = true;
    return NNP_SUCCESS;
}

static enum nnp_status read_line(struct pwscf *run, struct nnp_span line)
{
    static const struct {
        const char *begin;
        enum nnp_status (*read)(struct pwscf *run, struct nnp_span line);
    } lines[] = {
        {"iteration #", begin_iterations},
        {"convergence NOT achieved", begin_iterations},
        {"!", read_energy},
        {"Forces acting on atoms", read_forces},
        {"total   stress  (Ry/bohr**3)", read_stress},
        {"ATOMIC_POSITIONS", read_positions_card},
        {"CELL_PARAMETERS", read_cell_card},
        {"crystal axes:", read_axes},
        {"site n.", read_sites},
        {"celldm(1)=", read_alat},
        {"lattice parameter (", read_alat},
        {"number of atoms/cell", read_n_atoms},
    };
    while (line.begin < line.end && (*line.begin == ' ' || *line.begin == '\t'))
        line.begin++;
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++)
        if (nnp_span_begins(line, lines[k].begin))
            return lines[k].read(run, line);
    return NNP_SUCCESS;
}

enum nnp_status nnp_pwscf_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                                struct nnp_error *error)
{
    struct pwscf run = {
        .source = {input->name, input->text, input->text + input->length, 0, error},
        .frames = frames};
    struct nnp_span line;
    enum nnp_status status = nnp_source_check(run.source, "a text (output of pw.x)");
    while (!status && nnp_pwscf_line(&run.source, &line))
        status = read_line(&run, line);
    if (!status)
        status = close_step(&run);
    if (!status && frames->n == 0)
        status = nnp_source_error(&run.source, NNP_ERROR_SYNTAX,
                                  "found no complete step, expected '!    total energy'%s%s",
                                  frames->n_left_out > 0 ? "; " : "", frames->note);
    nnp_pwscf_geometry_free(&run.geometry);
    free(run.forces);
    return status;
}
