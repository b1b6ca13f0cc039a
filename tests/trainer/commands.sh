#!/bin/sh
# The commands from outside: what they write, how they refuse, what they leave.
# usage: commands.sh NNP-TRAIN NNP-PREDICT NNP-INFO MAKE_DATA MPIEXEC FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 predict=$2 info=$3 make_data=$4 mpiexec=$5
samples=$(cd "$(dirname "$0")/../data/formats" && pwd)
rm -rf "$6"
mkdir -p "$6"
cd "$6"
export OMP_NUM_THREADS=1

# configure FILE SED-SCRIPT: the good configuration with a change.
configure() {
    sed "$2" > "$1" <<'END'
version: 1
elements: [Li, Au]
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4], r_shift: 0}]
network: {hidden: [4], activation: tanh}
starts: {number: 2, iterations: 2, seed: 5}
stages:
  - {energy: 1, forces: 0.1, stress: 0.1, iterations: 10}
output: {potential: out.nnp, learning_curve: curve.csv, test_set: held.extxyz, save_every: 5}
END
}

"$make_data" data.extxyz 30 1
configure good.yaml ''

# ---- Words ----
"$train" --help | grep -q '^usage: nnp-train'
"$predict" --help | grep -q '^usage: nnp-predict'
"$train" --version | grep -q '^nnp-train [0-9]'
"$predict" --version | grep -q '^nnp-predict [0-9]'
expect 2 'no configuration' "$train"
expect 2 'unexpected argument --wrong' "$train" --wrong good.yaml
expect 2 'unexpected argument b' "$train" a b
expect 2 'are needed' "$predict" out.nnp
expect 2 'unexpected argument -x' "$predict" -x

# ---- A training ----
"$train" --check good.yaml > out
grep -q '24 for training, 6 for test' out || fail "--check"
[ ! -e out.nnp ] && [ ! -e curve.csv ] || fail "--check wrote something"
"$train" good.yaml > out
grep -q '^training  *24 ' out || fail "table of errors"
grep -q '^mixed ' out || fail "groups in the table"
[ "$(wc -l < curve.csv)" = 11 ] || fail "learning curve"
"$predict" out.nnp data.extxyz -o predicted.extxyz > table
grep -q '^all  *30 ' table
[ "$(grep -c Lattice predicted.extxyz)" = 30 ]

# The structures held out, and the errors that the training stated for them.
[ "$(grep -c Lattice held.extxyz)" = 6 ] || fail "test set"
"$predict" out.nnp held.extxyz > table
errors() { awk -v row="$1" '$1 == row { print $2, $3, $4, $5 }' "$2"; }
[ "$(errors all table)" = "$(errors test out)" ] || fail "errors of the test set"
expect 2 'is an input' "$predict" out.nnp data.extxyz -o data.extxyz
expect 2 'is an input' "$predict" out.nnp data.extxyz -o ./out.nnp

# ---- What the potential holds ----
"$info" --help | grep -q '^usage: nnp-info'
"$info" --version | grep -q '^nnp-info [0-9]'
expect 2 'one potential file' "$info"
"$info" out.nnp > description
grep -q '^Au: mass 196.967, .*, 6 symmetry functions$' description || fail "elements"
grep -q '^  radial Li  eta 0.1  r_shift 0  cutoff poly2 5$' description || fail "functions"
grep -q '^  network 6 - 4 tanh - 1 linear, 33 parameters$' description || fail "network"
grep -q '^RMSE  *training, 24 structures: energy ' description || fail "errors"
head -20 out.nnp > cut.nnp
expect 1 'cut.nnp:[0-9]*:' "$info" cut.nnp

# Data of another format, of which some steps are left out.
expect 0 'OUTCAR:50: .*left out (2 left out of this file)' "$predict" out.nnp "$samples/OUTCAR"
grep -q '^all  *2 ' out || fail "prediction of an OUTCAR"
configure outcar.yaml "s|data.extxyz|$samples/OUTCAR|; s/ stress: 0.1,//"
"$train" --check outcar.yaml > out
grep -q 'OUTCAR:50: .*left out (2 left out of this file)' out || fail "note of an OUTCAR"

