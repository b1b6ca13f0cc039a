/* Formats of potentials: recognising and reading. */
#include "nnp/formats.h"

#include "formats/readers.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

/* The first words of a file of the project's own are "nnp:", behind comments. */
static bool is_own(const struct nnp_source *source)
{
    if (source->is_folder || source->n != 1)
        return false;
    const char *c = source->texts[0].text;
    for (;;) {
        c += strspn(c, " \t\r\n");
        if (strncmp(c, "---", 3) == 0)
            c += 3;
        else if (*c == '#' || *c == '%')
            c += strcspn(c, "\n");
        else
            break;
    }
    const char quote = *c == '"' || *c == '\'' ? *c++ : '\0';
    c += *c == '{';
    if (strncmp(c, "nnp", 3) != 0)
        return false;
    c += 3 + (quote && c[3] == quote);
    return c[strspn(c, " ")] == ':';
}

static enum nnp_status read_own(struct nnp_potential **potential,
                                const struct nnp_source *source,
                                const struct nnp_import_units *units, struct nnp_error *error)
{
    (void)units;
    const struct nnp_source_text *text = &source->texts[0];
    return nnp_potential_parse(potential, text->path, text->text, text->length, error);
}

static const struct nnp_potential_reader readers[] = {
    {{"nnp", "potential file of this project (.nnp)", 1}, is_own, read_own},
    {{"n2p2", "n2p2 and RuNNer, a folder with input.nn, scaling.data, weights.ZZZ.data", 1},
     nnp_n2p2_recognise,
     nnp_n2p2_read},
    {{"maise", "MAISE, model file of 1 to 3 species", 0}, nnp_maise_recognise, nnp_maise_read},
    {{"simple-nn", "SIMPLE-NN, potential_saved", 0},
     nnp_simple_nn_recognise,
     nnp_simple_nn_read},
    {{"hdnnp", "HDNNP-LAMMPS, text file", 0}, nnp_hdnnp_recognise, nnp_hdnnp_read},
    {{"aenet", "aenet, network file, or a folder with one per element", 0},
     nnp_aenet_recognise,
     nnp_aenet_read},
};

enum { N_READERS = sizeof readers / sizeof *readers };

const struct nnp_potential_kind *nnp_potential_kind_at(int k)
{
    return k >= 0 && k < N_READERS ? &readers[k].kind : NULL;
}

static const struct nnp_potential_reader *find_reader(const struct nnp_source *source)
{
    for (int k = 0; k < N_READERS; k++)
        if (readers[k].recognise(source))
            return &readers[k];
    return NULL;
}

const struct nnp_potential_kind *nnp_potential_recognise(const char *path)
{
    struct nnp_source source;
    const struct nnp_potential_reader *reader = NULL;
    if (!nnp_source_open(&source, path, NULL))
        reader = find_reader(&source);
    nnp_source_close(&source);
    return reader ? &reader->kind : NULL;
}

enum nnp_status nnp_source_read(struct nnp_potential **potential,
                                const struct nnp_source *source,
                                const struct nnp_import_units *units,
                                const struct nnp_potential_kind **kind, struct nnp_error *error)
{
    static const struct nnp_import_units usual = {NNP_ANGSTROM, NNP_EV};
    const struct nnp_potential_reader *reader = find_reader(source);
    struct nnp_error detail;
    *potential = NULL;
    if (kind)
        *kind = reader ? &reader->kind : NULL;
    if (!reader)
        return nnp_source_unknown(source, error);
    enum nnp_status status = reader->read(potential, source, units ? units : &usual, error);
    if (!status && reader->read != read_own) {
        status = nnp_potential_check(*potential, &detail);
        if (status)
            nnp_error_set(error, status, "%s: %s", source->path, detail.message);
    }
    if (status) {
        nnp_potential_free(*potential);
        *potential = NULL;
    }
    return status;
}

enum nnp_status nnp_potential_import(struct nnp_potential **potential, const char *path,
                                     const struct nnp_import_units *units,
                                     const struct nnp_potential_kind **kind,
                                     struct nnp_error *error)
{
    struct nnp_source source;
    *potential = NULL;
    enum nnp_status status = nnp_source_open(&source, path, error);
    if (!status)
        status = nnp_source_read(potential, &source, units, kind, error);
    nnp_source_close(&source);
    return status;
}

enum nnp_status nnp_potential_read(struct nnp_potential **potential, const char *path,
                                   struct nnp_error *error)
{
    return nnp_potential_import(potential, path, NULL, NULL, error);
}

enum nnp_status nnp_potential_text(const char *path, char **text, size_t *length,
                                   struct nnp_error *error)
{
    struct nnp_source source;
    struct nnp_potential *potential = NULL;
    *text = NULL;
    *length = 0;
    enum nnp_status status = nnp_source_open(&source, path, error);
    if (!status && is_own(&source)) {
        *text = source.texts[0].text;
        *length = source.texts[0].length;
        source.texts[0].text = NULL;
    } else if (!status) {
        status = nnp_source_read(&potential, &source, NULL, NULL, error);
        if (!status)
            status = nnp_potential_format(potential, text, error);
        if (!status)
            *length = strlen(*text);
    }
    nnp_potential_free(potential);
    nnp_source_close(&source);
    return status;
}
