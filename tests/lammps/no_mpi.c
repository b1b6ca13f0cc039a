/* Opened before LAMMPS, it makes that one pass for a LAMMPS without MPI, for the test of the
 * plugin's question. */

int lammps_config_has_mpi_support(void);

int lammps_config_has_mpi_support(void)
{
    return 0;
}
