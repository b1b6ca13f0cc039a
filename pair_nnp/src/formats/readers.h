/* The readers of other codes' potentials.
 *
 * recognise: whether a source has this format, from its content; it may be any bytes.
 * read: sets *potential, which the caller checks as a whole, and frees also after a failure. */
#ifndef NNP_FORMATS_READERS_H
#define NNP_FORMATS_READERS_H

#include "formats/source.h"
#include "nnp/formats.h"

struct nnp_potential_reader {
    struct nnp_potential_kind kind;
    bool (*recognise)(const struct nnp_source *source);
    enum nnp_status (*read)(struct nnp_potential **potential, const struct nnp_source *source,
                            const struct nnp_import_units *units, struct nnp_error *error);
};

bool nnp_n2p2_recognise(const struct nnp_source *source);
enum nnp_status nnp_n2p2_read(struct nnp_potential **potential, const struct nnp_source *source,
                              const struct nnp_import_units *units,
                              struct nnp_error *error) NNP_MUST_CHECK;

bool nnp_maise_recognise(const struct nnp_source *source);
enum nnp_status nnp_maise_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units,
                               struct nnp_error *error) NNP_MUST_CHECK;

bool nnp_simple_nn_recognise(const struct nnp_source *source);
enum nnp_status nnp_simple_nn_read(struct nnp_potential **potential,
                                   const struct nnp_source *source,
                                   const struct nnp_import_units *units,
                                   struct nnp_error *error) NNP_MUST_CHECK;

bool nnp_hdnnp_recognise(const struct nnp_source *source);
enum nnp_status nnp_hdnnp_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units,
                               struct nnp_error *error) NNP_MUST_CHECK;

bool nnp_aenet_recognise(const struct nnp_source *source);
enum nnp_status nnp_aenet_read(struct nnp_potential **potential,
                               const struct nnp_source *source,
                               const struct nnp_import_units *units,
                               struct nnp_error *error) NNP_MUST_CHECK;

/* Reads a source in whichever format it is recognised as; *kind may be set after a failure. */
enum nnp_status nnp_source_read(struct nnp_potential **potential,
                                const struct nnp_source *source,
                                const struct nnp_import_units *units,
                                const struct nnp_potential_kind **kind,
                                struct nnp_error *error) NNP_MUST_CHECK;

/* An error that says what a source looks like that is in no format, and what was expected. */
enum nnp_status nnp_source_unknown(const struct nnp_source *source, struct nnp_error *error);

#endif
