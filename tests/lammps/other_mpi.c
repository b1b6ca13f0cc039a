/* Opened before an MPI library, it makes that one pass for another, for the test of the plugin's
 * question. */
#include <string.h>

int MPI_Get_library_version(char *version, int *length);

int MPI_Get_library_version(char *version, int *length)
{
    strcpy(version, OTHER_MPI);
    *length = (int)strlen(version);
    return 0;
}
