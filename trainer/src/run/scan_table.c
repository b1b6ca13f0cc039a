/* One line for each run, from its potential and the last line of its learning curve. */
#include "nnp/potential.h"
#include "scan_parts.h"

#include <stdlib.h>
#include <string.h>

enum { N_RESULTS = 10 };

static const char *const results[N_RESULTS] = {
    "functions",       "parameters",     "E train (meV/atom)", "E test (meV/atom)",
    "F train (meV/A)", "F test (meV/A)", "stress train (GPa)", "stress test (GPa)",
    "time (s)",        "evaluations",
};

static const double mev = 1e3, gigapascal = 160.21766;

/* Fields of a table, row after row; owned. */
struct table {
    int n_columns, n_rows;
    struct nnp_text *fields; /* [n_rows][n_columns] */
};

static struct nnp_text *field(const struct table *table, int row, int column)
{
    return &table->fields[row * table->n_columns + column];
}

static bool has_failed(const struct table *table)
{
    for (int k = 0; k < table->n_rows * table->n_columns; k++)
        if (table->fields[k].failed)
            return true;
    return false;
}

static void free_table(struct table *table)
{
    for (int k = 0; table->fields && k < table->n_rows * table->n_columns; k++)
        free(table->fields[k].data);
    free(table->fields);
}

static void set_number(struct nnp_text *text, double value, double factor)
{
    if (!(value < 0.0))
        nnp_text_append(text, "%.4g", factor * value);
}

/* The n-th field of a line without quoted commas before it; NULL: it has not as many. */
static const char *find_field(const char *line, int n)
{
    bool quoted = false;
    for (; n > 0 && *line && *line != '\n'; line++) {
        quoted = quoted != (*line == '"');
        n -= *line == ',' && !quoted;
    }
    return n == 0 ? line : NULL;
}

/* Place of a column in the head of a table, or -1. */
static int find_column(const char *head, const char *name)
{
    size_t length = strlen(name);
    for (int n = 0;; n++) {
        const char *at = find_field(head, n);
        if (!at)
            return -1;
        if (strncmp(at, name, length) == 0 && strchr(",\n", at[length]))
            return n;
    }
}

/* Seconds and evaluations from the last line. */
static void read_curve(const char *path, struct nnp_text *seconds, struct nnp_text *evaluations)
{
    static const char *const names[] = {"seconds", "evaluations"};
    struct nnp_text *const fields[] = {seconds, evaluations};
    char *text;
    size_t length;
    if (nnp_file_read(path, &text, &length, NULL))
        return;
    if (length > 0 && text[length - 1] == '\n')
        text[length - 1] = '\0';
    const char *last = strrchr(text, '\n');
    for (int k = 0; k < 2 && last; k++) {
        int column = find_column(text, names[k]);
        const char *at = column < 0 ? NULL : find_field(last + 1, column);
        if (at)
            nnp_text_append(fields[k], "%.*s", (int)strcspn(at, ","), at);
    }
    free(text);
}

static void add_potential(const struct table *table, int row, int first,
                          const struct nnp_potential *potential)
{
    int n_functions = 0, n_parameters = 0;
    for (int e = 0; e < potential->n_elements; e++) {
        n_functions += potential->descriptors[e].n_functions;
        n_parameters += nnp_network_n_parameters(&potential->networks[e]);
    }
    nnp_text_append(field(table, row, first), "%d", n_functions);
    nnp_text_append(field(table, row, first + 1), "%d", n_parameters);
    for (int r = 0; r < potential->provenance.n_rmse; r++) {
        const struct nnp_rmse *rmse = &potential->provenance.rmse[r];
        int test = strcmp(rmse->set, "test") == 0;
        if (!test && strcmp(rmse->set, "training") != 0)
            continue;
        set_number(field(table, row, first + 2 + test), rmse->energy, mev);
        set_number(field(table, row, first + 4 + test), rmse->forces, mev);
        set_number(field(table, row, first + 6 + test), rmse->stress, gigapascal);
    }
}

