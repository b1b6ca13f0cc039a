/* Which version of the vector kernels runs. */
#ifndef NNP_KERNELS_INSTRUCTION_SET_H
#define NNP_KERNELS_INSTRUCTION_SET_H

enum nnp_instruction_set { NNP_PLAIN, NNP_AVX2, NNP_AVX512 };

/* The widest that the processor has, and the environment's NNP_SIMD ("plain", "avx2") allows.
 */
enum nnp_instruction_set nnp_instruction_set_choose(void);

#endif
