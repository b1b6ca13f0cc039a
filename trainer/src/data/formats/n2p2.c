/* n2p2's input.data: what is read of it. */
#include "n2p2.h"

#include "cell_check.h"
#include "lexer.h"

#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One block while it is read. */
struct block {
    struct nnp_source *source;
    const struct nnp_file_units *units;
    struct nnp_structure *structure;
    int n_atoms, n_vectors;
    bool has_charge;
    struct nnp_span set; /* the word behind begin, empty: none */
    struct nnp_text info;
};

static enum nnp_status out_of_memory(const struct nnp_source *source)
{
    return nnp_source_error(source, NNP_ERROR_MEMORY, "out of memory");
}

static enum nnp_status expect_end_of_line(const struct nnp_source *source, struct nnp_span rest)
{
    struct nnp_span token;
    if (!nnp_span_token(&rest, &token))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found '%s', expected the end of the line",
                            nnp_span_excerpt(token).text);
}

static enum nnp_status read_number(const struct nnp_source *source, struct nnp_span *rest,
                                   const char *what, double *value)
{
    if (nnp_span_number(rest, value))
        return NNP_SUCCESS;
    return nnp_source_error(source, NNP_ERROR_SYNTAX,
                            "found '%s' as %s, expected a finite number",
                            nnp_span_excerpt(*rest).text, what);
}

/* Multiplies by a unit, where the product must be finite as well. */
static enum nnp_status scale(const struct nnp_source *source, double unit, double *values,
                             int n)
{
    for (int k = 0; k < n; k++) {
        values[k] *= unit;
        if (!isfinite(values[k]))
            return nnp_source_error(source, NNP_ERROR_VALUE,
                                    "found a number that is too large in eV and Angstrom");
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_atom(struct block *block, struct nnp_span rest)
{
    struct nnp_structure *structure = block->structure;
    struct nnp_span symbol;
    double charge, energy;
    size_t i = (size_t)block->n_atoms++;
    double *position = &structure->positions[3 * i], *force = &structure->forces[3 * i];
    enum nnp_status status = nnp_source_vector(block->source, &rest, "position", position);
    if (!status && !nnp_span_token(&rest, &symbol))
        status = nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                                  "found the end of the line, expected atom x y z element "
                                  "charge energy fx fy fz");
    if (!status)
        status = nnp_source_element(block->source, symbol, &structure->atomic_numbers[i]);
    if (!status)
        status = read_number(block->source, &rest, "charge", &charge);
    if (!status)
        status = read_number(block->source, &rest, "atomic energy", &energy);
    if (!status)
        status = nnp_source_vector(block->source, &rest, "force", force);
    if (!status)
        status = expect_end_of_line(block->source, rest);
    if (!status)
        status = scale(block->source, block->units->length, position, 3);
    if (!status)
        status = scale(block->source, block->units->energy / block->units->length, force, 3);
    return status;
}

static enum nnp_status read_lattice(struct block *block, struct nnp_span rest)
{
    if (block->n_vectors == 3)
        return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                                "found a fourth 'lattice', expected three or none");
    double *vector = block->structure->cell.vectors[block->n_vectors];
    block->structure->cell.periodic[block->n_vectors++] = true;
    enum nnp_status status = nnp_source_vector(block->source, &rest, "lattice", vector);
    if (!status)
        status = expect_end_of_line(block->source, rest);
    return status ? status : scale(block->source, block->units->length, vector, 3);
}

static enum nnp_status read_energy(struct block *block, struct nnp_span rest)
{
    struct nnp_structure *structure = block->structure;
    if (structure->has_energy)
        return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                                "found 'energy' twice, expected it once");
    structure->has_energy = true;
    enum nnp_status status = read_number(block->source, &rest, "energy", &structure->energy);
    if (!status)
        status = expect_end_of_line(block->source, rest);
    return status ? status : scale(block->source, block->units->energy, &structure->energy, 1);
}

static enum nnp_status read_charge(struct block *block, struct nnp_span rest)
{
    double charge;
    if (block->has_charge)
        return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                                "found 'charge' twice, expected it once");
    block->has_charge = true;
    enum nnp_status status = read_number(block->source, &rest, "charge", &charge);
    return status ? status : expect_end_of_line(block->source, rest);
}

/* The rest of a line, trimmed, as group. */
static enum nnp_status keep_group(struct block *block, struct nnp_span rest)
{
    while (rest.begin < rest.end && strchr(" \t\r", rest.end[-1]))
        rest.end--;
    block->structure->group = strndup(rest.begin, (size_t)(rest.end - rest.begin));
    return block->structure->group ? NNP_SUCCESS : out_of_memory(block->source);
}

/* A line of its own with config_type=... is the group; others go to comment="...", whose
 * closing quote comes with the end of the block. */
