/* Chooses the instruction set at run time. */
#include "loss_kernels.h"

#include "kernels/instruction_set.h"

extern const struct nnp_loss_kernels nnp_loss_kernels_plain;
#ifdef NNP_HAVE_X86_KERNELS
extern const struct nnp_loss_kernels nnp_loss_kernels_avx2;
extern const struct nnp_loss_kernels nnp_loss_kernels_avx512;
#endif

static const struct nnp_loss_kernels *const kernels[] = {
    &nnp_loss_kernels_plain,
#ifdef NNP_HAVE_X86_KERNELS
    &nnp_loss_kernels_avx2,
    &nnp_loss_kernels_avx512,
#endif
};

const struct nnp_loss_kernels *nnp_loss_kernels_select(void)
{
    return kernels[nnp_instruction_set_choose()];
}
