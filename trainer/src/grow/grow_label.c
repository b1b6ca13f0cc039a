/* Labels: reference calculations by commands, one for each structure or for several. */
#include "extxyz.h"
#include "folders.h"
#include "grow_parts.h"
#include "placeholders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct labelling {
    const struct nnp_generation *generation;
    struct nnp_dataset chosen;
    int batch, n_batches;
    struct nnp_text labelled, table;
    int n_labelled;
};

static int first_of(const struct labelling *labelling, int k)
{
    return k * labelling->batch;
}

static int end_of(const struct labelling *labelling, int k)
{
    int end = (k + 1) * labelling->batch, n = labelling->chosen.n_structures;
    return end < n ? end : n;
}

static enum nnp_status command(const struct nnp_generation *generation, const void *context,
                               int k, const char *folder, struct nnp_text *command,
                               struct nnp_error *error)
{
    struct nnp_text input = {0}, output = {0}, path = {0};
    char number[16];
    (void)context;
    (void)k;
    snprintf(number, sizeof number, "%d", generation->number);
    nnp_text_append(&path, "%s/input.extxyz", folder);
    if (!path.failed)
        nnp_append_shell_word(&input, path.data);
    path.length = 0;
    nnp_text_append(&path, "%s/output.extxyz", folder);
    if (!path.failed)
        nnp_append_shell_word(&output, path.data);
    bool failed = path.failed || input.failed || output.failed;
    if (!failed)
        nnp_placeholders_expand(command, generation->study->label_command, 3,
                                (const struct nnp_placeholder[]){{"input", input.data},
                                                                 {"output", output.data},
                                                                 {"generation", number}});
    free(input.data);
    free(output.data);
    free(path.data);
    return failed ? nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for a command")
                  : NNP_SUCCESS;
}

static enum nnp_status prepare(const struct nnp_generation *generation, const void *context,
                               int k, const char *folder, struct nnp_error *error)
{
    const struct labelling *labelling = context;
    struct nnp_text text = {0};
    char *path = NULL;
    (void)generation;
    for (int s = first_of(labelling, k); s < end_of(labelling, k); s++)
        nnp_extxyz_append(&text, &labelling->chosen.structures[s], NULL);
    enum nnp_status status = nnp_path_set(&path, error, "%s/input.extxyz", folder);
    if (!status && text.failed)
        status = nnp_error_set(error, NNP_ERROR_MEMORY, "no memory for %s", path);
    if (!status)
        status = nnp_file_write(path, text.data, text.length, error);
    free(text.data);
    free(path);
    return status;
}

/* ---- Results ---- */

/* Whether two lists hold the same atoms, whatever their order. */
static bool same_atoms(const struct nnp_structure *a, const struct nnp_structure *b)
{
    int counts[128] = {0};
    if (a->n_atoms != b->n_atoms)
        return false;
    for (int i = 0; i < a->n_atoms; i++) {
        counts[a->atomic_numbers[i] & 127]++;
        counts[b->atomic_numbers[i] & 127]--;
    }
    for (int z = 0; z < 128; z++)
        if (counts[z] != 0)
            return false;
    return true;
}

/* The label of a structure among those of its batch: by name, or the only one of the only one.
 */
static const struct nnp_structure *find_label(const struct labelling *labelling, int k,
                                              const struct nnp_structure *structure,
                                              const struct nnp_dataset *labels)
{
    int length, its_length;
    const char *sid = nnp_grow_sid(structure, &length);
    for (int s = 0; s < labels->n_structures; s++) {
        const char *its_sid = nnp_grow_sid(&labels->structures[s], &its_length);
        if (sid && its_sid && length == its_length && !strncmp(sid, its_sid, (size_t)length))
            return &labels->structures[s];
    }
    bool alone = end_of(labelling, k) - first_of(labelling, k) == 1 &&
                 labels->n_structures == 1 && !nnp_grow_sid(&labels->structures[0], &length);
    return alone ? &labels->structures[0] : NULL;
}

/* What is wrong with a label, NULL: nothing. */
static const char *complaint(const struct nnp_structure *structure,
                             const struct nnp_structure *label)
{
    if (!label)
        return "no label of this structure in the output";
    if (!label->has_energy)
        return "no energy";
    if (!label->has_forces)
        return "no forces";
    if (!same_atoms(structure, label))
        return "other atoms than in the input";
    return nnp_structure_is_finite(label) ? NULL : "numbers that are not finite";
}