static enum nnp_status read_comment(struct block *block, struct nnp_span rest)
{
    struct nnp_span word, value;
    if (!block->structure->group && nnp_span_behind(rest, "config_type=", &value) &&
        value.begin < value.end &&
        nnp_span_token(&(struct nnp_span){rest.begin, value.begin}, &word) &&
        word.end == value.begin)
        return keep_group(block, value);
    const char *separator = block->info.length > 0 ? " " : "comment=\"";
    while (nnp_span_token(&rest, &word)) {
        nnp_text_append(&block->info, "%s", separator);
        for (const char *c = word.begin; c < word.end; c++)
            nnp_text_append(&block->info, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
        separator = " ";
    }
    return block->info.failed ? out_of_memory(block->source) : NNP_SUCCESS;
}

static enum nnp_status read_line(struct block *block, struct nnp_span line,
                                 struct nnp_span keyword, struct nnp_span rest)
{
    if (nnp_span_equals(keyword, "atom"))
        return read_atom(block, rest);
    if (nnp_span_equals(keyword, "lattice"))
        return read_lattice(block, rest);
    if (nnp_span_equals(keyword, "energy"))
        return read_energy(block, rest);
    if (nnp_span_equals(keyword, "charge"))
        return read_charge(block, rest);
    if (nnp_span_equals(keyword, "comment"))
        return read_comment(block, rest);
    return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                            "found '%s', expected one of comment, lattice, atom, energy, "
                            "charge and end",
                            nnp_span_excerpt(line).text);
}

/* Number of atom lines up to the end of the block. */
static int count_atoms(struct nnp_source source)
{
    struct nnp_span line, word;
    int n = 0;
    while (n < INT_MAX && nnp_source_line(&source, &line)) {
        if (!nnp_span_token(&line, &word))
            continue;
        if (nnp_span_equals(word, "end") || nnp_span_equals(word, "begin"))
            break;
        n += nnp_span_equals(word, "atom");
    }
    return n;
}

/* Ends comment="...", and joins it with the word behind begin. */
static enum nnp_status keep_info(struct block *block)
{
    struct nnp_text info = {0};
    if (block->info.length > 0)
        nnp_text_append(&block->info, "\"");
    if (block->set.begin < block->set.end)
        nnp_text_append(&info, "%.*s%s", (int)(block->set.end - block->set.begin),
                        block->set.begin, block->info.length > 0 ? " " : "");
    if (block->info.length > 0)
        nnp_text_append(&info, "%s", block->info.data);
    block->structure->info = info.data;
    return block->info.failed || info.failed ? out_of_memory(block->source) : NNP_SUCCESS;
}

static enum nnp_status close_block(struct block *block)
{
    if (block->n_vectors != 0 && block->n_vectors != 3)
        return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                                "found %d 'lattice' in the block, expected three or none",
                                block->n_vectors);
    enum nnp_status status = keep_info(block);
    return status ? status : nnp_cell_check(block->source, &block->structure->cell);
}

/* The lines behind begin. */
static enum nnp_status read_lines(struct block *block)
{
    struct nnp_span line, rest, keyword;
    while (nnp_source_line(block->source, &line)) {
        rest = line;
        if (!nnp_span_token(&rest, &keyword))
            continue;
        enum nnp_status status = nnp_span_equals(keyword, "end")
                                     ? close_block(block)
                                     : read_line(block, line, keyword, rest);
        if (status || nnp_span_equals(keyword, "end"))
            return status;
    }
    return nnp_source_error(block->source, NNP_ERROR_SYNTAX,
                            "found the end of the file, expected 'end' of the block that "
                            "begins in line %d",
                            block->structure->line);
}

static enum nnp_status read_block(struct nnp_source *source, const struct nnp_file_units *units,
                                  struct nnp_span set, struct nnp_structure *structure)
{
    struct block block = {.source = source, .units = units, .set = set, .structure = structure};
    int n_atoms = count_atoms(*source);
    structure->line = source->line;
    structure->file = strdup(source->name);
    if (!structure->file)
        return out_of_memory(source);
    if (n_atoms == 0)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found a block without 'atom', expected one at least");
    if (!nnp_structure_allocate(structure, n_atoms, true))
        return out_of_memory(source);
    enum nnp_status status = read_lines(&block);
    free(block.info.data);
    return status;
}

enum { LONGEST_SET = 64 };

/* "begin", which may be followed by the set that n2p2 has put the structure into, such as
 * set=train; *set is empty where it is not. */
static bool is_begin(struct nnp_span line, struct nnp_span *set)
{
    struct nnp_span token;
    *set = (struct nnp_span){line.begin, line.begin};
    if (!nnp_span_token(&line, &token) || !nnp_span_equals(token, "begin"))
        return false;
    if (!nnp_span_token(&line, &token))
        return true;
    *set = token;
    if (!nnp_span_begins(token, "set=") || nnp_span_equals(token, "set=") ||
        token.end - token.begin > LONGEST_SET)
        return false;
    for (const char *c = token.begin + strlen("set="); c < token.end; c++)
        if (!isalnum((unsigned char)*c))
            return false;
    return true;
}

enum nnp_status nnp_n2p2_parse(const struct nnp_format_input *input, struct nnp_frames *frames,
                               struct nnp_error *error)
{
    struct nnp_source source = {input->name, input->text, input->text + input->length, 0,
                                error};
    struct nnp_span line, token, set;
    enum nnp_status status = nnp_source_check(source, "a text (input.data of n2p2)");
    while (!status && nnp_source_line(&source, &line)) {
        struct nnp_span rest = line;
        if (!nnp_span_token(&rest, &token))
            continue;
        if (!is_begin(line, &set))
            return nnp_source_error(&source, NNP_ERROR_SYNTAX, "found '%s', expected 'begin'",
                                    nnp_span_excerpt(line).text);
        struct nnp_structure *structure = nnp_frames_add(frames);
        status = structure ? read_block(&source, &input->units, set, structure)
                           : out_of_memory(&source);
    }
    if (!status && frames->n == 0)
        return nnp_source_error(&source, NNP_ERROR_SYNTAX,
                                "found no structure, expected 'begin'");
    return status;
}
