/* Formats of potentials: the project's own and those of other codes.  A file or folder is
 * recognised by what it holds, never by its name.  All are read to the same struct
 * nnp_potential, so that they run, are shown and are converted alike. */
#ifndef NNP_FORMATS_H
#define NNP_FORMATS_H

#include "nnp/export.h"
#include "nnp/potential.h"

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

struct nnp_potential_kind {
    const char *name;  /* "nnp", "n2p2", "maise", ... */
    const char *title; /* one line: which code, which files */
    int writable;      /* nnp_potential_write, nnp_potential_write_n2p2 */
};

/* The k-th format, NULL beyond the last. */
const struct nnp_potential_kind *nnp_potential_kind_at(int k);

/* The format of a file or folder; NULL: none of them, or it cannot be read. */
const struct nnp_potential_kind *nnp_potential_recognise(const char *path);

/* Units of numbers in formats that state none (n2p2). */
struct nnp_import_units {
    enum nnp_length_unit length;
    enum nnp_energy_unit energy;
};

/* Reads a potential in any format and checks it whole.
 *   units  NULL: Angstrom and eV
 *   kind   set to its format, or NULL where not wanted
 * On failure *potential is NULL; NNP_ERROR_SYNTAX where no format is recognised, with what the
 * file looks like; NNP_ERROR_UNSUPPORTED for what the format can say and the library not do. */
enum nnp_status nnp_potential_import(struct nnp_potential **potential, const char *path,
                                     const struct nnp_import_units *units,
                                     const struct nnp_potential_kind **kind,
                                     struct nnp_error *error) NNP_MUST_CHECK;

/* A potential of any format as the text of a potential file, for nnp_potential_parse: of a
 * file of the project's own the text that it holds, of others what they convert to.  The
 * caller frees *text. */
enum nnp_status nnp_potential_text(const char *path, char **text, size_t *length,
                                   struct nnp_error *error) NNP_MUST_CHECK;

/* Writes input.nn, scaling.data and weights.ZZZ.data into a folder, which is made if it does
 * not exist and must be empty otherwise.  NNP_ERROR_UNSUPPORTED where the format cannot express
 * the potential, with the reason; nothing is written then. */
enum nnp_status nnp_potential_write_n2p2(const struct nnp_potential *potential,
                                         const char *folder,
                                         struct nnp_error *error) NNP_MUST_CHECK;

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
