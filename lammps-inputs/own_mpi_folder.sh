#!/bin/sh
# Runs a command with a temporary folder of its own for Open MPI: processes that end remove a
# shared one, also while others begin, which then abort. PMIx's store in shared memory complains
# ("NO-PERMISSIONS") of what others leave; hash is the one in a process's own.
# usage: own_mpi_folder.sh COMMAND..
folder=$(mktemp -d "${TMPDIR:-/tmp}/nnp-mpi.XXXXXX") || exit 1
# A signal reaches the command too, which ends before the folder goes.
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
status=0
OMPI_MCA_orte_tmpdir_base=$folder PMIX_MCA_gds=hash "$@" || status=$?
exit "$status"
