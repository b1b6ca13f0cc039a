#!/bin/bash
# The SLURM example, with stand-ins for SLURM's commands: a job that is told that its time is up
# ends with a checkpoint and asks for another turn, in which the training is completed.
# usage: slurm.sh NNP-TRAIN MAKE_DATA EXAMPLE FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 make_data=$2 example=$3
rm -rf "$4"
mkdir -p "$4/bin"
cd "$4"
export SOURCE_DATE_EPOCH=1700000000 OMP_NUM_THREADS=1 SLURM_JOB_ID=17 PATH=$PWD/bin:$PATH

printf '#!/bin/sh\necho $$ > pid\nexec "$@"\n' > bin/srun
printf '#!/bin/sh\nkill -"${1#--signal=}" "$(cat pid)"\n' > bin/scancel
printf '#!/bin/sh\necho "$@" > queue\n' > bin/scontrol
chmod +x bin/*
ln -s "$train" bin/nnp-train

"$make_data" data.extxyz 20 1
cat > train.yaml <<'END'
elements: [Li, Au]
data: {files: data.extxyz}
symmetry_functions:
  cutoff: {radius: 5}
  radial: [{eta: [0.02, 0.1]}]
network: {hidden: [4]}
starts: {number: 2, iterations: 2}
stages: [{energy: 1, forces: 0.1, iterations: 5000}]
output: {potential: out.nnp, learning_curve: curve.csv}
END
"$train" --quiet train.yaml
mv out.nnp whole.nnp
rm curve.csv

"$example" train.yaml > log 2>&1 &
job=$!
while [ ! -s curve.csv ]; do
    kill -0 "$job" || fail "the job ended by itself"
    sleep 0.02
done
kill -TERM "$job"
wait "$job" || fail "exit status $? of the job that was told to end"
[ "$(cat queue)" = "requeue 17" ] || fail "the job was not queued again"
[ -e out.nnp.checkpoint ] || fail "there is no checkpoint"
rm queue

"$example" train.yaml > log 2>&1 || fail "exit status $? of the second turn"
grep -q '^resumed: ' log || fail "the second turn did not resume"
[ ! -e queue ] || fail "a complete job was queued again"
cmp out.nnp whole.nnp
