/* What the files of the normal equations share. */
#ifndef NNP_NORMAL_EQUATIONS_PARTS_H
#define NNP_NORMAL_EQUATIONS_PARTS_H

#include "batch_plan.h"
#include "batches.h"
#include "descriptor_layout.h"
#include "loss_kernels.h"
#include "loss_parts.h"
#include "network_rows.h"
#include "normal_equations.h"
#include "shared_memory.h"
#include "turns.h"

/* Of one thread. */
struct nnp_rows_work {
    struct nnp_network_rows **rows; /* [n_elements] */
    double *transposed;             /* J^T of a chunk, [n_parameters][chunk's rows + 1] */
    double *folded;                 /* the same of a folded network; NULL: no projection */
    double *slice;                  /* Jacobian of descriptors for a chunk's coordinates */
    int loaded; /* structure that the networks hold: of a message, or of member k, -2 - k */
};

/* Rows of a structure that other ranks than its owner evaluate, or may evaluate: first .. first
 * + n_rows - 1 of the member.  data: values of symmetry functions [n_elements][n_own]
 * [n_functions], sqrt f and r [n_rows] each, and the Jacobian's columns of these rows, chunk by
 * chunk [n_rows of the layout][the chunk's columns]. */
struct nnp_rows_message {
    int member, from, to, first_chunk, n_chunks, first, n_rows, n_columns;
    bool is_laid_out;
    struct nnp_descriptor_layout layout;
    size_t n_values, n; /* doubles of values and of all */
    size_t offset;      /* of data in the memory of all messages */
    double *data;
    struct nnp_shared_request request;
};

/* A chunk that is for the rank that comes to it first. */
struct nnp_open_chunk {
    int message, chunk; /* chunk: of the member */
    bool is_planned;    /* for this rank, which takes it unless another one has */
    int distance;       /* the least come first */
};

struct nnp_normal_equations {
    struct nnp_loss *loss;
    const struct nnp_loss_kernels *kernels;
    struct nnp_batches batches;
    struct nnp_batch_plan plan;
    int *selected;               /* [batch], structures */
    int n_free, most_functions;  /* the latter of an element */
    int *free;                   /* [n_free], parameters */
    int *first_free;             /* [n_elements + 1], among the free ones */
    int *first_used, *last_used; /* [n_structures], elements */
    struct nnp_rows_work *works; /* [n_works of the loss] */
    int n_messages;
    struct nnp_rows_message *messages; /* [n_messages] of this rank, of at most 2 batch */
    struct nnp_turns turns;            /* [batch][most_chunks] */
    bool is_open;                      /* the messages are of open chunks, for all ranks */
    int most_chunks, n_open;
    struct nnp_open_chunk *open;   /* [n_open], in this rank's order */
    struct nnp_shared_memory mail; /* data of the messages of all ranks */
    struct nnp_shared_memory rows; /* [n_rows][n_free + 2] */
    struct nnp_measured_run *runs; /* [batch] */
    double *diagonal, *vector;     /* [n_free] */
    double *factors, *residuals;   /* [n_factors], sqrt f and r of the rows of own members */
    size_t n_factors;
    bool *is_later; /* [batch], members whose chunks are evaluated after all others */
    bool failed;    /* no memory for this batch */
    struct nnp_measurements result;
};

/* What the rows of a chunk are found from. */
struct nnp_rows_source {
    const struct nnp_descriptor_layout *layout;
    const double *slice;               /* [n_rows of the layout][the chunk's columns]; NULL:
                                          that is missing */
    const double *factors, *residuals; /* of the chunk's rows */
};

/* Evaluates chunk i of member k.  The loss work's networks hold the structure. */
void nnp_rows_evaluate(struct nnp_normal_equations *equations, int thread, int k, int i,
                       const struct nnp_rows_source *source);

enum { NNP_LOADED_NOTHING = -1 };

/* Of normal_equations_structure.c.  Member k on its owner: residuals, what others need, and
 * this rank's chunks, unless threads are to share them later: then, chunk i of a member. */
void nnp_rows_evaluate_own(struct nnp_normal_equations *equations,
                           const struct nnp_loss_terms *terms, int k);
void nnp_rows_evaluate_later(struct nnp_normal_equations *equations, int k, int i);

/* A chunk of a message whose data are there. */
void nnp_rows_evaluate_foreign(struct nnp_normal_equations *equations, int message, int i);

/* Collective, when no rank reads what is there any more.  Memory for at least n doubles, the
 * same on all ranks, whose contents are lost.  Failure is that of all ranks. */
enum nnp_status nnp_rows_reserve(const struct nnp_parallel *parallel, size_t n,
                                 struct nnp_shared_memory *memory) NNP_MUST_CHECK;

#endif
