#!/bin/sh
# label_slurm.sh COMMAND INPUT OUTPUT: a labelling command as a job of Slurm, for nnp-grow. Waits for
# its end, and cancels it when it is ended itself.
#
#   label: {command: ./label_slurm.sh ./label_vasp.sh {input} {output}, jobs: 50}
#
# SBATCH_OPTIONS   such as "--ntasks=32 --time=2:00:00"; sbatch also heeds SBATCH_PARTITION, ..
set -eu
# shellcheck disable=SC2086
job=$(sbatch --parsable --output="$3.job" ${SBATCH_OPTIONS:-} --wrap "'$1' '$2' '$3'")
trap 'scancel "$job"; exit 130' INT TERM
while squeue --noheader --jobs="$job" 2> "$3.queue" | grep -q .; do
    sleep 10 &
    wait $!
done
[ -s "$3" ]
