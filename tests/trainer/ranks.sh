#!/bin/sh
# The potential and the losses of a training are the same, bit by bit, on any number of ranks.
# usage: ranks.sh NNP-TRAIN MAKE_DATA MPIEXEC FOLDER
set -eu
train=$1 make_data=$2 mpiexec=$3
rm -rf "$4"
mkdir -p "$4"
cd "$4"

"$make_data" data.extxyz 60 1
cat > train.yaml <<'END'
version: 1
title: ranks
elements: [Li, Au]
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4], r_shift: 0}]
  angular: [{type: wide, eta: 0.02, lambda: [1, -1], zeta: [1, 2]}]
network: {hidden: [5, 5], activation: tanh}
scaling: {method: sigma, target: [0, 1]}
starts: {number: 4, iterations: 3, seed: 5}
committee: 2
loss: {normalization: mean}
stages:
  - {name: energies, energy: 1, iterations: 10}
  - {name: all, energy: 1, forces: 0.1, stress: 0.1, regularization: 1e-8, iterations: 15}
  - {name: filter, energy: 1, forces: 0.1, stress: 0.1, regularization: 1e-8,
     optimizer: kalman, iterations: 5}
  - {name: small batches, energy: 1, forces: 0.1, stress: 0.1,
     optimizer: kalman, batch: 3, iterations: 5}
output: {potential: out.nnp, learning_curve: out.csv, save_every: 4}
END

SOURCE_DATE_EPOCH=1700000000
export SOURCE_DATE_EPOCH

# run NAME RANKS THREADS: must give what the first of its kind gave.
run() {
    if [ "$2" = 1 ]; then
        OMP_NUM_THREADS=$3 "$train" "$1.yaml" > "log.$1.$2.$3"
    else
        OMP_NUM_THREADS=$3 "$mpiexec" -n "$2" "$train" "$1.yaml" > "log.$1.$2.$3"
    fi
    mv out.nnp "potential.$1.$2.$3"
    cut -d, -f1-4,6- out.csv > "curve.$1.$2.$3" # without the seconds
    cmp "potential.$1.1.1" "potential.$1.$2.$3"
    cmp "curve.$1.1.1" "curve.$1.$2.$3"
}

for threads in 1 3; do
    run train 1 "$threads"
done
for n in 2 3 4; do
    run train "$n" 1
done
# By messages, as between nodes.
for n in 2 3; do
    NNP_SHARED_MEMORY=off run train "$n" 1
done
grep -q '2023-11-14T22:13:20Z' potential.train.1.1
[ "$(wc -l < curve.train.1.1)" = 71 ]

# Jacobians of some structures, and of none, are evaluated anew each time.
for memory in 250 0; do
    { echo "memory: $memory kB"; cat train.yaml; } > "part$memory.yaml"
    run "part$memory" 1 1
    run "part$memory" 1 3
    run "part$memory" 2 2
    grep -q 'of which a part is evaluated each time' "log.part$memory.1.1"
done

# Enough blocks for three ranks to take some from one another, stored and evaluated anew.
"$make_data" many.extxyz 160 2
sed 's/data.extxyz/many.extxyz/; s/committee: 2/committee: 1/; s/iterations: 15/iterations: 40/
    /filter/,/kalman/d; /small batches/,/kalman/d' train.yaml > many.yaml
{ echo 'memory: 300 kB'; cat many.yaml; } > manypart.yaml
for layout in '1 1' '2 2' '3 1' '3 2'; do
    run many ${layout% *} ${layout#* }
    run manypart ${layout% *} ${layout#* }
done
grep -q 'of which a part is evaluated each time' log.manypart.3.2

# Principal components, from all structures.
{ echo 'projection: {method: pca, variance: 0.9999}'; cat train.yaml; } > projected.yaml
for layout in '1 1' '1 3' '3 1'; do
    run projected ${layout% *} ${layout#* }
done
grep -q 'principal components' log.projected.1.1
! cmp -s potential.projected.1.1 potential.train.1.1

# What depends on all structures, committee members and initial potentials.
cp potential.train.1.1 first.nnp
cat > further.yaml <<'END'
version: 1
elements: [Li, Au]
initial: first.nnp
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
committee: {members: 2, resample: bootstrap}
loss:
  normalization: mean
  energy_weights: {above: hull, scale: 0.1}
  force_weights: {scale: 1}
  robust: {function: cauchy, energy: 0.05, forces: 0.5, stress: 0.05}
stages:
  - {energy: auto, forces: auto, stress: auto, iterations: 8, freeze: {elements: Au, layers: [1, 2]}}
  - {energy: auto, forces: 1, optimizer: kalman, iterations: 4, tolerance: 1e-9,
     freeze: {layers: 1}, target: {energy: 1e-6}, time: 1000}
output: {potential: out.nnp, learning_curve: out.csv}
END
for layout in '1 1' '1 2' '3 1'; do
    run further ${layout% *} ${layout#* }
    grep '^spread of 2 members' "log.further.${layout% *}.${layout#* }" > spread
    [ -e first.spread ] || cp spread first.spread
    cmp first.spread spread
done
