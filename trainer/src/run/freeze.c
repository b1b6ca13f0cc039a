/* Conditions against parameters, layer by layer. */
#include "freeze.h"

static bool holds(const struct nnp_freeze *freeze, int element, int layer, bool known)
{
    return (!freeze->elements || freeze->elements[element]) &&
           (!freeze->layers || (layer < 32 && (freeze->layers >> layer & 1u))) &&
           (!freeze->known || known);
}

int nnp_freeze_find_free(const struct nnp_stage *stage, const struct nnp_potential *model,
                         const bool *known, int *free)
{
    int n_free = 0, k = 0;
    for (int e = 0; e < model->n_elements; e++)
        for (int l = 0; l < model->networks[e].n_layers; l++) {
            const struct nnp_layer *layer = &model->networks[e].layers[l];
            for (int end = k + (layer->n_inputs + 1) * layer->n_outputs; k < end; k++) {
                bool frozen = false;
                for (int f = 0; f < stage->n_freeze && !frozen; f++)
                    frozen = holds(&stage->freeze[f], e, l, known && known[k]);
                if (!frozen)
                    free[n_free++] = k;
            }
        }
    return n_free;
}
