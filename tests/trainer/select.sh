#!/bin/sh
# nnp-select from outside: each way of choosing, what it writes, and what it refuses.
# usage: select.sh NNP-SELECT NNP-TRAIN NNP-CONVERT MAKE_DATA FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
select=$1 train=$2 convert=$3 make_data=$4
rm -rf "$5"
mkdir -p "$5"
cd "$5"
export OMP_NUM_THREADS=1

"$make_data" data.extxyz 60 1
"$make_data" more.extxyz 20 2
cat > committee.yaml <<'END'
elements: [Li, Au]
data: {files: more.extxyz, test_fraction: 0}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4]}]
network: {hidden: [4]}
starts: {number: 1, iterations: 0, seed: 5}
committee: 3
stages: [{energy: 1, iterations: 3}]
output: {potential: p.nnp}
END
"$train" committee.yaml > out

expect 0 '^usage: nnp-select' "$select" --help
expect 0 '^nnp-select [0-9]' "$select" --version

# By components: the number wanted, marked in the table, and the same ones again.
expect 0 'chosen.extxyz: 5 of 60 structures chosen, 20 held' "$select" p.nnp data.extxyz \
    -o chosen.extxyz -n 5 --against more.extxyz --csv map.csv
grep -q '^mean and deviation: 26 numbers' out || fail "kind of features"
[ "$(grep -c Lattice chosen.extxyz)" = 5 ] || fail "structures"
[ "$(head -1 map.csv)" = 'set,file,line,chosen,component_1,component_2' ] || fail "title"
[ "$(grep -c '^candidate,"data.extxyz",' map.csv)" = 60 ] || fail "candidates"
[ "$(grep -c '^held,"more.extxyz",[0-9]*,0,' map.csv)" = 20 ] || fail "held"
[ "$(awk -F, '$4 > 0' map.csv | tail -n +2 | wc -l)" = 5 ] || fail "marks"
expect 0 ' 5 of 60 ' "$select" p.nnp data.extxyz -o again.extxyz -n 5 --against more.extxyz
cmp chosen.extxyz again.extxyz

# What is chosen is spread out: no two of ten are closer than the ones left out are to them.
expect 0 ' 10 of 60 ' "$select" p.nnp data.extxyz -o ten.extxyz -n 10 --csv map.csv
awk -F, 'NR > 1 { n++; x[n] = $5; y[n] = $6; c[n] = $4 }
    function d(i, j) { return sqrt((x[i] - x[j]) ^ 2 + (y[i] - y[j]) ^ 2) }
    END {
        apart = 1e9
        for (i = 1; i <= n; i++) {
            near = 1e9
            for (j = 1; j <= n; j++)
                if (c[j] > 0 && j != i && d(i, j) < near) near = d(i, j)
            if (c[i] > 0 && near < apart) apart = near
            if (c[i] == 0 && near > farthest) farthest = near
        }
        exit !(farthest <= apart)
    }' map.csv || fail "spread of the choice"

# The others; the default number is a hundredth, and nothing of what is there already.
expect 0 ' 1 of 60 ' "$select" p.nnp data.extxyz -o one.extxyz --by farthest
expect 0 ' 6 of 60 ' "$select" p.nnp data.extxyz -o six.extxyz --by spread --fraction 0.1 --csv map.csv
awk -F, 'NR > 1 && $4 > 0 && (low == "" || $5 < low) { low = $5 }
    NR > 1 && $4 == 0 && $5 > high { high = $5 } END { exit !(low >= high) }' map.csv ||
    fail "largest spreads"
expect 0 'extr.extxyz: [0-9]* of 60' "$select" p.nnp data.extxyz -o extr.extxyz --by extrapolation -n 4
expect 1 'nothing to choose: no extrapolation' "$select" p.nnp more.extxyz -o none.extxyz --by extrapolation
expect 1 'all are like those held' "$select" p.nnp more.extxyz -o none.extxyz --against more.extxyz
[ ! -e none.extxyz ] || fail "a refused choice left a file"

# Frames of one kind side by side, out of a dump, without references and close atoms.
cat > run.lammpstrj <<'END'
ITEM: TIMESTEP
0
ITEM: NUMBER OF ATOMS
2
ITEM: BOX BOUNDS pp pp pp
0 5
0 5
0 5
ITEM: ATOMS id type x y z fx fy fz
1 1 0 0 0 1 0 0
2 2 2.5 2.5 2.5 -1 0 0
END
for step in 1 2 3 4; do
    head -10 run.lammpstrj | sed "2s/.*/$step/; 10s/0 0 0 1/0 0.$step 0 1/"
    if [ "$step" = 4 ]; then echo "2 2 0 0.5 0 0 0 0"; else echo "2 2 2.5 2.5 2.5 -1 0 0"; fi
done > rest.lammpstrj
expect 1 'elements of the types must be given' "$select" p.nnp run.lammpstrj -o dump.extxyz
expect 0 ' 2 of 4 structures chosen' "$select" p.nnp run.lammpstrj rest.lammpstrj -o dump.extxyz \
    --types Li,Au -n 2 --min-distance 1.5 --strip
grep -q '^atoms side by side: 12 numbers' out || fail "side by side"
grep -q 'rest.lammpstrj:34: atoms 1 and 2 are 0.100 Angstrom apart: left out' err || fail "close"
[ "$(grep -c 'step=' dump.extxyz)" = 2 ] && ! grep -q force dump.extxyz || fail "stripped"

# Usage and failures
expect 2 'are needed' "$select" p.nnp data.extxyz
expect 2 'are needed' "$select" p.nnp -o x.extxyz
expect 2 '--by cannot be luck' "$select" p.nnp data.extxyz -o x.extxyz --by luck
expect 2 '-n cannot be 0' "$select" p.nnp data.extxyz -o x.extxyz -n 0
expect 2 'give either -n or --fraction' "$select" p.nnp data.extxyz -o x.extxyz -n 1 --fraction 0.5
expect 2 'unexpected argument -x' "$select" p.nnp data.extxyz -x 3
expect 2 'another name' "$select" p.nnp data.extxyz -o ./data.extxyz
expect 2 'another name' "$select" p.nnp data.extxyz -o x.extxyz --against more.extxyz --csv more.extxyz
expect 2 'two outputs' "$select" p.nnp data.extxyz -o x.extxyz --csv x.extxyz
expect 1 'missing.extxyz' "$select" p.nnp missing.extxyz -o x.extxyz
expect 1 'same elements in the same order only' "$select" p.nnp data.extxyz -o x.extxyz --features atoms
sed 's/^Au /Cu /' data.extxyz > copper.extxyz
expect 1 'copper.extxyz:[0-9]*: .*Cu' "$select" p.nnp copper.extxyz -o x.extxyz
sed 's/committee: 3/committee: 1/; s/p.nnp/single.nnp/' committee.yaml > single.yaml
"$train" single.yaml > out
expect 1 'one member' "$select" single.nnp data.extxyz -o x.extxyz --by spread
[ ! -e x.extxyz ] || fail "a refused choice left a file"
"$convert" chosen.extxyz -o copy.xyz > out
