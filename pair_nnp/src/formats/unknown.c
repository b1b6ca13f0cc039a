/* What a file looks like that is no potential in any format. */
#include "formats/readers.h"
#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Marks of files that are met in the place of a potential, within their first bytes. */
static const struct {
    const char *mark, *what;
    bool at_start;
} marks[] = {
    {"\177ELF", "a program or library", true},
    {"\211HDF", "an HDF5 file", true},
    {"data.pkl", "an archive of PyTorch (a model of MACE, NequIP or the like)", false},
    {"PK\003\004", "a zip archive", true},
    {"\037\213", "a file compressed with gzip, which has to be unpacked first", true},
    {"\004\000\000\000",
     "a file of Fortran's records, which is no network of aenet or not whole", true},
    {"\211PNG", "a picture (PNG)", true},
    {"\377\330\377", "a picture (JPEG)", true},
    {"%PDF", "a PDF document", true},
    {"SQLite format 3", "an SQLite database", true},
    {"\223NUMPY", "an array of NumPy", true},
    {"\200\002", "a Python pickle", true},
    {"\200\004", "a Python pickle", true},
    {"descrpt_attr", "a model of DeePMD-kit", false},
    {"MTP\n", "a moment tensor potential (MLIP)", true},
    {"CONTRIBUTOR:", "a potential file of another pair style of LAMMPS", false},
    {"Gupta potential", "a Gupta potential of MAISE, which has no neural network", false},
    {"<?xml", "an XML file", true},
    {"begin\n", "structures in the format of n2p2 (input.data)", true},
    {"global_nodes_short", "n2p2's input.nn; the potential is the folder that holds it", false},
    {"symfunction_short", "n2p2's input.nn; the potential is the folder that holds it", false},
    {"Neural network connection values", "n2p2's weights; the potential is their folder",
     false},
    {"Symmetry function scaling data", "n2p2's scaling.data; the potential is its folder",
     false},
    {"Lattice=", "structures in extended XYZ", false},
    {"Properties=", "structures in extended XYZ", false},
    {"ITEM: TIMESTEP", "a LAMMPS dump", true},
    {"atom types", "a LAMMPS data file", false},
    {"pair_style", "a LAMMPS input", false},
    {"symmetry_functions:", "YAML without 'nnp: 1' at its start", false},
};

enum { LOOK_AT = 4096, EXCERPT = 40 };

static bool contains(const char *text, size_t length, const char *mark)
{
    const size_t n = strlen(mark);
    for (size_t i = 0; n <= length && i <= length - n; i++)
        if (memcmp(text + i, mark, n) == 0)
            return true;
    return false;
}

/* The text's first line, without what a message cannot show. */
static void excerpt(const char *text, size_t length, char out[EXCERPT + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < length && n < EXCERPT && (n == 0 || text[i] != '\n'); i++)
        if (isprint((unsigned char)text[i]) && (n > 0 || text[i] != ' '))
            out[n++] = text[i];
    out[n] = '\0';
}

static enum nnp_status refuse(const struct nnp_source *source, const char *looks,
                              struct nnp_error *error)
{
    return nnp_error_set(
        error, NNP_ERROR_SYNTAX,
        "%s is no potential in a known format: it looks like %s; expected a .nnp file (which "
        "starts with 'nnp: 1'), a folder of n2p2 or RuNNer (input.nn, scaling.data, "
        "weights.ZZZ.data), a model of MAISE ('neural network general information'), "
        "SIMPLE-NN's potential_saved ('ELEM_LIST', 'POT'), a file of HDNNP-LAMMPS ('type2', "
        "'type4'), or a folder of aenet's networks",
        source->path, looks);
}

static const char *folder_looks(const struct nnp_source *source)
{
    if (source->n == 0)
        return "an empty folder";
    for (int k = 0; k < source->n; k++) {
        const char *name = source->texts[k].name;
        if (strncmp(name, "weights.", 8) == 0 || strcmp(name, "scaling.data") == 0)
            return "a folder of n2p2 or RuNNer without input.nn";
        if (strcmp(name, "kimspec.edn") == 0)
            return "a model of OpenKIM";
    }
    return "a folder without input.nn";
}

enum nnp_status nnp_source_unknown(const struct nnp_source *source, struct nnp_error *error)
{
    char words[EXCERPT + 40] = "a text that starts with '", first[EXCERPT + 1];
    if (source->is_folder)
        return refuse(source, folder_looks(source), error);
    const char *text = source->texts[0].text;
    const size_t length = source->texts[0].length;
    const size_t head = length < LOOK_AT ? length : LOOK_AT;
    if (length == 0)
        return refuse(source, "an empty file", error);
    for (size_t k = 0; k < sizeof marks / sizeof *marks; k++) {
        const size_t n = strlen(marks[k].mark);
        if (marks[k].at_start ? length >= n && memcmp(text, marks[k].mark, n) == 0
                              : contains(text, head, marks[k].mark))
            return refuse(source, marks[k].what, error);
    }
    if (memchr(text, '\0', head))
        return refuse(source, "a binary file", error);
    excerpt(text, head, first);
    strcat(strcat(words, first), "'");
    return refuse(source, words, error);
}
