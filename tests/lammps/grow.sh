#!/bin/sh
# The example lammps-inputs/auli/grow.yaml with LAMMPS itself, fewer and shorter runs, and the
# potential that is grown as reference: what it calculates for LAMMPS' frames has no error.
# usage: grow.sh LMP PLUGIN NNP-GROW NNP-TRAIN NNP-PREDICT SOURCE FOLDER; skipped (77) without LMP
set -eu
lmp=$1 plugin=$2 grow=$3 train=$4 predict=$5 source=$6
if [ ! -x "$lmp" ]; then
    echo "skipped: no LAMMPS executable $lmp (set NNP_LMP)"
    exit 77
fi
rm -rf "$7"
mkdir -p "$7"
cd "$7"

potential=$source/potentials/AuLi/AuLi.nnp
awk 'NF == 1 { n++ } n > 10 { exit } 1' "$source/potentials/AuLi/auli.extxyz" > data.extxyz
sed "s|iterations: [0-9]*|iterations: 1|" "$source/lammps-inputs/auli/retrain.yaml" > retrain.yaml
sed "s|\.\./\.\./potentials/AuLi/AuLi\.nnp|$potential|; s|^data: .*|data: data.extxyz|; s|^folder: .*|folder: out|
    s|cycles: 5|cycles: 1|; s|^target|# target|
    s|\.\./\(own_mpi_folder\.sh\)|$source/lammps-inputs/\1|; s|\.\./\([a-z]*\.in\)|$source/lammps-inputs/\1|; s|decks \.\. |decks $source/lammps-inputs -var plugin $plugin |
    s|steps 10000 -var dump [0-9]*|steps 60 -var dump 20 -var equilibration 10|; s|T: \[\([0-9]*\),.*\]|T: \1|
    s|fraction: 0[.0-9]*|fraction: 0.3|; s|command: .*label_gpaw.*|command: $predict $potential {input} -o {output}|
    s|\.\./\.\./build/release/bin/nnp-train|$train|" "$source/lammps-inputs/auli/grow.yaml" > study.yaml

NNP_LMP=$lmp "$grow" study.yaml || { cat out/generation-1/runs/*/log study.yaml; exit 1; }
cd out/generation-1
cat runs.csv
# Frames of steps 0, 20, 40, 60; ramps begin between two of them.
awk -F, 'NR > 1 { n = NR < 21 ? 4 : 3; if ($3 != "exit status 0" || $4 != n || $5 != n) bad = 1 }
    END { exit bad || NR != 23 }' runs.csv
awk -F, 'NR > 1 && !($3 < 1e-9 && $4 < 1e-9 && $5 < 1e-9) { bad = 1 } END { exit bad || NR < 3 }' errors.csv
[ "$(grep -c Lattice labelled.extxyz)" = 26 ]
[ -s potential.nnp ]
