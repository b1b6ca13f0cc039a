/* The report of a complete training, on one rank, from the potential's file. */
#include "training_parts.h"

#include "report_folder.h"
#include "text.h"

#include <stdlib.h>

enum nnp_status nnp_training_write_report(const struct nnp_training *training)
{
    static const char *const names[N_SETS] = {"training", "test"};
    const struct nnp_config *config = training->config;
    struct nnp_report_set sets[N_SETS];
    struct nnp_potential *potential;
    char *text = NULL;
    size_t length;
    bool drawn;
    for (int set = 0; set < N_SETS; set++)
        sets[set] = (struct nnp_report_set){names[set], training->n_structures[set],
                                            training->structures[set]};
    enum nnp_status status =
        nnp_potential_read(&potential, config->potential_file, training->error);
    if (status)
        return status;
    if (nnp_file_read(config->path, &text, &length, NULL) != NNP_SUCCESS)
        text = NULL; /* a configuration that was no file */
    const struct nnp_report report = {
        .folder = config->report_folder,
        .title = config->title,
        .program = training->options->program,
        .configuration = text,
        .learning_curve = config->learning_curve_file,
        .potential = potential,
        .n_sets = N_SETS,
        .sets = sets,
    };
    status = nnp_report_write(&report, &drawn, training->error);
    if (!status)
        nnp_training_message(training, "report: %s/index.html%s", config->report_folder,
                             drawn ? "" : " (without figures, as gnuplot could not draw them)");
    free(text);
    nnp_potential_free(potential);
    return status;
}
