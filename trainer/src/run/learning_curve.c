/* Numbers in the units of the loss: eV, Angstrom; fields that are not known stay empty. */
#include "learning_curve.h"

#include "text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum nnp_status failure(const struct nnp_learning_curve *curve, struct nnp_error *error)
{
    return nnp_error_set(error, NNP_ERROR_FILE, "cannot write %s: %s", curve->path,
                         strerror(errno));
}

enum nnp_status nnp_learning_curve_open(struct nnp_learning_curve *curve, const char *path,
                                        struct nnp_error *error)
{
    *curve = (struct nnp_learning_curve){.path = path};
    if (!path)
        return NNP_SUCCESS;
    curve->file = fopen(path, "w");
    if (!curve->file ||
        fputs("member,stage,iteration,evaluations,seconds,loss,test_loss,gradient_norm,"
              "energy_rmse,forces_rmse,stress_rmse,"
              "test_energy_rmse,test_forces_rmse,test_stress_rmse\n",
              curve->file) == EOF)
        return failure(curve, error);
    return NNP_SUCCESS;
}

enum nnp_status nnp_learning_curve_resume(struct nnp_learning_curve *curve, const char *path,
                                          long length, bool *lost, struct nnp_error *error)
{
    struct stat old;
    *curve = (struct nnp_learning_curve){.path = path};
    *lost = path && (stat(path, &old) != 0 || old.st_size < length);
    if (!path || *lost)
        return nnp_learning_curve_open(curve, path, error);
    curve->file = fopen(path, "r+");
    if (!curve->file || ftruncate(fileno(curve->file), length) != 0 ||
        fseek(curve->file, 0, SEEK_END) != 0)
        return failure(curve, error);
    return NNP_SUCCESS;
}

enum nnp_status nnp_learning_curve_sync(struct nnp_learning_curve *curve, long *length,
                                        struct nnp_error *error)
{
    *length = 0;
    if (!curve->file)
        return NNP_SUCCESS;
    /* Not every device can be synchronised, nor has it a position. */
    bool flushed =
        fflush(curve->file) == 0 && (fsync(fileno(curve->file)) == 0 || errno == EINVAL);
    *length = ftell(curve->file);
    if (*length < 0)
        *length = 0;
    return flushed ? NNP_SUCCESS : failure(curve, error);
}

static void add_rmse(struct nnp_text *text, const struct nnp_rmse *rmse)
{
    const double values[3] = {rmse->energy, rmse->forces, rmse->stress};
    for (int k = 0; k < 3; k++) {
        nnp_text_append(text, ",");
        if (!(values[k] < 0.0))
            nnp_text_append(text, "%.8g", values[k]);
    }
}

/* A name as a field: in quotes, which are doubled inside. */
static void add_name(struct nnp_text *text, const char *name)
{
    nnp_text_append(text, "\"");
    for (; *name; name++)
        nnp_text_append(text, *name == '"' ? "\"\"" : "%c", *name);
    nnp_text_append(text, "\"");
}

enum nnp_status nnp_learning_curve_add(struct nnp_learning_curve *curve,
                                       const struct nnp_progress *progress,
                                       struct nnp_error *error)
{
    struct nnp_text line = {0};
    if (!curve->file)
        return NNP_SUCCESS;
    nnp_text_append(&line, "%d,", progress->member);
    add_name(&line, progress->stage);
    nnp_text_append(&line, ",%d,%ld,%.3f,%.12g,", progress->iteration, progress->evaluations,
                    progress->seconds, progress->loss);
    if (!isnan(progress->test_loss))
        nnp_text_append(&line, "%.12g", progress->test_loss);
    nnp_text_append(&line, ",%.6g", progress->gradient_norm);
    add_rmse(&line, &progress->training);
    add_rmse(&line, &progress->test);
    nnp_text_append(&line, "\n");
    if (line.failed) {
        free(line.data);
        return nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a line of %s",
                             curve->path);
    }
    bool written = fputs(line.data, curve->file) != EOF && fflush(curve->file) == 0;
    free(line.data);
    return written ? NNP_SUCCESS : failure(curve, error);
}

enum nnp_status nnp_learning_curve_close(struct nnp_learning_curve *curve,
                                         struct nnp_error *error)
{
    FILE *file = curve->file;
    curve->file = NULL;
    if (file && fclose(file) != 0)
        return failure(curve, error);
    return NNP_SUCCESS;
}
