#!/bin/sh
# The examples of trainer/README.md: whole configurations are trained, with fewer iterations, and
# those of single keys are checked; every key that a table has is in some example that runs here
# or in methods.sh.
# usage: examples.sh NNP-TRAIN NNP-CONVERT MAKE_DATA TRAINER_FOLDER FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 convert=$2 make_data=$3 readme=$4/README.md methods=$4/METHODS.md
rm -rf "$5"
mkdir -p "$5"
cd "$5"
export OMP_NUM_THREADS=1

# ---- The data that they name ----
"$make_data" liau.extxyz 16 1
"$make_data" held.extxyz 3 2
sed -i 's/config_type=pure/config_type=surface set=test/; s/config_type=mixed/config_type=dynamics/' \
    liau.extxyz
"$make_data" some.extxyz 8 3
cp liau.extxyz auli_pbe.extxyz
sed 's/^Au /Li /' some.extxyz > li.extxyz
sed 's/^Au /Ta /; s/^Li /Mo /' some.extxyz > MoTa.extxyz
sed 's/config_type=[a-z]*//' li.extxyz > bulk.extxyz
sed 's/config_type=[a-z]*/config_type=liquid/' li.extxyz > liquid.extxyz
mkdir runner
"$convert" bulk.extxyz -o runner/input.data > out
{
    printf 'ITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n2\nITEM: BOX BOUNDS pp pp pp\n'
    printf '0 4\n0 4\n0 4\nITEM: ATOMS id type x y z fx fy fz\n'
    printf '1 1 0 0 0 0 0 0\n2 2 2 2 2 0 0 0\n'
} > run.lammpstrj
printf 'Step PotEng\n0 -5.5\n' > log.lammps

# blocks FILE: the examples of a text as 1.yaml, 2.yaml, ...
blocks() {
    awk '/^```yaml/ { file = ++n ".yaml"; next } /^```/ { file = "" } file { print > file }' "$1"
}

# ---- Whole configurations ----
blocks "$readme"
n=1
while [ -e $n.yaml ]; do
    cp $n.yaml shown.$n
    sed -i 's/iterations: [0-9]*/iterations: 2/g; s/number: [0-9]*/number: 2/' $n.yaml
    n=$((n + 1))
done
scan=$(grep -l '^base:' [0-9]*.yaml)
sed 's/\(^output: {potential: \)[^},]*/\1train.nnp/' 2.yaml > train.yaml
k=1
while [ $k -lt $n ]; do
    [ $k.yaml = "$scan" ] || "$train" $k.yaml > out 2> err || fail "example $k of README.md"
    k=$((k + 1))
done
[ -s LiAu-report/index.html ] || fail "the report of an example"
expect 0 '^run ' "$train" --quiet --scan "$scan"
[ "$(wc -l < "${scan%.yaml}.csv")" = 13 ] || fail "the table of the scan of README.md"

# ---- Examples of single keys, in the last column of the tables ----
mkdir bulk
cp li.extxyz surfaces.extxyz
cp li.extxyz bulk/a.extxyz
sed 's/config_type=surface/config_type=dimer/; s/config_type=dynamics/config_type=liquid/' \
    liau.extxyz > groups.extxyz
awk -F '`' '/^##/ { section = $2 == "" ? "top" : $2 }
    /^\| `.*Examples?: `/ { text = $0; sub(/.*Examples?: /, "", text); n = split(text, parts, "`")
        for (k = 2; k <= n; k += 2) print section "\t" $2 "\t" parts[k] }' "$readme" > keys.txt
[ "$(wc -l < keys.txt)" -ge 13 ] || fail "examples of keys are not found"
n_checked=0
while IFS="$(printf '\t')" read -r section key value; do
    value=${value#"$key": }
    data='data: {files: groups.extxyz}'
    functions='symmetry_functions: {cutoff: {radius: 5}, radial: [{eta: 0.1}]}'
    stages='stages: [{energy: 1}]' elements='elements: [Li, Au]' more=
    case $section:$key in
    top:elements) elements="elements: $value" ;;
    top:initial) continue ;; # methods.sh begins with potentials
    top:scratch) more="scratch: ." ;;
    top:*) more="$key: $value" ;;
    data:files) data="data: {files: $value}" elements='elements: Li' ;;
    data:*) data="data: {files: groups.extxyz, $key: $value}" ;;
    symmetry_functions:neighbors)
        kind='radial: [{eta: 0.1, cutoff: {radius: 5}}, {eta: 0.2' end=
        [ "${value#\[\[}" = "$value" ] || kind="$kind}], angular: [{type: wide, eta: 0, zeta: 1"
        functions="symmetry_functions: {cutoff: {radius: 5}, $kind, neighbors: $value}]}" ;;
    symmetry_functions:*)
        functions="symmetry_functions: {cutoff: {radius: 5}, radial: [{eta: 0.1}, {eta: 0.2, $key: $value}]}" ;;
    loss:*) more="loss: {$key: $value}" ;;
    stages:*) stages="stages: [{energy: 1, forces: 1, $key: $value}]" ;;
    *) fail "no place for an example: $section $key $value" ;;
    esac
    printf '%s\n' "$data" "$elements" "$functions" "$stages" 'output: {potential: key.nnp}' "$more" \
        > key.yaml
    "$train" --check key.yaml > out 2> err || fail "the example of $section: $key: $value"
    n_checked=$((n_checked + 1))
done < keys.txt
[ "$n_checked" -ge 12 ] || fail "examples of keys are not checked"

# ---- Every key of a table is in an example ----
cat shown.* > all.txt
blocks "$methods"
cat [0-9]*.yaml >> all.txt
cut -f 2 keys.txt | sed 's/$/:/' >> all.txt
awk -F '|' '/^\| key /{ table = 1 } /^$/ { table = 0 } table && /^\| `/ { print $2 }' \
    "$readme" "$methods" | grep -o '`[a-z_]*`' | tr -d '`' | sort -u > names.txt
[ "$(wc -l < names.txt)" -gt 60 ] || fail "keys are not found"
while read -r name; do
    grep -qw "$name:" all.txt || fail "no example has the key $name"
done < names.txt
