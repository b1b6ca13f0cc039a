#!/bin/sh
# Runs a command with a temporary folder of its own for Open MPI: processes that end remove a
# shared one, also while others begin.
# usage: own_mpi_folder.sh COMMAND..
folder=$(mktemp -d "${TMPDIR:-/tmp}/nnp-mpi.XXXXXX") || exit 1
status=0
OMPI_MCA_orte_tmpdir_base=$folder "$@" || status=$?
rm -rf "$folder"
exit "$status"
