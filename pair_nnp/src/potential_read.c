/* Reader of potential files; the format stands in potentials/README.md. */
#include "potential_read.h"

#include "potential_check.h"
#include "provenance.h"
#include "repulsion_check.h"

#include <string.h>

/* The version comes first, before anything that a newer format may have changed. */
static enum nnp_status read_version(const struct nnp_yaml_node *root, struct nnp_error *error)
{
    int version;
    enum nnp_status status = nnp_yaml_expect(root, NNP_YAML_MAPPING, "potential file", error);
    if (status)
        return status;
    if (nnp_yaml_size(root) == 0 || strcmp(nnp_yaml_text(nnp_yaml_key(root, 0)), "nnp") != 0)
        return nnp_yaml_error(root, error, NNP_ERROR_SYNTAX,
                              "not a potential file, expected 'nnp: %d' (the format version) "
                              "at its start",
                              NNP_POTENTIAL_FORMAT);
    const struct nnp_yaml_node *node = nnp_yaml_value(root, 0);
    status = nnp_yaml_int(node, "format version nnp", &version, error);
    if (status)
        return status;
    if (version > NNP_POTENTIAL_FORMAT)
        return nnp_yaml_error(node, error, NNP_ERROR_VERSION,
                              "the file is format %d, this program reads up to %d", version,
                              NNP_POTENTIAL_FORMAT);
    if (version < 1)
        return nnp_yaml_error(node, error, NNP_ERROR_VALUE,
                              "format version nnp is %d, expected 1 to %d", version,
                              NNP_POTENTIAL_FORMAT);
    return NNP_SUCCESS;
}

/* The last key shows that nothing is cut off. */
static enum nnp_status check_end(const struct nnp_yaml_node *root, struct nnp_error *error)
{
    bool end = false;
    const int last = nnp_yaml_size(root) - 1;
    const struct nnp_yaml_node *key = nnp_yaml_key(root, last);
    if (strcmp(nnp_yaml_text(key), "end") != 0)
        return nnp_yaml_error(key, error, NNP_ERROR_SYNTAX,
                              "the last key is '%.40s', expected 'end: true': the file is not "
                              "whole",
                              nnp_yaml_text(key));
    const struct nnp_yaml_node *value = nnp_yaml_value(root, last);
    const enum nnp_status status = nnp_yaml_bool(value, "end", &end, error);
    if (!status && !end)
        return nnp_yaml_error(value, error, NNP_ERROR_SYNTAX, "end is false, expected true");
    return status;
}

static enum nnp_status read_units(const struct nnp_reader *reader,
                                  const struct nnp_yaml_node *root)
{
    static const char *const keys[] = {"length", "energy", NULL};
    static const char *const lengths[] = {"Angstrom", "Bohr"};
    static const char *const energies[] = {"eV", "Hartree"};
    int length = 0, energy = 0;
    const struct nnp_yaml_node *node;
    enum nnp_status status = nnp_yaml_require(root, "units", &node, reader->error);
    if (!status)
        status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "units", reader->error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, reader->error);
    if (!status)
        status = nnp_read_choice(node, "length", lengths, 2, &length, reader->error);
    if (!status)
        status = nnp_read_choice(node, "energy", energies, 2, &energy, reader->error);
    reader->potential->length_unit = length ? NNP_BOHR : NNP_ANGSTROM;
    reader->potential->energy_unit = energy ? NNP_HARTREE : NNP_EV;
    return status;
}

