#!/bin/sh
# nnp-train besides training: --check, --template, --dry-run, --scan.
# usage: modes.sh NNP-TRAIN NNP-INFO MAKE_DATA MPIEXEC FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 info=$2 make_data=$3 mpiexec=$4
rm -rf "$5"
mkdir -p "$5"
cd "$5"
export OMP_NUM_THREADS=1

"$make_data" data.extxyz 30 1
"$make_data" more.extxyz 10 2
cat > base.yaml <<'END'
title: "a, b: \"c\""
elements: [Li, Au]
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4]}]
network: {hidden: [4]}
starts: {number: 2, iterations: 2, seed: 5}
stages:
  - {energy: 1, forces: 0.1, iterations: 10}
  - {energy: 1, forces: 0.1, optimizer: kalman, iterations: 3}
output: {potential: base.nnp, test_set: held.extxyz}
END

# ---- --check: ranges, distances and outliers by hand ----
"$train" --check base.yaml > out
atoms=$(awk 'NF == 1 { n += $1 } END { print n }' data.extxyz)
grep -q "^data: 30 structures of .* $atoms in all; .* 2 groups\$" out || fail "counts"
grep -q "^Au: $(grep -c '^Au ' data.extxyz) atoms in " out || fail "atoms of an element"
largest=$(awk '$1 == "Li" || $1 == "Au" { for (k = 5; k <= 7; k++) if ($k > m) m = $k }
    END { printf "%.5g", m }' data.extxyz)
grep -q "^force components (eV/A): .* to $largest (" out || fail "largest force $largest"
grep -q '^shortest distances (Angstrom): Li-Li [0-9.]* (data.extxyz:[0-9]*), Li-Au ' out ||
    fail "shortest distances"
cat > pair.extxyz <<'END'
2
energy=-1 pbc="F F F" Properties=species:S:1:pos:R:3:forces:R:3
Li 0 0 0 500 0 0
Au 1.25 0 0 -500 0 0
END
cat data.extxyz pair.extxyz > outlier.extxyz
sed 's/data.extxyz/outlier.extxyz/' base.yaml > outlier.yaml
"$train" --check outlier.yaml > out
line=$(($(wc -l < data.extxyz) + 1))
grep -q "^far from the others: outlier.extxyz:$line, a force component of 500 eV/A" out ||
    fail "outlier of forces"
grep -q "Li-Au 1.250 (outlier.extxyz:$line)" out || fail "shortest distance of a pair"
grep -q ' 1 clusters' out || fail "clusters"

# ---- --template: runs as it is; its comments count the data ----
mkdir sub
(cd sub && "$train" --template ../data.extxyz ../more.extxyz > train.yaml)
grep -q '^# 40 structures of ' sub/train.yaml || fail "counts in the template"
"$train" --check sub/train.yaml > out || fail "the template is refused"
sed -i 's/iterations: 1000/iterations: 10/; s/number: 10/number: 2/' sub/train.yaml
"$train" --quiet sub/train.yaml > out || fail "the template does not train"
"$info" sub/potential.nnp > out
[ -s sub/report/index.html ] || fail "the template's report"
"$train" --template pair.extxyz > pair.yaml
"$train" --check pair.yaml > out || fail "the template of a single structure is refused"
sed 's/ energy=[^ ]*//; s/:forces:R:3/:velo:R:3/' data.extxyz > nothing.extxyz
expect 1 'neither energies nor forces' "$train" --template nothing.extxyz
expect 1 'missing.extxyz' "$train" --template missing.extxyz
expect 2 'no data file' "$train" --template

# ---- --dry-run: stages and members, nothing is written ----
"$train" --dry-run base.yaml > out
grep -q '^memory of each rank: about [0-9]' out || fail "memory of a dry run"
grep -q '^random starts: 2 of 2 iterations' out || fail "starts of a dry run"
grep -q '^stage 2: 3 iterations of [0-9.e-]* s' out || fail "stages of a dry run"
grep -q '^in all about [0-9]' out || fail "time of a dry run"
[ ! -e base.nnp ] && [ ! -e held.extxyz ] || fail "a dry run wrote something"
# The memory of descriptors is that of all structures, though some are measured.
"$make_data" many.extxyz 2500 3
sed 's/data.extxyz/many.extxyz/; s/0.02, 0.1, 0.4/0.02, 0.1, 0.4, 1, 2, 3, 4, 5/' base.yaml > many.yaml
"$train" --dry-run many.yaml > out
awk '/^memory: / { all = $2 + $7 } /^memory of each/ { sub(/.*descriptors /, ""); said = $0 + 0 }
    END { exit !(all > 10 && (said - all) ^ 2 < 2) }' out || fail "descriptors of a dry run"
"$mpiexec" -n 2 "$train" --dry-run base.yaml > out
grep -q 'on 2 ranks' out || fail "a dry run on 2 ranks"

# ---- --scan: all combinations, a table, and what is done stays ----
cat > scan.yaml <<'END'
base: base.yaml
vary:
  symmetry_functions.cutoff.radius: [4, 5]
  network.hidden: [[4], [3, 3]]
  stages.1.iterations: [10]
  symmetry_functions.radial.1.r_shift: [0, [0, 1]]
END
"$train" --scan scan.yaml > out
[ "$(wc -l < scan.csv)" = 9 ] || fail "lines of the table"
grep -q '^run  *symmetry_functions.cutoff.radius ' scan.txt || fail "head of the table"
grep -q '^scan-4-3_3-10-0_1,4,"\[3, 3\]",10,"\[0, 1\]",24,110,' scan.csv || fail "a line"
awk -F, 'NR > 1 && $NF == "" { exit 1 }' scan.csv || fail "a result is missing"
# The base's own values give its own potential.
"$train" --quiet base.yaml
grep -v created: base.nnp > expected
grep -v created: scan-5-4-10-0.nnp | cmp - expected || fail "a run is not the training it stands for"
"$info" scan-5-4-10-0.nnp | grep -q 'a, b: "c"' || fail "a text of the base"

touch -d '2001-01-01' scan-*.nnp
rm scan-4-4-10-0.nnp
sed -i 's/radius: \[4, 5\]/radius: [4, 5, 4.5]/' scan.yaml
"$mpiexec" -n 2 "$train" --scan scan.yaml > out
[ "$(grep -c 'is done' out)" = 7 ] || fail "runs that were done"
[ "$(find . -name 'scan-*.nnp' -newermt '2002-01-01' | wc -l)" = 5 ] || fail "runs that were not"
[ "$(wc -l < scan.csv)" = 13 ] || fail "lines of the longer table"

# Other data: no result of the old ones stays in the table.
printf 'base: base.yaml\nvary: {network.hidden: [[4], [3]]}\n' > changed.yaml
count_done() { "$train" --scan changed.yaml > out; grep -c 'is done' out || true; }
[ "$(count_done)" = 0 ] || fail "runs that are new"
cp data.extxyz all.extxyz
head -n "$(awk 'NF == 1 && ++n == 29 { print NR - 1 }' all.extxyz)" all.extxyz > data.extxyz
[ "$(count_done)" = 0 ] || fail "runs with other data"
if grep -v created: changed-4.nnp | cmp -s - expected; then fail "a run of other data"; fi
cp all.extxyz data.extxyz
[ "$(count_done)" = 0 ] || fail "runs with the data before"
grep -v created: changed-4.nnp | cmp - expected || fail "a run with the data before"
[ "$(count_done)" = 2 ] || fail "runs with the same data"
rm data.extxyz
expect 1 'data.extxyz' "$train" --scan changed.yaml
mv all.extxyz data.extxyz

# A run that was ended goes on where it was; one of a base that has changed begins anew.
sed 's/iterations: 10}/iterations: 100000}/' base.yaml > long.yaml
printf 'base: long.yaml\nvary: {network.hidden: [[4]]}\n' > ended.yaml
"$train" --scan ended.yaml > out 2> err &
process=$!
while [ ! -s ended-4.csv ]; do
    kill -0 "$process" || fail "the scan ended by itself"
    sleep 0.02
done
kill -TERM "$process"
status=0
wait "$process" || status=$?
[ "$status" = 130 ] || fail "exit status $status of an ended scan"
[ -e ended-4.nnp.checkpoint ] || fail "no checkpoint of an ended scan"
sed -i 's/iterations: 100000}/iterations: 20}/' long.yaml
"$train" --scan ended.yaml > out
[ ! -e ended-4.nnp.checkpoint ] || fail "a checkpoint of another configuration stays"
[ "$(wc -l < ended.csv)" = 2 ] || fail "the table of an ended scan"

# ---- Mistakes ----
for case in \
    's/network.hidden/network.hiden/;unknown key .hiden' \
    's/network.hidden/netwrk.hidden/;scan.bad.yaml:4:3: .*leads nowhere' \
    's/stages.1/stages.3/;stages.3.iterations' \
    's/\[4, 5, 4.5\]/[4, 4]/;two runs would have the name' \
    's/\[4, 5, 4.5\]/[]/;at least one' \
    's/base.yaml/missing.yaml/;missing.yaml' \
    's/vary/varies/;varies'; do
    sed "${case%;*}" scan.yaml > scan.bad.yaml
    expect 1 "${case##*;}" "$train" --scan scan.bad.yaml
done
expect 2 'plain training' "$train" --scan --resume scan.yaml
expect 2 'exclude each other' "$train" --restart --resume base.yaml
