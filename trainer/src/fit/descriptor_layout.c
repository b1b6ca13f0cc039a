/* Layouts, and their sizes. */
#include "descriptor_layout.h"

#include <stdlib.h>
#include <string.h>

/* Functions that state no neighbors sum over all. */
static bool is_active(const struct nnp_symmetry *function, const bool *present)
{
    bool active = true;
    for (int k = 0; k < nnp_symmetry_n_neighbors(function->type); k++)
        active = active && present[function->neighbors[k]];
    return active;
}

/* Which elements of the potential the structure contains; NULL where memory fails. */
static bool *find_present(const struct nnp_potential *potential,
                          const struct nnp_structure *structure)
{
    bool *present = calloc((size_t)potential->n_elements, sizeof *present);
    for (int i = 0; present && i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        if (e >= 0)
            present[e] = true;
    }
    return present;
}

static bool allocate(struct nnp_descriptor_layout *layout)
{
    size_t n_atoms = (size_t)layout->n_atoms + 1, n_elements = (size_t)layout->n_elements;
    layout->elements = calloc(n_atoms, sizeof(int));
    layout->values = calloc(n_atoms, sizeof(int));
    layout->places = calloc(n_atoms, sizeof(int));
    layout->n_own = calloc(n_elements, sizeof(int));
    layout->n_active = calloc(n_elements, sizeof(int));
    layout->active = calloc(n_elements, sizeof(int *));
    return layout->elements && layout->values && layout->places && layout->n_own &&
           layout->n_active && layout->active;
}

static bool find_active(struct nnp_descriptor_layout *layout,
                        const struct nnp_potential *potential, const bool *present)
{
    for (int e = 0; e < potential->n_elements; e++) {
        const struct nnp_descriptor *descriptor = &potential->descriptors[e];
        layout->active[e] = calloc((size_t)descriptor->n_functions + 1, sizeof(int));
        if (!layout->active[e])
            return false;
        for (int k = 0; k < descriptor->n_functions; k++)
            if (is_active(&descriptor->functions[k], present))
                layout->active[e][layout->n_active[e]++] = k;
    }
    return true;
}

/* Rows of the Jacobian, element after element. */
static void place_atoms(struct nnp_descriptor_layout *layout)
{
    for (int e = 0; e < layout->n_elements; e++)
        for (int i = 0; i < layout->n_atoms && layout->n_own[e] > 0; i++)
            if (layout->elements[i] == e) {
                layout->places[i] = layout->n_rows;
                layout->n_rows += layout->n_active[e];
            }
}

bool nnp_descriptor_layout_init(struct nnp_descriptor_layout *layout,
                                const struct nnp_potential *potential,
                                const struct nnp_structure *structure, int *n_values)
{
    *layout = (struct nnp_descriptor_layout){.n_atoms = structure->n_atoms,
                                             .n_elements = potential->n_elements};
    bool *present = find_present(potential, structure);
    bool done = present && allocate(layout) && find_active(layout, potential, present);
    free(present);
    for (int i = 0; done && i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        layout->elements[i] = e < 0 ? 0 : e; /* evaluation will refuse the structure */
        layout->values[i] = n_values[layout->elements[i]]++;
        layout->n_own[layout->elements[i]]++;
    }
    if (done)
        place_atoms(layout);
    return done;
}

void nnp_descriptor_layout_free(struct nnp_descriptor_layout *layout)
{
    for (int e = 0; layout->active && e < layout->n_elements; e++)
        free(layout->active[e]);
    free(layout->active);
    free(layout->elements);
    free(layout->values);
    free(layout->places);
    free(layout->n_own);
    free(layout->n_active);
    *layout = (struct nnp_descriptor_layout){0};
}

int nnp_descriptor_layout_first(const struct nnp_descriptor_layout *layout, int element)
{
    int i = 0;
    while (layout->elements[i] != element)
        i++;
    return i;
}

int nnp_descriptor_layout_n_columns(const struct nnp_descriptor_layout *layout)
{
    return 3 * layout->n_atoms + 6;
}

double nnp_descriptor_layout_count(const struct nnp_potential *potential,
                                   const struct nnp_structure *structure)
{
    bool *present = find_present(potential, structure);
    double n_rows = 0.0;
    if (!present)
        return -1.0;
    for (int i = 0; i < structure->n_atoms; i++) {
        int e = nnp_potential_element_index(potential, structure->atomic_numbers[i]);
        for (int k = 0; e >= 0 && k < potential->descriptors[e].n_functions; k++)
            n_rows += is_active(&potential->descriptors[e].functions[k], present);
    }
    free(present);
    return n_rows;
}

int nnp_descriptor_most_functions(const struct nnp_potential *potential)
{
    int most = 0;
    for (int e = 0; e < potential->n_elements; e++)
        if (potential->descriptors[e].n_functions > most)
            most = potential->descriptors[e].n_functions;
    return most;
}
