/* Errors, figures, worst structures, potential, configuration. */
#include "report_page.h"

#include "base64.h"
#include "describe.h"
#include "figures.h"

#include <stdlib.h>
#include <unistd.h>

enum { N_WORST = 10 };

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width\">\n<style>\n"
    "body { font: 15px/1.5 sans-serif; color: #222; max-width: 1180px; margin: 2em auto; "
    "padding: 0 1em }\n"
    "h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }\n"
    "table { border-collapse: collapse; font-variant-numeric: tabular-nums }\n"
    "th, td { padding: 0.2em 0.8em; border-bottom: 1px solid #ddd; text-align: right }\n"
    "th { border-bottom: 2px solid #888; font-weight: 600 }\n"
    "th.name, td.name { text-align: left }\n"
    "tr.all td { font-weight: 600; background: #f5f5f5 }\n"
    "img { max-width: 100%; height: auto } figure { margin: 1em 0 }\n"
    "figcaption { color: #555 } pre { background: #f7f7f7; padding: 1em; overflow-x: auto; "
    "font-size: 13px; line-height: 1.35 }\n"
    "</style>\n";

/* With characters that HTML has other uses for replaced. */
static void add_escaped(struct nnp_text *text, const char *string)
{
    for (; *string; string++)
        switch (*string) {
        case '<':
            nnp_text_append(text, "&lt;");
            break;
        case '>':
            nnp_text_append(text, "&gt;");
            break;
        case '&':
            nnp_text_append(text, "&amp;");
            break;
        default:
            nnp_text_append(text, "%c", *string);
        }
}

static void add_cells(struct nnp_text *text, const struct nnp_comparison *comparison,
                      enum nnp_quantity quantity, int set, int group)
{
    double factor = quantity == NNP_QUANTITY_STRESS ? 1.0 : 1e3;
    struct nnp_errors e = nnp_comparison_errors(comparison, quantity, set, group);
    if (e.n == 0)
        nnp_text_append(text, "<td></td><td></td><td></td>");
    else
        nnp_text_append(text, "<td>%.*f</td><td>%.*f</td><td>%.*f</td>",
                        quantity == NNP_QUANTITY_FORCES ? 1 : 2, factor * e.rmse,
                        quantity == NNP_QUANTITY_FORCES ? 1 : 2, factor * e.mae,
                        quantity == NNP_QUANTITY_FORCES ? 1 : 2, factor * e.largest);
}

static int count(const struct nnp_comparison *comparison, int set, int group)
{
    int n = 0;
    for (int s = 0; s < comparison->n_structures; s++)
        n += comparison->structures[s].set == set &&
             (group < 0 || comparison->structures[s].group == group);
    return n;
}

static void add_errors(struct nnp_text *text, const struct nnp_comparison *comparison)
{
    nnp_text_append(
        text,
        "<h2>Errors</h2>\n<table>\n<tr><th class=\"name\" rowspan=\"2\">set</th>"
        "<th class=\"name\" rowspan=\"2\">group</th><th rowspan=\"2\">structures</th>"
        "<th colspan=\"3\">energy (meV/atom)</th><th colspan=\"3\">forces (meV/&Aring;)</th>"
        "<th colspan=\"3\">stress (GPa)</th></tr>\n<tr>");
    for (int q = 0; q < NNP_N_QUANTITIES; q++)
        nnp_text_append(text, "<th>RMSE</th><th>MAE</th><th>largest</th>");
    nnp_text_append(text, "</tr>\n");
    for (int set = 0; set < comparison->n_sets; set++)
        for (int group = -1; group < comparison->n_groups; group++) {
            int n = count(comparison, set, group);
            if (n == 0 || (group >= 0 && comparison->n_groups < 2))
                continue;
            nnp_text_append(text, "<tr%s><td class=\"name\">",
                            group < 0 ? " class=\"all\"" : "");
            add_escaped(text, comparison->sets[set]);
            nnp_text_append(text, "</td><td class=\"name\">");
            add_escaped(text, group < 0                    ? "all"
                              : *comparison->groups[group] ? comparison->groups[group]
                                                           : "-");
            nnp_text_append(text, "</td><td>%d</td>", n);
            for (int q = 0; q < NNP_N_QUANTITIES; q++)
                add_cells(text, comparison, (enum nnp_quantity)q, set, group);
            nnp_text_append(text, "</tr>\n");
        }
    nnp_text_append(text, "</table>\n");
}

static double error_of(const struct nnp_compared_structure *structure, bool forces)
{
    return forces ? structure->force_error : structure->energy_error;
}

