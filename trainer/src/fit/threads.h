/* Threads of a process; the only user of OpenMP's library, besides the directives. */
#ifndef NNP_THREADS_H
#define NNP_THREADS_H

/* How many a parallel region has (OMP_NUM_THREADS), and the number of the caller in it. */
int nnp_threads(void);
int nnp_thread(void);

#endif
