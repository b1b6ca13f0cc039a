/* The table of formats, and how one is told from another. */
#include "format.h"

#include "dump.h"
#include "extxyz.h"
#include "lexer.h"
#include "n2p2.h"
#include "outcar.h"
#include "pwscf.h"
#include "units.h"
#include "vasprun.h"

#include <string.h>
#include <strings.h>

/* Of a text that is looked at to recognise it: calculations print who they are near the top. */
enum { BEGINNING = 65536 };

static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name), end_length = strlen(end);
    return length >= end_length && strcasecmp(name + length - end_length, end) == 0;
}

/* ---- Extended XYZ: the first line is a number ---- */

static bool looks_like_extxyz(const char *text, size_t length)
{
    struct nnp_source source = {"", text, text + length, 0, NULL};
    struct nnp_span line, token;
    int n;
    while (nnp_source_line(&source, &line))
        if (nnp_span_token(&line, &token))
            return nnp_span_to_int(token, &n) && !nnp_span_token(&line, &token);
    return false;
}

static bool is_extxyz_name(const char *name)
{
    return ends_with(name, ".xyz") || ends_with(name, ".extxyz");
}

static enum nnp_status parse_extxyz(const struct nnp_format_input *input,
                                    struct nnp_frames *frames, struct nnp_error *error)
{
    return nnp_extxyz_parse_frames(input->name, input->text, input->length, frames, error);
}

static enum nnp_status append_extxyz(struct nnp_text *text,
                                     const struct nnp_structure *structure,
                                     struct nnp_error *error)
{
    nnp_extxyz_append(text, structure, NULL);
    return text->failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the output")
                        : NNP_SUCCESS;
}

/* ---- n2p2: the first word is begin ---- */

static bool looks_like_n2p2(const char *text, size_t length)
{
    struct nnp_source source = {"", text, text + length, 0, NULL};
    struct nnp_span line, token;
    while (nnp_source_line(&source, &line))
        if (nnp_span_token(&line, &token))
            return nnp_span_equals(token, "begin");
    return false;
}

static bool is_n2p2_name(const char *name)
{
    return ends_with(name, ".data");
}

/* ---- LAMMPS dumps: the first words are ITEM: and one of three ---- */

static bool looks_like_dump(const char *text, size_t length)
{
    struct nnp_source source = {"", text, text + length, 0, NULL};
    struct nnp_span line, token;
    while (nnp_source_line(&source, &line))
        if (nnp_span_token(&line, &token))
            return nnp_span_equals(token, "ITEM:") && nnp_span_token(&line, &token) &&
                   (nnp_span_equals(token, "TIMESTEP") || nnp_span_equals(token, "UNITS") ||
                    nnp_span_equals(token, "TIME"));
    return false;
}

static bool is_dump_name(const char *name)
{
    return ends_with(name, ".lammpstrj") || ends_with(name, ".dump") ||
           strncmp(name, "dump.", 5) == 0;
}

/* ---- Calculations: what they print near the top ---- */

static bool mentions(const char *text, size_t length, const char *string)
{
    struct nnp_span behind;
    return nnp_span_behind((struct nnp_span){text, text + length}, string, &behind);
}

static bool looks_like_outcar(const char *text, size_t length)
{
    return mentions(text, length, " POTCAR: ") || mentions(text, length, "   TITEL  = ");
}

static bool is_outcar_name(const char *name)
{
    return strncasecmp(name, "OUTCAR", 6) == 0 || ends_with(name, ".outcar");
}

static bool looks_like_vasprun(const char *text, size_t length)
{
    return mentions(text, length, "<modeling>");
}

static bool is_vasprun_name(const char *name)
{
    return strncasecmp(name, "vasprun", 7) == 0 && ends_with(name, ".xml");
}

static bool looks_like_pwscf(const char *text, size_t length)
{
    return mentions(text, length, "Program PWSCF");
}

static bool is_pwscf_name(const char *name)
{
    return ends_with(name, ".pwo") || ends_with(name, ".out");
}

/* ---- The table; the first that recognises a text has it ---- */

static const struct nnp_format formats[] = {
    {"n2p2", "n2p2 and RuNNer, input.data", looks_like_n2p2, is_n2p2_name, nnp_n2p2_parse,
     nnp_n2p2_append, true},
    {"extxyz", "extended XYZ", looks_like_extxyz, is_extxyz_name, parse_extxyz, append_extxyz,
     false},
    {"outcar", "VASP, OUTCAR", looks_like_outcar, is_outcar_name, nnp_outcar_parse, NULL,
     false},
    {"vasprun", "VASP, vasprun.xml", looks_like_vasprun, is_vasprun_name, nnp_vasprun_parse,
     NULL, false},
    {"pwscf", "Quantum ESPRESSO, output of pw.x", looks_like_pwscf, is_pwscf_name,
     nnp_pwscf_parse, NULL, false},
    {"dump", "LAMMPS, text dump", looks_like_dump, is_dump_name, nnp_dump_parse, NULL, true},
};
enum { N_FORMATS = sizeof formats / sizeof *formats };

const struct nnp_format *nnp_format_at(int k)
{
    return k >= 0 && k < N_FORMATS ? &formats[k] : NULL;
}

const struct nnp_format *nnp_format_by_name(const char *name)
{
    for (int k = 0; k < N_FORMATS; k++)
        if (strcmp(formats[k].name, name) == 0)
            return &formats[k];
    return NULL;
}

const struct nnp_format *nnp_format_by_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    for (int k = 0; k < N_FORMATS; k++)
        if (formats[k].recognise_name(name))
            return &formats[k];
    return NULL;
}

const struct nnp_format *nnp_format_recognise(const char *path, const char *text, size_t length)
{
    size_t beginning = length < BEGINNING ? length : BEGINNING;
    /* A program may hold any words, but is no text. */
    bool is_text = !memchr(text, '\0', beginning);
    for (int k = 0; k < N_FORMATS && is_text; k++)
        if (formats[k].recognise(text, beginning))
            return &formats[k];
    return nnp_format_by_file_name(path);
}

/* ---- Units ---- */

struct unit {
    const char *name;
    double value;
};

static bool find_unit(const struct unit *units, const char *name, double *value)
{
    for (; units->name; units++)
        if (strcasecmp(units->name, name) == 0) {
            *value = units->value;
            return true;
        }
    return false;
}

bool nnp_length_unit(const char *name, double *value)
{
    static const struct unit units[] = {{"Angstrom", 1.0}, {"bohr", NNP_BOHR}, {NULL, 0.0}};
    return find_unit(units, name, value);
}

bool nnp_energy_unit(const char *name, double *value)
{
    static const struct unit units[] = {
        {"eV", 1.0}, {"Ha", NNP_HARTREE}, {"Ry", NNP_RYDBERG}, {NULL, 0.0}};
    return find_unit(units, name, value);
}
