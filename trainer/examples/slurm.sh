#!/bin/bash
# A training under SLURM that outlives its time limit: three minutes before the limit the job
# tells nnp-train to write a checkpoint and end, and is queued again until the training is done.
#
#   sbatch slurm.sh config.yaml
#
#SBATCH --job-name=nnp-train
#SBATCH --ntasks=16
#SBATCH --cpus-per-task=1
#SBATCH --time=04:00:00
#SBATCH --signal=B:TERM@180
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --output=nnp-train.%j.log
set -eu
config=$1
export OMP_NUM_THREADS=${SLURM_CPUS_PER_TASK:-1}

# The checkpoint stands beside the potential unless the configuration says otherwise.
potential=$(sed -n 's/^.*potential: *\([^,}# ]*\).*$/\1/p' "$config")
checkpoint=$(dirname "$config")/$potential.checkpoint

arguments=()
if [ -e "$checkpoint" ] || [ -e "$checkpoint.previous" ]; then
    arguments=(--resume)
fi

# SLURM signals this script; scancel passes it on to all processes of the training.
trap 'scancel --signal=TERM "$SLURM_JOB_ID"' TERM

srun nnp-train "${arguments[@]}" "$config" &
training=$!
status=0
wait "$training" || status=$?
while kill -0 "$training" 2> /dev/null; do # the trap has ended the first wait
    status=0
    wait "$training" || status=$?
done

# 130: ended by a signal, with a checkpoint.
if [ "$status" -eq 130 ]; then
    scontrol requeue "$SLURM_JOB_ID"
    exit 0
fi
exit "$status"
