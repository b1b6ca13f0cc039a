/* Reading of data and configurations while the k-th allocation fails, for every k: the status
 * says so, and nothing is lost or freed twice (which the sanitizers see). */
#include "allocations.h"
#include "config.h"
#include "dataset.h"
#include "extxyz.h"
#include "temporary.h"
#include "thermo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static enum nnp_status read_frames(void)
{
    static const char text[] =
        "1\nLattice=\"2 0 0 0 2 0 0 0 2\" Properties=species:S:1:pos:R:3:forces:R:3 "
        "energy=-1 config_type=a note=\"b\" other=c\nLi 0 0 0 0 0 0\n1\n\nAu 0 0 0\n";
    struct nnp_structure *structures;
    int n;
    enum nnp_status status =
        nnp_extxyz_parse("f.xyz", text, sizeof text - 1, &structures, &n, NULL);
    for (int i = 0; i < n; i++)
        nnp_structure_free(&structures[i]);
    free(structures);
    return status;
}

static enum nnp_status read_config(void)
{
    static const char text[] =
        "title: t\n"
        "data: {files: [a, {file: b, types: [Li], thermo: t, config_type: c, weights: {energy: "
        "1}}],\n"
        "  test_files: d, weights: {c: {forces: 2}}, test_key: k=v, leave_out: [c, e]}\n"
        "elements: [Li, Au]\n"
        "reference_energies: {Li: 1, Au: 2}\n"
        "symmetry_functions:\n"
        "  cutoff: {radius: 6}\n"
        "  radial: [{eta: [1, 2]}, {n: 3}]\n"
        "  angular: [{type: wide, eta: 0, zeta: 1, neighbors: [[Li, Au]]}]\n"
        "network: {Li: {hidden: [3]}, Au: {hidden: [2, 2], activation: [tanh, cos]}}\n"
        "stages: [{energy: 1}, {name: two, forces: 1}]\n"
        "output: {potential: p.nnp, learning_curve: c.csv}\n";
    struct nnp_config *config;
    enum nnp_status status =
        nnp_config_parse(&config, "folder/c.yaml", text, sizeof text - 1, NULL);
    nnp_config_free(config);
    return status;
}

static enum nnp_status read_config_text(const char *text)
{
    struct nnp_config *config;
    enum nnp_status status = nnp_config_parse(&config, "c.yaml", text, strlen(text), NULL);
    nnp_config_free(config);
    return status;
}

/* Repulsions of two potentials and of the key. */
static enum nnp_status read_config_of_given(void)
{
    return read_config_text(
        "data: {files: li.extxyz}\nelements: [Li, Si]\noutput: {potential: p.nnp}\n"
        "initial: [Si.nnp, Li.nnp]\nsymmetry_functions: {cutoff: {radius: 6}, auto: true}\n"
        "repulsion: {type: zbl, pairs: [{elements: [Si, Li], inner: 1, outer: 2}]}\n");
}

/* Functions that sum over all elements, and their weights. */
static enum nnp_status read_config_of_chebyshev(void)
{
    return read_config_text(
        "data: {files: li.extxyz}\nelements: [O, Ti]\noutput: {potential: p.nnp}\n"
        "initial: OTi.nnp\nsymmetry_functions:\n"
        "  chebyshev: {radial: 6, angular: 4, cutoff: {radius: 5.5},\n"
        "    angular_cutoff: {radius: 4.2}, species_weights: {O: -1, Ti: 1}}\n");
}

static enum nnp_status read_sample(const char *path)
{
    struct nnp_dataset dataset = {0};
    enum nnp_status status = nnp_dataset_read(&dataset, path, NULL, NULL);
    assert_true(status || dataset.n_structures > 0);
    nnp_dataset_free(&dataset);
    return status;
}

static enum nnp_status read_n2p2(void)
{
    return read_sample(NNP_TEST_DATA "/formats/input.data");
}

static enum nnp_status read_outcar(void)
{
    return read_sample(NNP_TEST_DATA "/formats/OUTCAR");
}

static enum nnp_status read_vasprun(void)
{
    return read_sample(NNP_TEST_DATA "/formats/vasprun.xml");
}

static enum nnp_status read_pwscf(void)
{
    return read_sample(NNP_TEST_DATA "/formats/relax.pwo");
}

static enum nnp_status read_dump(void)
{
    return read_sample(NNP_TEST_DATA "/formats/run.lammpstrj");
}

static enum nnp_status read_log(void)
{
    static const char text[] = "Step PotEng\n0 1\n1 1\n2 1\n3 1\n";
    struct nnp_thermo thermo;
    enum nnp_status status = nnp_thermo_parse(&thermo, "log", text, sizeof text - 1, 1.0, NULL);
    nnp_thermo_free(&thermo);
    return status;
}

static void assert_survives(enum nnp_status (*read)(void))
{
    enum nnp_status status = NNP_ERROR_MEMORY;
    long k = 0;
    for (; status; k++) {
        test_allocations.left = k;
        status = read();
        test_allocations.left = -1;
        assert_true(status == NNP_SUCCESS || status == NNP_ERROR_MEMORY);
    }
    assert_true(k > (read == read_log ? 3 : 10));
}

static void test_extxyz(void **state)
{
    (void)state;
    assert_survives(read_frames);
}

static void test_config(void **state)
{
    (void)state;
    assert_survives(read_config);
}

/* From aenet's, as other codes' files may look damaged where memory fails. */
static void make_potential(const char *file, const char *from, int atomic_number)
{
    struct nnp_potential *potential;
    assert_int_equal(nnp_potential_read(&potential, from, NULL), NNP_SUCCESS);
    if (atomic_number) {
        potential->elements[0].atomic_number = atomic_number;
        potential->repulsion = (struct nnp_repulsion){NNP_REPULSION_ZBL, 1, 2, 0, 0, 0, NULL};
    }
    assert_int_equal(nnp_potential_write(potential, file, NULL), NNP_SUCCESS);
    nnp_potential_free(potential);
}

static void test_config_of_given(void **state)
{
    (void)state;
    make_potential("Si.nnp", NNP_TEST_DATA "/aenet/chebyshev-1", 14);
    make_potential("Li.nnp", NNP_TEST_DATA "/aenet/chebyshev-1", 3);
    make_potential("OTi.nnp", NNP_TEST_DATA "/aenet/chebyshev-2", 0);
    assert_survives(read_config_of_given);
    assert_survives(read_config_of_chebyshev);
    remove("Si.nnp");
    remove("Li.nnp");
    remove("OTi.nnp");
}

static void test_formats(void **state)
{
    (void)state;
    assert_survives(read_n2p2);
    assert_survives(read_outcar);
    assert_survives(read_vasprun);
    assert_survives(read_pwscf);
    assert_survives(read_dump);
    assert_survives(read_log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_extxyz),
        cmocka_unit_test(test_config),
        cmocka_unit_test(test_config_of_given),
        cmocka_unit_test(test_formats),
    };
    return cmocka_run_group_tests_name("data_memory", tests, nnp_temporary_enter,
                                       nnp_temporary_leave);
}
