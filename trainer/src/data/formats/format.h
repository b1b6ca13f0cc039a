/* The formats of structures that can be read and written. */
#ifndef NNP_FORMAT_H
#define NNP_FORMAT_H

#include "frames.h"
#include "nnp/status.h"
#include "structure.h"
#include "text.h"

#include <stdbool.h>
#include <stddef.h>

/* Units of a file, for formats that have none of their own. */
struct nnp_file_units {
    double length; /* in Angstrom */
    double energy; /* in eV */
};

/* A text in memory, borrowed. */
struct nnp_format_input {
    const char *name; /* of its file, for messages */
    const char *text;
    size_t length;
    struct nnp_file_units units; /* of formats without units; others ignore it */
    int n_types;
    const int *types; /* [n_types], elements of types of atoms, for formats that have such */
};

struct nnp_format {
    const char *name;  /* one word, for options and messages */
    const char *title; /* for lists */

    /* Whether a text, of which the beginning is given, or else a file name looks like it. */
    bool (*recognise)(const char *text, size_t length);
    bool (*recognise_name)(const char *file_name);

    /* All structures of a text, at least one.  The caller frees the frames, also on failure;
     * the message names file and line. */
    enum nnp_status (*parse)(const struct nnp_format_input *input, struct nnp_frames *frames,
                             struct nnp_error *error);

    /* Appends a structure to a text, in Angstrom and eV; NULL where the format is read only.
     * NNP_ERROR_UNSUPPORTED: the format cannot express it, as the message says. */
    enum nnp_status (*append)(struct nnp_text *text, const struct nnp_structure *structure,
                              struct nnp_error *error);

    bool takes_units; /* of the input; others state their own or have fixed ones */
};

/* The k-th format, NULL where there are no more. */
const struct nnp_format *nnp_format_at(int k);

/* The format of a name such as "n2p2", NULL if there is none. */
const struct nnp_format *nnp_format_by_name(const char *name);

/* The format that a file name stands for (folders before it are ignored), NULL if unknown. */
const struct nnp_format *nnp_format_by_file_name(const char *path);

/* The format of a text by its beginning or else by its file name, NULL if neither tells. */
const struct nnp_format *nnp_format_recognise(const char *path, const char *text,
                                              size_t length);

/* A unit by name: Angstrom, bohr; eV, Ha, Ry.  False, with *value as before, if unknown. */
bool nnp_length_unit(const char *name, double *value);
bool nnp_energy_unit(const char *name, double *value);

#endif