/* The structure with the largest error below that of `last` (negative: of all); -1: none. */
static int next_worst(const struct nnp_comparison *comparison, bool forces, int last)
{
    int worst = -1;
    for (int s = 0; s < comparison->n_structures; s++) {
        double error = error_of(&comparison->structures[s], forces);
        if (error < 0.0 || s == last)
            continue;
        if (last >= 0) {
            double before = error_of(&comparison->structures[last], forces);
            if (error > before || (error == before && s < last))
                continue;
        }
        if (worst < 0 || error > error_of(&comparison->structures[worst], forces))
            worst = s;
    }
    return worst;
}

static void add_worst(struct nnp_text *text, const struct nnp_comparison *comparison,
                      bool forces)
{
    nnp_text_append(text,
                    "<h2>Largest errors of %s</h2>\n<table>\n<tr><th>%s</th>"
                    "<th class=\"name\">set</th><th class=\"name\">group</th><th>atoms</th>"
                    "<th class=\"name\">file:line</th></tr>\n",
                    forces ? "forces" : "energies",
                    forces ? "RMSE (meV/&Aring;)" : "error (meV/atom)");
    int s = next_worst(comparison, forces, -1);
    for (int k = 0; k < N_WORST && s >= 0; k++) {
        const struct nnp_compared_structure *c = &comparison->structures[s];
        nnp_text_append(text, "<tr><td>%.2f</td><td class=\"name\">",
                        1e3 * error_of(c, forces));
        add_escaped(text, comparison->sets[c->set]);
        nnp_text_append(text, "</td><td class=\"name\">");
        add_escaped(text, comparison->groups[c->group]);
        nnp_text_append(text, "</td><td>%d</td><td class=\"name\">", c->structure->n_atoms);
        add_escaped(text, c->structure->file ? c->structure->file : "");
        nnp_text_append(text, ":%d</td></tr>\n", c->structure->line);
        s = next_worst(comparison, forces, s);
    }
    nnp_text_append(text, "</table>\n");
}

static enum nnp_status add_figures(struct nnp_text *text, const struct nnp_report_page *page,
                                   struct nnp_error *error)
{
    nnp_text_append(text, "<h2>Figures</h2>\n");
    if (!page->drawn)
        nnp_text_append(text, "<p>gnuplot was not there to draw them; with it, "
                              "<code>gnuplot figures.gp</code> in the folder of this page "
                              "does.</p>\n");
    for (const struct nnp_figure *f = nnp_figures; page->drawn && f->file; f++) {
        struct nnp_text path = {0};
        char *data = NULL;
        size_t length;
        nnp_text_append(&path, "%s/%s", page->folder, f->file);
        enum nnp_status status = NNP_SUCCESS;
        if (!path.failed && access(path.data, F_OK) == 0)
            status = nnp_file_read(path.data, &data, &length, error);
        free(path.data);
        if (status)
            return status;
        if (!data)
            continue;
        nnp_text_append(text, "<figure><img alt=\"%s\" src=\"data:image/png;base64,", f->file);
        nnp_base64_append(text, data, length);
        nnp_text_append(text, "\">\n<figcaption>%s</figcaption></figure>\n", f->caption);
        free(data);
    }
    return NNP_SUCCESS;
}

static void add_block(struct nnp_text *text, const char *title, const char *block)
{
    nnp_text_append(text, "<h2>%s</h2>\n<pre>", title);
    add_escaped(text, block);
    nnp_text_append(text, "</pre>\n");
}

enum nnp_status nnp_report_page_append(struct nnp_text *text,
                                       const struct nnp_report_page *page,
                                       const struct nnp_comparison *comparison,
                                       const struct nnp_potential *potential,
                                       struct nnp_error *error)
{
    struct nnp_text description = {0};
    nnp_text_append(text, "%s<title>", head);
    add_escaped(text, page->title);
    nnp_text_append(text, "</title>\n</head>\n<body>\n<h1>");
    add_escaped(text, page->title);
    nnp_text_append(text, "</h1>\n");
    if (page->program)
        nnp_text_append(text, "<p>%s</p>\n", page->program);
    add_errors(text, comparison);
    enum nnp_status status = add_figures(text, page, error);
    add_worst(text, comparison, false);
    if (comparison->quantities[NNP_QUANTITY_FORCES].n > 0)
        add_worst(text, comparison, true);
    nnp_describe_potential(&description, potential);
    if (!description.failed)
        add_block(text, "Potential", description.data);
    if (page->configuration)
        add_block(text, "Configuration", page->configuration);
    nnp_text_append(text, "</body>\n</html>\n");
    if (!status && (text->failed || description.failed))
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a page");
    free(description.data);
    return status;
}
