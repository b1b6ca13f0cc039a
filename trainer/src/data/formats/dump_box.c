/* Box and columns of a LAMMPS dump.  Of a triclinic box the dump has the bounds of the box that
 * encloses it (LAMMPS' documentation, "Howto triclinic"):
 *
 *   xlo_bound = xlo + min(0, xy, xz, xy + xz),  xhi_bound = xhi + max(0, xy, xz, xy + xz)
 *   ylo_bound = ylo + min(0, yz),               yhi_bound = yhi + max(0, yz) */
#include "dump_parts.h"

#include <math.h>
#include <string.h>

/* Three lines of n numbers. */
static enum nnp_status read_rows(struct nnp_source *source, int n, double rows[3][4])
{
    for (int a = 0; a < 3; a++) {
        struct nnp_span line = {NULL, NULL}, token;
        if (!nnp_source_line(source, &line))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found the end of the file, expected the bounds of a box");
        for (int k = 0; k < n; k++)
            if (!nnp_span_token(&line, &token) || !nnp_span_to_double(token, &rows[a][k]))
                return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                        "found no finite number as value %d of the bounds of a "
                                        "box, expected %d of them",
                                        k + 1, n);
        if (nnp_span_token(&line, &token))
            return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                    "found '%s', expected the end of the line",
                                    nnp_span_excerpt(token).text);
    }
    return NNP_SUCCESS;
}

static void set_general(const double rows[3][4], struct nnp_dump_box *box)
{
    for (int a = 0; a < 3; a++) {
        memcpy(box->cell.vectors[a], rows[a], sizeof box->cell.vectors[a]);
        box->origin[a] = rows[a][3];
    }
}

/* Of bounds and, if there are any, tilts in the last column. */
static void set_restricted(const double rows[3][4], struct nnp_dump_box *box)
{
    double xy = rows[0][2], xz = rows[1][2], yz = rows[2][2];
    double low[3] = {fmin(fmin(0.0, xy), fmin(xz, xy + xz)), fmin(0.0, yz), 0.0};
    double high[3] = {fmax(fmax(0.0, xy), fmax(xz, xy + xz)), fmax(0.0, yz), 0.0};
    double(*v)[3] = box->cell.vectors;
    for (int a = 0; a < 3; a++) {
        box->origin[a] = rows[a][0] - low[a];
        v[a][a] = rows[a][1] - high[a] - box->origin[a];
    }
    v[1][0] = xy;
    v[2][0] = xz;
    v[2][1] = yz;
}

enum nnp_status nnp_dump_read_box(struct nnp_source *source, struct nnp_span rest,
                                  struct nnp_dump_box *box)
{
    struct nnp_span words = rest, token;
    bool tilted = false, general = false;
    int n_flags = 0;
    double rows[3][4] = {{0.0}};
    memset(box, 0, sizeof *box);
    while (nnp_span_token(&words, &token)) {
        tilted = tilted || nnp_span_equals(token, "xy");
        general = general || nnp_span_equals(token, "abc");
        if (token.end - token.begin == 2 && strchr("pfsm", token.begin[0]) &&
            strchr("pfsm", token.begin[1]) && n_flags < 3)
            box->cell.periodic[n_flags++] = nnp_span_equals(token, "pp");
    }
    if (n_flags != 3)
        return nnp_source_error(source, NNP_ERROR_SYNTAX,
                                "found '%s' behind BOX BOUNDS, expected three boundaries such "
                                "as pp",
                                nnp_span_excerpt(rest).text);
    enum nnp_status status = read_rows(source, general ? 4 : tilted ? 3 : 2, rows);
    if (status)
        return status;
    if (general)
        set_general(rows, box);
    else
        set_restricted(rows, box);
    for (int a = 0; a < 3 && !general; a++)
        if (!(box->cell.vectors[a][a] > 0.0))
            return nnp_source_error(source, NNP_ERROR_GEOMETRY,
                                    "found a box of length %g along %c, expected it above 0",
                                    box->cell.vectors[a][a], "xyz"[a]);
    return NNP_SUCCESS;
}

/* ---- Columns ---- */

static int find_column(struct nnp_span rest, const char *name)
{
    struct nnp_span token;
    for (int k = 0; nnp_span_token(&rest, &token); k++)
        if (nnp_span_equals(token, name))
            return k;
    return -1;
}

/* Columns of three names; false unless all are there. */
static bool find_vector(struct nnp_span rest, const char *const names[3], int *fields)
{
    for (int x = 0; x < 3; x++)
        fields[x] = find_column(rest, names[x]);
    return fields[0] >= 0 && fields[1] >= 0 && fields[2] >= 0;
}

enum nnp_status nnp_dump_read_columns(const struct nnp_source *source, struct nnp_span rest,
                                      bool wants_types, struct nnp_dump_columns *columns)
{
    static const char *const positions[4][3] = {
        {"x", "y", "z"}, {"xu", "yu", "zu"}, {"xs", "ys", "zs"}, {"xsu", "ysu", "zsu"}};
    static const char *const forces[3] = {"fx", "fy", "fz"};
    struct nnp_span words = rest, token;
    int kind = 0, type = find_column(rest, "type"), element = find_column(rest, "element");
    for (columns->n_columns = 0; nnp_span_token(&words, &token);)
        columns->n_columns++;
    columns->fields[NNP_DUMP_ID] = find_column(rest, "id");
    columns->has_types = wants_types ? type >= 0 : element < 0;
    columns->fields[NNP_DUMP_SPECIES] = columns->has_types ? type : element;
    if (columns->fields[NNP_DUMP_SPECIES] < 0)
        return nnp_source_error(
            source, NNP_ERROR_SYNTAX,
            "found neither a column element nor type, expected one of them");
    if (columns->has_types && !wants_types)
        return nnp_source_error(source, NNP_ERROR_ELEMENT,
                                "found types of atoms, but no column element: the elements of "
                                "the types must be given");
    while (kind < 4 && !find_vector(rest, positions[kind], &columns->fields[NNP_DUMP_X]))
        kind++;
    if (kind == 4)
        return nnp_source_error(
            source, NNP_ERROR_SYNTAX,
            "found no columns of positions, expected x y z, xu yu zu, xs ys "
            "zs or xsu ysu zsu");
    columns->is_scaled = kind >= 2;
    if (!find_vector(rest, forces, &columns->fields[NNP_DUMP_F]))
        columns->fields[NNP_DUMP_F] = -1;
    return NNP_SUCCESS;
}
