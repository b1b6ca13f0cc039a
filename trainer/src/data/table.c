#include "table.h"

#include "text.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Ends the cell at *cursor, taking off quotes and blanks about it; returns it and moves *cursor
 * behind its comma, or to NULL at the end of the line.  NULL: a quote that does not end. */
static char *next_cell(char **cursor)
{
    char *read = *cursor + strspn(*cursor, " \t");
    if (*read != '"') {
        char *const cell = read, *end = cell + strcspn(cell, ",");
        *cursor = *end ? end + 1 : NULL;
        while (end > cell && (end[-1] == ' ' || end[-1] == '\t'))
            end--;
        *end = '\0';
        return cell;
    }
    char *const cell = ++read, *write = cell;
    while (*read && (*read != '"' || read[1] == '"')) {
        read += *read == '"';
        *write++ = *read++;
    }
    if (!*read)
        return NULL;
    read += 1 + strspn(read + 1, " \t");
    if (*read && *read != ',')
        return NULL;
    *cursor = *read ? read + 1 : NULL;
    *write = '\0';
    return cell;
}

/* The next line that says something, ended; NULL at the end of the text. */
static char *next_line(char **text, int *line)
{
    while (*text) {
        char *const begin = *text, *end = begin + strcspn(begin, "\n");
        *text = *end ? end + 1 : NULL;
        *end = '\0';
        if (end > begin && end[-1] == '\r')
            end[-1] = '\0';
        ++*line;
        if (begin[strspn(begin, " \t")] && *begin != '#')
            return begin;
    }
    return NULL;
}

static size_t count(const char *text, char character)
{
    size_t n = 0;
    for (; (text = strchr(text, character)); text++)
        n++;
    return n;
}

static enum nnp_status read_names(struct nnp_table *table, char *header, int line,
                                  struct nnp_error *error)
{
    while (header) {
        char *name = next_cell(&header);
        if (!name || !*name || nnp_table_column(table, name) >= 0)
            return nnp_error_set(error, NNP_ERROR_SYNTAX,
                                 "%s:%d: column %d has %s; the first line of a table names its "
                                 "columns, each once",
                                 table->path, line, table->n_columns + 1,
                                 !name   ? "a quote that does not end"
                                 : *name ? "the name of another"
                                         : "no name");
        table->names[table->n_columns++] = name;
    }
    return NNP_SUCCESS;
}

static enum nnp_status read_rows(struct nnp_table *table, char *text, int line,
                                 struct nnp_error *error)
{
    char *cursor;
    while ((cursor = next_line(&text, &line))) {
        char **row = table->cells + (size_t)table->n_rows * (size_t)table->n_columns;
        int n = 0;
        while (cursor) {
            char *cell = next_cell(&cursor);
            if (!cell)
                return nnp_error_set(error, NNP_ERROR_SYNTAX,
                                     "%s:%d: cell %d has a quote that does not end",
                                     table->path, line, n + 1);
            if (n < table->n_columns)
                row[n] = cell;
            n++;
        }
        if (n != table->n_columns)
            return nnp_error_set(error, NNP_ERROR_SYNTAX,
                                 "%s:%d: %d cells, where the table has %d columns", table->path,
                                 line, n, table->n_columns);
        table->lines[table->n_rows++] = line;
    }
    return NNP_SUCCESS;
}

static enum nnp_status parse(struct nnp_table *table, struct nnp_error *error)
{
    char *text = table->text;
    int line = 0;
    char *header = next_line(&text, &line);
    if (!header)
        return nnp_error_set(error, NNP_ERROR_SYNTAX,
                             "%s is empty; a table begins with the names of its columns",
                             table->path);
    const size_t n_columns = count(header, ',') + 1;
    const size_t n_rows = text ? count(text, '\n') + 1 : 0;
    if (n_columns * (n_rows + 1) > INT32_MAX)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s has more than %d cells, which is more than a table may have",
                             table->path, INT32_MAX);
    table->names = calloc(n_columns, sizeof *table->names);
    table->cells = calloc(n_rows * n_columns + 1, sizeof *table->cells);
    table->lines = calloc(n_rows + 1, sizeof *table->lines);
    if (!table->names || !table->cells || !table->lines)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table %s",
                             table->path);
    enum nnp_status status = read_names(table, header, line, error);
    return status ? status : read_rows(table, text, line, error);
}

static enum nnp_status take(struct nnp_table *table, const char *path, char *text,
                            size_t length, struct nnp_error *error)
{
    *table = (struct nnp_table){.text = text, .path = nnp_text_copy(path)};
    enum nnp_status status;
    if (!table->path)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table %s", path);
    else if (strlen(text) != length)
        status = nnp_error_set(error, NNP_ERROR_SYNTAX, "%s holds a NUL; it is no text", path);
    else
        status = parse(table, error);
    if (status)
        nnp_table_free(table);
    return status;
}

enum nnp_status nnp_table_read(struct nnp_table *table, const char *path,
                               struct nnp_error *error)
{
    char *text;
    size_t length;
    *table = (struct nnp_table){0};
    enum nnp_status status = nnp_file_read(path, &text, &length, error);
    return status ? status : take(table, path, text, length, error);
}

enum nnp_status nnp_table_parse(struct nnp_table *table, const char *path, const char *text,
                                size_t length, struct nnp_error *error)
{
    char *copy = malloc(length + 1);
    *table = (struct nnp_table){0};
    if (!copy)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for the table %s", path);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return take(table, path, copy, length, error);
}

void nnp_table_free(struct nnp_table *table)
{
    free(table->path);
    free(table->names);
    free(table->cells);
    free(table->lines);
    free(table->text);
    *table = (struct nnp_table){0};
}

int nnp_table_column(const struct nnp_table *table, const char *name)
{
    for (int c = 0; c < table->n_columns; c++)
        if (strcmp(table->names[c], name) == 0)
            return c;
    return -1;
}

const char *nnp_table_cell(const struct nnp_table *table, int row, int column)
{
    return table->cells[(size_t)row * (size_t)table->n_columns + (size_t)column];
}

enum nnp_status nnp_table_number(const struct nnp_table *table, int row, int column,
                                 double *value, struct nnp_error *error)
{
    const char *cell = nnp_table_cell(table, row, column);
    if (nnp_text_to_double(cell, value) && isfinite(*value))
        return NNP_SUCCESS;
    return nnp_error_set(error, NNP_ERROR_SYNTAX,
                         "%s:%d: column %s has \"%s\", where a finite number was expected",
                         table->path, table->lines[row], table->names[column], cell);
}
