/* Writing of n2p2's input.data, in Angstrom and eV. */
#include "n2p2.h"

#include "nnp/element.h"

#include <string.h>

static enum nnp_status refuse(const struct nnp_structure *structure, const char *what,
                              struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                         "%s:%d: found a structure %s, which n2p2's format cannot express",
                         structure->file ? structure->file : "(no file)", structure->line,
                         what);
}

static void append_vector(struct nnp_text *text, const double vector[3])
{
    for (int x = 0; x < 3; x++) {
        nnp_text_append(text, " ");
        nnp_text_append_double(text, vector[x]);
    }
}

/* "begin", with set=... where info begins with that; returns the rest of info. */
static const char *append_begin(struct nnp_text *text, const char *info)
{
    size_t length = strncmp(info, "set=", 4) == 0 ? strcspn(info, " ") : 0;
    nnp_text_append(text, "begin%s%.*s\n", length > 0 ? " " : "", (int)length, info);
    return info + length + strspn(info + length, " ");
}

/* info as it is, but for comment="..." of the reader, of which the words are written. */
static void append_comment(struct nnp_text *text, const struct nnp_structure *structure,
                           const char *info)
{
    static const char begin[] = "comment=\"";
    bool quoted = strncmp(info, begin, sizeof begin - 1) == 0;
    if (structure->group)
        nnp_text_append(text, "comment config_type=%s\n", structure->group);
    if (!*info)
        return;
    nnp_text_append(text, "comment ");
    for (const char *c = quoted ? info + sizeof begin - 1 : info; *c; c++) {
        if (quoted && *c == '"' && c[1] == '\0')
            break;
        if (quoted && *c == '\\' && c[1])
            c++;
        nnp_text_append(text, "%c", *c);
    }
    nnp_text_append(text, "\n");
}

static void append_atom(struct nnp_text *text, const struct nnp_structure *structure, size_t i)
{
    nnp_text_append(text, "atom");
    append_vector(text, &structure->positions[3 * i]);
    nnp_text_append(text, " %s 0.0 0.0", nnp_element_symbol(structure->atomic_numbers[i]));
    append_vector(text, &structure->forces[3 * i]);
    nnp_text_append(text, "\n");
}

enum nnp_status nnp_n2p2_append(struct nnp_text *text, const struct nnp_structure *structure,
                                struct nnp_error *error)
{
    const bool *periodic = structure->cell.periodic;
    if (periodic[0] != periodic[1] || periodic[0] != periodic[2])
        return refuse(structure, "that is periodic in some directions only", error);
    if (!structure->has_energy || !structure->has_forces)
        return refuse(structure, "without energy or forces", error);

    const char *info = append_begin(text, structure->info ? structure->info : "");
    append_comment(text, structure, info);
    for (int a = 0; a < 3 && periodic[0]; a++) {
        nnp_text_append(text, "lattice");
        append_vector(text, structure->cell.vectors[a]);
        nnp_text_append(text, "\n");
    }
    for (int i = 0; i < structure->n_atoms; i++)
        append_atom(text, structure, (size_t)i);
    nnp_text_append(text, "energy ");
    nnp_text_append_double(text, structure->energy);
    nnp_text_append(text, "\ncharge 0.0\nend\n");
    return text->failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the output")
                        : NNP_SUCCESS;
}
