/* Tables of text: CSV with a line of names of columns (RFC 4180, one record to a line). */
#ifndef NNP_TABLE_H
#define NNP_TABLE_H

#include "nnp/status.h"

#include <stdbool.h>
#include <stddef.h>

/* Owns all pointers; zero-initialised it is empty. */
struct nnp_table {
    char *path;
    int n_columns, n_rows;
    char **names; /* [n_columns] */
    char **cells; /* [n_rows][n_columns] */
    int *lines;   /* [n_rows], in the file, from 1 */
    char *text;   /* that names and cells point into */
};

/* Blank lines, and lines that begin with #, are skipped.  The message names file and line.  On
 * failure the table is empty. */
enum nnp_status nnp_table_read(struct nnp_table *table, const char *path,
                               struct nnp_error *error) NNP_MUST_CHECK;
enum nnp_status nnp_table_parse(struct nnp_table *table, const char *path, const char *text,
                                size_t length, struct nnp_error *error) NNP_MUST_CHECK;
void nnp_table_free(struct nnp_table *table);

/* Index of a column by name, -1 if there is none. */
int nnp_table_column(const struct nnp_table *table, const char *name);

const char *nnp_table_cell(const struct nnp_table *table, int row, int column);

/* A cell as a finite number; the message names file, line and column. */
enum nnp_status nnp_table_number(const struct nnp_table *table, int row, int column,
                                 double *value, struct nnp_error *error) NNP_MUST_CHECK;

#endif