# A prediction is its own reference: no errors.
"$predict" out.nnp predicted.extxyz --parity parity.csv > table
head -1 parity.csv | grep -q '^quantity,group,line,atom,component,reference,predicted$'
[ "$(grep -c '^energy,"[a-z]*",[0-9]*,0,0,' parity.csv)" = 30 ] || fail "parity of energies"
awk -F, 'NR > 1 && ($6 - $7) ^ 2 > 1e-20 { exit 1 }' parity.csv || fail "parity"
expect 2 'is an input' "$predict" out.nnp data.extxyz -o x.csv --parity x.csv
grep -Eq '^all +30 +0\.000 +0\.00 +0\.000$' table

# ---- A committee: its spread ----
configure committee.yaml 's/out.nnp/committee.nnp/; s/, learning_curve.*csv, test_set.*xyz//; $a\
committee: {members: 3, resample: 0.7}'
"$train" committee.yaml > out
grep -q '^spread of 3 members (test, 6 structures): E [0-9.]* meV/atom, F [0-9.]* meV/A, corr' out ||
    fail "spread after the training"
"$predict" committee.nnp held.extxyz -o spread.extxyz > table
[ "$(grep -c '^spread of' table)" = 1 ] && [ "$(sed -n 's/^spread.*: E/E/p' table)" = \
    "$(sed -n 's/^spread.*: E/E/p' out)" ] || fail "spread of the prediction"
[ "$(grep -c 'atomic_energy:R:1:force_spread:R:1 .* energy_spread=[0-9.e-]*$' spread.extxyz)" = 6 ] ||
    fail "spread in the output"
"$predict" committee.nnp spread.extxyz -o again.extxyz > table
cmp spread.extxyz again.extxyz || fail "a prediction predicted again"

# ---- A limit of time: the result is written ----
configure limit.yaml 's/out.nnp/limit.nnp/; s/, learning_curve.*csv, test_set.*xyz//; $a\
time: 1e-3'
"$train" limit.yaml > out
grep -q '^time limit reached, best so far: .*limit.nnp' out || fail "limit of time"
[ -s limit.nnp ]

# ---- Refusals; the existing potential stays as it is ----
cp out.nnp before.nnp
cp curve.csv before.csv
sed 's/^Au /Cu /' data.extxyz > copper.extxyz
awk 'NR == 3 { $2 = "nan" } { print }' data.extxyz > nan.extxyz
sed 's/ energy=[^ ]*//' data.extxyz > no_energy.extxyz
sed 's/:forces:R:3/:velo:R:3/' data.extxyz > no_forces.extxyz
grep -q velo no_forces.extxyz
head -5 data.extxyz > cut.extxyz # the first structure has four atoms
awk 'NR == 3 { line = $0 } NR == 4 { $0 = line } { print }' data.extxyz > same.extxyz

head -c 5000 "$train" > binary.extxyz
awk 'NR == 3 { NF-- } { print }' data.extxyz > columns.extxyz
sed 's/Lattice="[^"]*"/Lattice="4 0 0 0 4 0 4 4 0"/' data.extxyz > flat.extxyz

# A left-handed cell is as good as a right-handed one: the same structures, mirrored.
sed 's/Lattice="\([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\) \([^ ]*\) /Lattice="\4 \5 \6 \1 \2 \3 /' \
    data.extxyz > left.extxyz
"$predict" out.nnp data.extxyz > right.table
"$predict" out.nnp left.extxyz > left.table
cmp right.table left.table

