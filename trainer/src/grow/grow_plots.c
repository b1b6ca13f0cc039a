/* Figures: gnuplot scripts beside their data, and what gnuplot makes of them. */
#include "folders.h"
#include "grow_parts.h"
#include "jobs.h"
#include "placeholders.h"

#include <stdlib.h>
#include <string.h>

static const char head[] = "set encoding utf8\n"
                           "set datafile separator ','\n"
                           "set border 3 lc rgb '#404040'\n"
                           "set tics nomirror out scale 0.6\n"
                           "set grid lc rgb '#e0e0e0' lt 1 lw 0.6\n";

static enum nnp_status nothing(void *context, int k, struct nnp_error *error)
{
    (void)context;
    (void)k;
    (void)error;
    return NNP_SUCCESS;
}

/* Writes FOLDER/NAME.gp, and lets gnuplot make NAME.svg; without gnuplot, or where it fails, no
 * figure is there, and the log tells why. */
static enum nnp_status draw(const struct nnp_study *study,
                            const struct nnp_grow_observer *observer, const char *folder,
                            const char *name, const struct nnp_text *script,
                            struct nnp_error *error)
{
    const struct nnp_jobs jobs = {.at_once = 1,
                                  .time = 60.0,
                                  .folder = folder,
                                  .interrupted = observer->interrupted,
                                  .before = nothing,
                                  .after = nothing};
    const struct nnp_generation place = {.folder = folder};
    struct nnp_job job = {0};
    char *file = NULL;
    enum nnp_status status = nnp_path_set(&file, error, "%s.gp", name);
    if (!status)
        status = nnp_grow_write(&place, file, script, error);
    if (!status)
        status = nnp_path_set(&job.log, error, "%s/%s.log", folder, name);
    if (!status)
        status =
            nnp_path_set(&job.command, error,
                         "command -v gnuplot > %s.log || exit 0; gnuplot %s.gp", name, name);
    if (!status && study->plots && !observer->interrupted())
        status = nnp_jobs_run(&jobs, 1, &job, error);
    if (!status && job.end != NNP_JOB_NONE && (job.end != NNP_JOB_EXITED || job.code != 0))
        nnp_grow_say(observer, "  no figure %s.svg: see %s", name, job.log);
    free(job.command);
    free(job.log);
    free(file);
    return status;
}

enum nnp_status nnp_grow_plot_errors(const struct nnp_study *study,
                                     const struct nnp_grow_observer *observer,
                                     struct nnp_error *error)
{
    struct nnp_text script = {0};
    nnp_text_append(
        &script,
        "# Errors on the labels of each generation, of the potential before and after.\n%s"
        "set terminal svg size 760,360 font 'DejaVu Sans,11' background 'white'\n"
        "set output 'errors.svg'\n"
        "set multiplot layout 1,2\n"
        "set xlabel 'generation'\n"
        "set xtics 1\n"
        "set xrange [0.5:*] noextend\n"
        "set offsets 0, 0.5, 0, 0\n"
        "set logscale y\n"
        "set key above font ',9'\n"
        "set datafile missing NaN\n"
        "all(c) = strcol(2) eq 'all' ? 1e3 * column(c) : NaN\n"
        "one(c) = strcol(2) eq 'all' ? NaN : 1e3 * column(c)\n"
        "set ylabel 'RMSE of energies (meV/atom)'\n"
        "plot 'errors.csv' every ::1 using 1:(one(4)) with points pt 7 ps 0.5 lc rgb '#a0b8d8' "
        "title 'kinds, before', \\\n"
        "     '' every ::1 using 1:(all(4)) with linespoints pt 7 lc rgb '#2c6fbb' title 'all, "
        "before', "
        "\\\n"
        "     '' every ::1 using 1:(all(7)) with linespoints pt 6 lc rgb '#b8342a' title 'all, "
        "after'\n"
        "set ylabel 'RMSE of forces (meV/Å)'\n"
        "plot 'errors.csv' every ::1 using 1:(one(5)) with points pt 7 ps 0.5 lc rgb '#a0b8d8' "
        "title 'kinds, before', \\\n"
        "     '' every ::1 using 1:(all(5)) with linespoints pt 7 lc rgb '#2c6fbb' title 'all, "
        "before', "
        "\\\n"
        "     '' every ::1 using 1:(all(8)) with linespoints pt 6 lc rgb '#b8342a' title 'all, "
        "after'\n"
        "unset multiplot\n",
        head);
    enum nnp_status status = draw(study, observer, study->folder, "errors", &script, error);
    free(script.data);
    return status;
}

/* Two panels: all frames, and those chosen, both over the data held; kind NULL: all kinds. */
static void append_panels(struct nnp_text *script, const char *kind)
{
    nnp_text_append(script, "kind = '");
    for (const char *c = kind ? kind : ""; *c; c++)
        nnp_text_append(script, *c == '\'' ? "''" : "%c", *c);
    nnp_text_append(
        script,
        "'\n"
        "here(set) = strcol(1) eq set && (kind eq '' || strcol(2) eq kind)\n"
        "set title kind.' before the choice' noenhanced\n"
        "plot 'map.csv' every ::1 using (here('held') ? $5 : NaN):6 with points pt 7 ps 0.4 lc "
        "rgb "
        "'#b0b0b0' title 'data', \\\n"
        "     '' every ::1 using (here('frame') ? $5 : NaN):6 with points pt 7 ps 0.4 lc rgb "
        "'#2c6fbb' title 'frames'\n"
        "set title kind.' after the choice' noenhanced\n"
        "plot 'map.csv' every ::1 using (here('held') ? $5 : NaN):6 with points pt 7 ps 0.4 lc "
        "rgb "
        "'#b0b0b0' title 'data', \\\n"
        "     '' every ::1 using (here('frame') && $4 > 0 ? $5 : NaN):6 with points pt 7 ps "
        "0.6 lc "
        "rgb '#b8342a' title 'chosen'\n");
}

enum nnp_status nnp_grow_plot_map(const struct nnp_generation *generation, int n_kinds,
                                  const char *const *kinds, struct nnp_error *error)
{
    struct nnp_text script = {0};
    bool atoms = generation->study->choice.atoms;
    int n_rows = atoms ? n_kinds : 1;
    nnp_text_append(
        &script,
        "# Principal components of frames and data, before and after the choice.\n%s"
        "set terminal svg size 760,%d font 'DejaVu Sans,11' background 'white'\n"
        "set output 'map.svg'\n"
        "set multiplot layout %d,2\n"
        "set xlabel 'first component'\n"
        "set ylabel 'second component'\n",
        head, 380 * n_rows, n_rows);
    for (int k = 0; k < n_rows; k++)
        append_panels(&script, atoms ? kinds[k] : NULL);
    nnp_text_append(&script, "unset multiplot\n");
    enum nnp_status status = draw(generation->study, generation->observer, generation->folder,
                                  "map", &script, error);
    free(script.data);
    return status;
}
