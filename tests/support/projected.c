#include "projected.h"

#include "principal_components.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void project_inputs(struct nnp_potential *model, const struct nnp_fit_set *set, int n_left_out)
{
    for (int e = 0; e < model->n_elements; e++) {
        struct nnp_principal_components components;
        struct nnp_network behind;
        struct nnp_error error;
        const int size = model->descriptors[e].n_functions - (e == 0 ? n_left_out : 0);
        assert_int_equal(nnp_principal_components_find(&components, set, e, &error),
                         NNP_SUCCESS);
        assert_int_equal(nnp_principal_components_project(&components, size, e == 0,
                                                          &model->descriptors[e].projection,
                                                          NULL),
                         NNP_SUCCESS);
        assert_int_equal(nnp_network_init_like(&behind, &model->networks[e], size, NULL),
                         NNP_SUCCESS);
        nnp_network_free(&model->networks[e]);
        model->networks[e] = behind;
        nnp_principal_components_free(&components);
    }
}
