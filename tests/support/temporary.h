/* A folder for the files of a test. */
#ifndef NNP_TEST_TEMPORARY_H
#define NNP_TEST_TEMPORARY_H

/* Makes an empty folder and enters it, so that tests use plain file names. For cmocka's setup
 * and teardown of a group: *state is the folder's path. */
int nnp_temporary_enter(void **state);

/* Leaves the folder and removes it with all files (no folders) in it. */
int nnp_temporary_leave(void **state);

/* Number of files in the current folder. */
int nnp_temporary_count(void);

#endif