/* The label with the name and kind of the structure. */
static enum nnp_status append_label(struct labelling *labelling,
                                    const struct nnp_structure *structure,
                                    const struct nnp_structure *label, struct nnp_error *error)
{
    struct nnp_structure written = *label; /* borrows all but the comment */
    int length;
    enum nnp_status status =
        nnp_grow_sid(label, &length)
            ? nnp_path_set(&written.info, error, "%s", label->info)
            : nnp_path_set(&written.info, error, "%s%s%s", structure->info,
                           label->info ? " " : "", label->info ? label->info : "");
    written.group = structure->group;
    if (!status)
        nnp_extxyz_append(&labelling->labelled, &written, NULL);
    free(written.info);
    labelling->n_labelled++;
    return status;
}

static enum nnp_status take_batch(struct labelling *labelling, int k, struct nnp_error *error)
{
    const struct nnp_generation *generation = labelling->generation;
    struct nnp_dataset labels = {0};
    struct nnp_error reason = {0};
    char *folder = NULL, *how = NULL, *output = NULL;
    enum nnp_status status = nnp_grow_done(generation, "labels", k, &folder, &how, error);
    if (!status)
        status = nnp_path_set(&output, error, "%s/output.extxyz", folder);
    if (!status && !nnp_path_exists(output))
        nnp_error_set(&reason, NNP_ERROR_FILE, "no output");
    else if (!status && nnp_dataset_read(&labels, output, NULL, &reason) == NNP_ERROR_MEMORY)
        status = (*error = reason, NNP_ERROR_MEMORY);
    for (int s = first_of(labelling, k); s < end_of(labelling, k) && !status; s++) {
        const struct nnp_structure *structure = &labelling->chosen.structures[s];
        const struct nnp_structure *label = find_label(labelling, k, structure, &labels);
        const char *wrong = reason.status ? reason.message : complaint(structure, label);
        int length = 0;
        const char *sid = nnp_grow_sid(structure, &length);
        /* A command that failed may have left something half done where it stands alone. */
        if (!wrong && labelling->batch == 1 && strcmp(how, "exit status 0") != 0)
            wrong = "the command failed";
        nnp_text_append(&labelling->table, "%.*s,", length, sid ? sid : "");
        nnp_grow_append_cell(&labelling->table, structure->group ? structure->group : "");
        nnp_text_append(&labelling->table, ",%d,%s,", k + 1, how);
        nnp_grow_append_cell(&labelling->table, wrong ? wrong : "");
        nnp_text_append(&labelling->table, "\n");
        if (wrong)
            nnp_grow_say(generation->observer, "  %.*s (%s) has no label: %s, %s", length,
                         sid ? sid : "", structure->group ? structure->group : "", how, wrong);
        else
            status = append_label(labelling, structure, label, error);
    }
    nnp_dataset_free(&labels);
    free(folder);
    free(how);
    free(output);
    return status;
}

static enum nnp_status take_all(struct labelling *labelling, struct nnp_error *error)
{
    const struct nnp_generation *generation = labelling->generation;
    enum nnp_status status = NNP_SUCCESS;
    nnp_text_append(&labelling->table, "sid,kind,label,end,failure\n");
    for (int k = 0; k < labelling->n_batches && !status; k++)
        status = take_batch(labelling, k, error);
    if (!status)
        status = nnp_grow_write(generation, "labels.csv", &labelling->table, error);
    if (!status && labelling->n_labelled == 0)
        status = nnp_error_set(error, NNP_ERROR_INCONSISTENT,
                               "no structure could be labelled: see %.400s/labels/0001/log; "
                               "labels whose folders are removed are made again",
                               generation->folder);
    if (!status)
        status = nnp_grow_write(generation, "labelled.extxyz", &labelling->labelled, error);
    if (!status)
        nnp_grow_say(generation->observer, "  %d of %d structures labelled",
                     labelling->n_labelled, labelling->chosen.n_structures);
    return status;
}

enum nnp_status nnp_grow_label(const struct nnp_generation *generation, struct nnp_error *error)
{
    const struct nnp_study *study = generation->study;
    struct labelling labelling = {.generation = generation};
    enum nnp_status status =
        nnp_grow_read(generation, "chosen.extxyz", &labelling.chosen, error);
    int n = labelling.chosen.n_structures;
    labelling.batch = study->batch > 0 && study->batch < n ? study->batch : n;
    labelling.n_batches = n > 0 ? (n + labelling.batch - 1) / labelling.batch : 0;
    const struct nnp_grow_work work = {.name = "labels",
                                       .n = labelling.n_batches,
                                       .at_once = study->labels_at_once,
                                       .time = study->label_time,
                                       .context = &labelling,
                                       .command = command,
                                       .prepare = prepare};
    if (!status)
        status = nnp_grow_do(generation, &work, error);
    if (!status && !generation->observer->interrupted())
        status = take_all(&labelling, error);
    nnp_dataset_free(&labelling.chosen);
    free(labelling.labelled.data);
    free(labelling.table.data);
    return status;
}