static enum nnp_status add_run(const struct nnp_scan *scan, int run, const struct table *table,
                               struct nnp_error *error)
{
    const char *config = scan->runs[run].config_file;
    struct nnp_text stem = {0};
    struct nnp_potential *potential;
    enum nnp_scan_state state;
    int row = run + 1, first = 1 + scan->n_keys;
    nnp_text_append(field(table, row, 0), "%s", scan->runs[run].name);
    for (int k = 0; k < scan->n_keys; k++)
        nnp_scan_append_node(field(table, row, 1 + k), scan->runs[run].values[k]);
    nnp_text_append(&stem, "%.*s.nnp", (int)(strlen(config) - strlen(".yaml")), config);
    enum nnp_status status = nnp_scan_find_state(scan, run, &state, error);
    if (!status && state == NNP_SCAN_DONE && !stem.failed &&
        !nnp_potential_read(&potential, stem.data, NULL)) {
        add_potential(table, row, first, potential);
        nnp_potential_free(potential);
        memcpy(stem.data + stem.length - 3, "csv", 3);
        read_curve(stem.data, field(table, row, first + N_RESULTS - 2),
                   field(table, row, first + N_RESULTS - 1));
    }
    free(stem.data);
    return status;
}

static void append_csv(struct nnp_text *text, const struct table *table)
{
    for (int r = 0; r < table->n_rows; r++)
        for (int c = 0; c < table->n_columns; c++) {
            const char *value = field(table, r, c)->data ? field(table, r, c)->data : "";
            bool quoted = strpbrk(value, ",\"");
            nnp_text_append(text, quoted ? "\"" : "");
            for (; *value; value++)
                nnp_text_append(text, *value == '"' ? "\"\"" : "%c", *value);
            nnp_text_append(text, "%s%s", quoted ? "\"" : "",
                            c + 1 < table->n_columns ? "," : "\n");
        }
}

static void append_aligned(struct nnp_text *text, const struct table *table)
{
    for (int r = 0; r < table->n_rows; r++)
        for (int c = 0; c < table->n_columns; c++) {
            size_t width = 1;
            for (int other = 0; other < table->n_rows; other++)
                if (field(table, other, c)->length > width)
                    width = field(table, other, c)->length;
            const char *value = field(table, r, c)->length > 0 ? field(table, r, c)->data : "-";
            nnp_text_append(text, c == 0 ? "%-*s" : "  %*s", (int)width, value);
            if (c + 1 == table->n_columns)
                nnp_text_append(text, "\n");
        }
}

enum nnp_status nnp_scan_table(const struct nnp_scan *scan, bool csv, struct nnp_text *text,
                               struct nnp_error *error)
{
    struct table table = {1 + scan->n_keys + N_RESULTS, 1 + scan->n_runs, NULL};
    enum nnp_status status = NNP_SUCCESS;
    table.fields = calloc((size_t)table.n_rows * (size_t)table.n_columns, sizeof *table.fields);
    if (!table.fields)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a table");
    nnp_text_append(field(&table, 0, 0), "run");
    for (int k = 0; k < scan->n_keys; k++)
        nnp_text_append(field(&table, 0, 1 + k), "%s", scan->keys[k].path);
    for (int k = 0; k < N_RESULTS; k++)
        nnp_text_append(field(&table, 0, 1 + scan->n_keys + k), "%s", results[k]);
    for (int r = 0; r < scan->n_runs && !status; r++)
        status = add_run(scan, r, &table, error);
    if (!status && csv)
        append_csv(text, &table);
    else if (!status)
        append_aligned(text, &table);
    if (!status && (text->failed || has_failed(&table)))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a table");
    free_table(&table);
    return status;
}

static enum nnp_status write_table(const struct nnp_scan *scan, bool csv,
                                   struct nnp_error *error)
{
    struct nnp_text text = {0}, path = {0};
    enum nnp_status status = nnp_scan_table(scan, csv, &text, error);
    nnp_text_append(&path, "%s.%s", scan->stem, csv ? "csv" : "txt");
    if (!status && path.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a table");
    if (!status)
        status = nnp_file_write(path.data, text.data, text.length, error);
    free(text.data);
    free(path.data);
    return status;
}

enum nnp_status nnp_scan_write_tables(const struct nnp_scan *scan, struct nnp_error *error)
{
    enum nnp_status status = write_table(scan, true, error);
    return status ? status : write_table(scan, false, error);
}