static enum nnp_status read_element(struct nnp_element *elements, int i,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    static const char *const keys[] = {"symbol", "mass", "energy", NULL};
    const char *word;
    const struct nnp_yaml_node *symbol;
    enum nnp_status status = nnp_yaml_expect(node, NNP_YAML_MAPPING, "element", error);
    if (!status)
        status = nnp_yaml_check_keys(node, keys, error);
    if (!status)
        status = nnp_yaml_require(node, "symbol", &symbol, error);
    if (!status)
        status = nnp_yaml_string(symbol, "symbol", &word, error);
    if (status)
        return status;
    elements[i].atomic_number = nnp_element_from_symbol(word);
    if (!elements[i].atomic_number)
        return nnp_yaml_error(symbol, error, NNP_ERROR_ELEMENT,
                              "symbol is '%.20s', expected that of a chemical element", word);
    status = nnp_read_double(node, "mass", &elements[i].mass, error);
    if (!status)
        status = nnp_read_double(node, "energy", &elements[i].energy, error);
    if (status)
        return status;
    const char *key;
    struct nnp_error detail;
    status = nnp_check_element(elements, i, &key, &detail);
    return status ? nnp_read_refused(node, key, &detail, error) : status;
}

static enum nnp_status read_elements(struct nnp_reader *reader,
                                     const struct nnp_yaml_node *list)
{
    struct nnp_element *elements = reader->potential->elements;
    enum nnp_status status = NNP_SUCCESS;
    for (int i = 0; i < reader->potential->n_elements && !status; i++) {
        status = read_element(elements, i, nnp_yaml_item(list, i), reader->error);
        if (!status) /* ascending, so that there are not more than symbols has room for */
            reader->symbols[i] = nnp_element_symbol(elements[i].atomic_number);
    }
    return status;
}

/* Applies read to every element's part of a section. */
static enum nnp_status read_section(const struct nnp_reader *reader,
                                    const struct nnp_yaml_node *root, const char *key,
                                    enum nnp_status (*read)(const struct nnp_reader *, int,
                                                            const struct nnp_yaml_node *))
{
    const struct nnp_yaml_node *section;
    enum nnp_status status = nnp_yaml_require(root, key, &section, reader->error);
    if (!status)
        status = nnp_read_by_element(reader, section, key);
    for (int i = 0; reader->symbols[i] && !status; i++)
        status = read(reader, i, nnp_yaml_get(section, reader->symbols[i]));
    return status;
}

/* A section that may be missing, and need not name all elements. */
static enum nnp_status read_optional(const struct nnp_reader *reader,
                                     const struct nnp_yaml_node *root, const char *key,
                                     enum nnp_status (*read)(const struct nnp_reader *, int,
                                                             const struct nnp_yaml_node *))
{
    const struct nnp_yaml_node *section = nnp_yaml_get(root, key);
    if (!section)
        return NNP_SUCCESS;
    enum nnp_status status = nnp_yaml_expect(section, NNP_YAML_MAPPING, key, reader->error);
    if (!status)
        status = nnp_yaml_check_keys(section, reader->symbols, reader->error);
    for (int i = 0; reader->symbols[i] && !status; i++) {
        const struct nnp_yaml_node *node = nnp_yaml_get(section, reader->symbols[i]);
        if (node)
            status = read(reader, i, node);
    }
    return status;
}

static enum nnp_status read_networks(const struct nnp_reader *reader,
                                     const struct nnp_yaml_node *list)
{
    enum nnp_status status = NNP_SUCCESS;
    for (int m = 0; m < nnp_yaml_size(list) && !status; m++) {
        const struct nnp_yaml_node *member = nnp_yaml_item(list, m);
        status = nnp_read_by_element(reader, member, "networks of a committee member");
        for (int i = 0; reader->symbols[i] && !status; i++)
            status = nnp_read_network(reader, m, i, nnp_yaml_get(member, reader->symbols[i]));
    }
    return status;
}

static enum nnp_status read_mapping(struct nnp_potential *potential,
                                    const struct nnp_yaml_node *node, struct nnp_error *error)
{
    struct nnp_repulsion_place place;
    struct nnp_error detail;
    enum nnp_status status = nnp_repulsion_read(&potential->repulsion, node, error);
    if (status)
        return status;
    status = nnp_check_repulsion(potential, &place, &detail);
    return status ? nnp_repulsion_refused(node, &place, &detail, error) : status;
}