expect 1 'missing.yaml' "$train" missing.yaml
for case in \
    's/elements:/elemnets:/;elemnets' \
    's/data.extxyz/missing.extxyz/;missing.extxyz' \
    's/data.extxyz/copper.extxyz/;copper.extxyz:[0-9]*:.*Cu' \
    's/data.extxyz/nan.extxyz/;nan.extxyz:3' \
    's/data.extxyz/no_energy.extxyz/;no_energy.extxyz:1: .*energy' \
    's/data.extxyz/no_forces.extxyz/;forces' \
    's/data.extxyz/cut.extxyz/;cut.extxyz' \
    's/data.extxyz/same.extxyz/;same.extxyz:1: atoms 1 and 2 are 0 Angstrom apart, expected at least 0.2' \
    's/data.extxyz/binary.extxyz/;binary.extxyz' \
    's/data.extxyz/columns.extxyz/;columns.extxyz:3: found 6 columns for atom 1 of 4, expected 7' \
    's/data.extxyz/flat.extxyz/;flat.extxyz:2: .*expected linearly independent vectors' \
    's/version: 1/version: 2/;newer nnp-train' \
    's/eta: \[0.02, 0.1, 0.4\]/eta: 1, n: 3/;either a number of functions or their parameters' \
    's/\[Li, Au\]/[Li, Au, Sn]/;Sn' \
    's/iterations: 10/iterations: ten/;ten' \
    's|out.nnp|no_such_folder/out.nnp|;no_such_folder' \
    's|held.extxyz|curve.csv|;test_set is .*another output' \
    's|curve.csv|no_such_folder/curve.csv|;no_such_folder'; do
    configure bad.yaml "${case%;*}"
    expect 1 "${case##*;}" "$train" bad.yaml
    cmp out.nnp before.nnp
    cmp curve.csv before.csv
done

# A failure that rank 0 alone finds, and one that the rank of a structure finds.
configure bad.yaml 's|curve.csv|no_such_folder/curve.csv|'
expect 1 'no_such_folder' "$mpiexec" -n 2 "$train" bad.yaml
configure bad.yaml 's/data.extxyz/same.extxyz/'
expect 1 'same.extxyz:1: ' "$mpiexec" -n 3 "$train" bad.yaml
cmp out.nnp before.nnp

# A folder that cannot be written: found before the training, and by every command that writes.
folder=$PWD
open=$(open_folder "$train" "$predict" data.extxyz out.nnp)
trap 'rm -rf "$open"' EXIT
cd "$open"
for case in 's|out.nnp|read_only/new.nnp|' 's|curve.csv|read_only/curve.csv|' \
    's|held.extxyz|read_only/held.extxyz|' 's|save_every|report: read_only/report, save_every|' \
    's|save_every|checkpoint: read_only/point, save_every|'; do
    configure bad.yaml "$case"
    expect 1 'cannot .* read_only/.*: Permission denied' unprivileged ./nnp-train bad.yaml
done
for option in -o --parity; do
    expect 1 'cannot .*read_only/new: Permission denied' \
        unprivileged ./nnp-predict out.nnp data.extxyz "$option" read_only/new
done
expect 1 'cannot .*read_only/new: Permission denied' \
    unprivileged ./nnp-predict out.nnp data.extxyz --report read_only/new
[ -z "$(ls read_only)" ] || fail "something is in a folder that cannot be written"
# A potential that is there may not be replaced, and stays as it is.
chmod 755 read_only
cp out.nnp read_only
chmod 555 read_only
configure bad.yaml 's|out.nnp|read_only/out.nnp|'
expect 1 'read_only/out.nnp' unprivileged ./nnp-train bad.yaml
cmp out.nnp read_only/out.nnp
cd "$folder"

expect 1 'missing.nnp' "$predict" missing.nnp data.extxyz
expect 1 'missing.extxyz' "$predict" out.nnp missing.extxyz
expect 1 'Cu' "$predict" out.nnp copper.extxyz -o refused.extxyz
[ ! -e refused.extxyz ] || fail "a refused prediction left a file"
expect 1 'data.extxyz' "$predict" data.extxyz data.extxyz

# ---- Signals: the iteration ends, the potential is written ----
configure long.yaml 's/iterations: 10/iterations: 1000000/; s/out.nnp/long.nnp/; s/curve\.csv/long.csv/'
"$train" long.yaml > out 2> err &
process=$!
while [ ! -s long.nnp ]; do
    kill -0 "$process" || fail "the long training ended by itself"
    sleep 0.1
done
rm long.nnp
kill -TERM "$process"
status=0
wait "$process" || status=$?
[ "$status" = 130 ] || fail "exit status $status after SIGTERM"
grep -q 'interrupted, best so far: .*long.nnp' out || fail "no word of the interruption"
"$predict" long.nnp data.extxyz > table
ls ./*.tmp* ./*.XXXXXX 2> /dev/null && fail "temporary files are left"
exit 0
