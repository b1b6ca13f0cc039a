#!/bin/sh
# With data in a scratch folder a training gives the same bits; a folder that is missing and a full
# disk are one clear error, and nothing is left in the folder.
# usage: scratch.sh NNP-TRAIN MAKE_DATA MPIEXEC FOLDER
set -eu
train=$1 make_data=$2 mpiexec=$3
rm -rf "$4"
mkdir -p "$4/files"
cd "$4"

"$make_data" data.extxyz 30 1
cat > plain.yaml <<'END'
elements: [Li, Au]
data: {files: data.extxyz, test_fraction: 0.2}
repulsion: {type: zbl, inner: 0.5, outer: 1.5}
memory: 100 kB
symmetry_functions:
  cutoff: {radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4]}]
network: {hidden: [4]}
starts: {number: 1}
stages: [{energy: 1, forces: 0.1, iterations: 5}]
output: {potential: out.nnp}
END
{ echo 'scratch: files'; cat plain.yaml; } > scratch.yaml
{ echo 'scratch: nowhere'; cat plain.yaml; } > nowhere.yaml
{ echo 'scratch: small'; cat plain.yaml; } > full.yaml

SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH
"$train" plain.yaml > log.plain
mv out.nnp plain.nnp
"$train" scratch.yaml > log.scratch
cmp plain.nnp out.nnp
OMP_NUM_THREADS=2 "$mpiexec" -n 2 "$train" scratch.yaml > log.ranks
cmp plain.nnp out.nnp
[ -z "$(ls -A files)" ]

# refuses CONFIG WORDS: fails with them in its only line, and leaves the potential alone.
refuses() {
    ! "$train" "$1" > out 2> message
    grep -q "$2" message
    [ "$(wc -l < message)" = 1 ]
    cmp plain.nnp out.nnp
}

refuses nowhere.yaml 'cannot create a scratch file in nowhere'
mkdir small
if mount -t tmpfs -o size=1m none small 2> mount.log; then
    trap 'umount small' EXIT
    refuses full.yaml 'to the scratch folder small, which has .* No space left'
    [ -z "$(ls -A small)" ]
else
    echo 'skipped: a full disk, as no small file system can be mounted'
fi