/* The word none, or a mapping. */
static enum nnp_status read_repulsion(struct nnp_potential *potential,
                                      const struct nnp_yaml_node *root, struct nnp_error *error)
{
    const char *word = "";
    const struct nnp_yaml_node *node;
    enum nnp_status status = nnp_yaml_require(root, "repulsion", &node, error);
    if (status)
        return status;
    if (nnp_yaml_kind(node) == NNP_YAML_MAPPING)
        return read_mapping(potential, node, error);
    if (nnp_yaml_kind(node) == NNP_YAML_SCALAR)
        status = nnp_yaml_string(node, "repulsion", &word, error);
    if (!status && strcmp(word, "none") != 0)
        status = nnp_yaml_error(node, error, NNP_ERROR_UNSUPPORTED,
                                "repulsion is %s%.40s, expected 'none' or {type: zbl, inner: "
                                "..., outer: ...}",
                                *word ? "" : "a list", word);
    return status;
}

static enum nnp_status read_sections(struct nnp_reader *reader,
                                     const struct nnp_yaml_node *root,
                                     const struct nnp_yaml_node *elements,
                                     const struct nnp_yaml_node *networks)
{
    struct nnp_error *error = reader->error;
    const struct nnp_yaml_node *provenance;
    enum nnp_status status = read_units(reader, root);
    if (!status)
        status = nnp_yaml_require(root, "provenance", &provenance, error);
    if (!status)
        status = nnp_provenance_read(&reader->potential->provenance, provenance, error);
    if (!status)
        status = read_elements(reader, elements);
    if (!status)
        status = read_section(reader, root, "symmetry_functions", nnp_read_functions);
    if (!status)
        status = read_optional(reader, root, "species_weights", nnp_read_species_weights);
    if (!status)
        status = read_section(reader, root, "scaling", nnp_read_scaling);
    if (!status)
        status = read_optional(reader, root, "projection", nnp_read_projection);
    if (!status)
        status = read_networks(reader, networks);
    if (!status)
        status = read_repulsion(reader->potential, root, error);
    return status;
}

/* After a failure the caller frees the reader's potential, too. */
static enum nnp_status read_document(struct nnp_reader *reader,
                                     const struct nnp_yaml_node *root)
{
    static const char *const keys[] = {"nnp",
                                       "units",
                                       "provenance",
                                       "elements",
                                       "symmetry_functions",
                                       "species_weights",
                                       "scaling",
                                       "projection",
                                       "networks",
                                       "repulsion",
                                       "end",
                                       NULL};
    struct nnp_error *error = reader->error;
    const struct nnp_yaml_node *elements, *networks;
    enum nnp_status status = read_version(root, error);
    if (!status)
        status = check_end(root, error);
    if (!status)
        status = nnp_yaml_check_keys(root, keys, error);
    if (!status)
        status = nnp_yaml_require(root, "elements", &elements, error);
    if (!status)
        status = nnp_read_list(elements, "elements", error);
    if (!status)
        status = nnp_yaml_require(root, "networks", &networks, error);
    if (!status)
        status = nnp_read_list(networks, "networks", error);
    if (status)
        return status;
    reader->potential = nnp_potential_new(nnp_yaml_size(elements), nnp_yaml_size(networks));
    if (!reader->potential)
        return nnp_read_no_memory(root, error);
    return read_sections(reader, root, elements, networks);
}

enum nnp_status nnp_potential_parse(struct nnp_potential **potential, const char *name,
                                    const char *text, size_t length, struct nnp_error *error)
{
    struct nnp_yaml *document;
    struct nnp_error detail;
    struct nnp_reader reader = {.error = error};
    *potential = NULL;
    enum nnp_status status = nnp_yaml_parse(&document, name, text, length, error);
    if (status)
        return status;
    status = read_document(&reader, nnp_yaml_root(document));
    nnp_yaml_free(document);
    if (!status) {
        status = nnp_potential_check(reader.potential, &detail);
        if (status)
            nnp_error_set(error, status, "%s: %s", name, detail.message);
    }
    if (status) {
        nnp_potential_free(reader.potential);
        return status;
    }
    *potential = reader.potential;
    return NNP_SUCCESS;
}
