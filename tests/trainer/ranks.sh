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
  - {name: squares, energy: 1, forces: 0.1, stress: 0.1, regularization: 1e-8,
     optimizer: levenberg-marquardt, iterations: 5}
  - {name: sampled squares, energy: 1, forces: 0.1, stress: 0.1,
     optimizer: levenberg-marquardt, sample: 0.3, iterations: 5}
output: {potential: out.nnp, learning_curve: out.csv, save_every: 4}
END

SOURCE_DATE_EPOCH=1700000000 OMP_NUM_THREADS=1
export SOURCE_DATE_EPOCH OMP_NUM_THREADS
for n in 1 2 3 4; do
    if [ "$n" = 1 ]; then
        "$train" train.yaml > "log.$n"
    else
        "$mpiexec" -n "$n" "$train" train.yaml > "log.$n"
    fi
    mv out.nnp "potential.$n"
    cut -d, -f1-4,6- out.csv > "curve.$n" # without the seconds
    cmp potential.1 "potential.$n"
    cmp curve.1 "curve.$n"
done
grep -q '2023-11-14T22:13:20Z' potential.1
[ "$(wc -l < curve.1)" = 71 ]

# The same with what depends on all structures, committee members and initial potentials.
mv potential.1 first.nnp
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
  - {energy: auto, forces: 1, optimizer: levenberg-marquardt, iterations: 4, tolerance: 1e-9,
     freeze: {layers: 1}, target: {energy: 1e-6}, time: 1000}
output: {potential: out.nnp, learning_curve: out.csv}
END
for n in 1 2 3; do
    if [ "$n" = 1 ]; then
        "$train" further.yaml > "log.$n"
    else
        "$mpiexec" -n "$n" "$train" further.yaml > "log.$n"
    fi
    mv out.nnp "potential.$n"
    cut -d, -f1-4,6- out.csv > "curve.$n"
    cmp potential.1 "potential.$n"
    cmp curve.1 "curve.$n"
    grep '^spread of 2 members' "log.$n" > "spread.$n"
    cmp spread.1 "spread.$n"
done
