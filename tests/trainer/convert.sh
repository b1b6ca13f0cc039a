#!/bin/sh
# nnp-convert from outside: all formats into those that can be written, and what it refuses.
# usage: convert.sh NNP-CONVERT SAMPLES FOLDER SOURCE_TREE
set -eu
. "$(dirname "$0")/../support/expect.sh"
convert=$1 samples=$2 source=$4
rm -rf "$3"
mkdir -p "$3"
cd "$3"

expect 0 '^usage: nnp-convert' "$convert" --help
grep -q '^  outcar .*(is read only)$' out || fail "list of formats"
expect 0 '^nnp-convert [0-9]' "$convert" --version

# All into one file, which reads back the same.
expect 0 'all.xyz: 9 structures (extended XYZ)' "$convert" "$samples/frames.xyz" \
    "$samples/input.data" "$samples/OUTCAR" "$samples/vasprun.xml" "$samples/relax.pwo" -o all.xyz
grep -q 'OUTCAR:50: .*converge was left out (2 left out of this file)' err || fail "note of OUTCAR"
[ "$(grep -c Properties all.xyz)" = 9 ] || fail "number of structures"
expect 0 '9 structures' "$convert" all.xyz -o again --to extxyz
cmp all.xyz again

# To n2p2's format and back: positions, forces and energies, not the stress.
expect 0 '2 structures' "$convert" "$samples/OUTCAR" -o outcar.data
expect 0 '2 structures' "$convert" outcar.data -o back.xyz
expect 0 '2 structures' "$convert" back.xyz -o again.data
cmp outcar.data again.data
expect 0 '2 structures' "$convert" "$samples/OUTCAR" -o direct.xyz
sed 's/ stress="[^"]*"//; s/ step=.*//' direct.xyz > plain
sed 's/ comment=.*//' back.xyz > plain_back
cmp plain plain_back

# Units of files that have none; others do not heed them.
expect 0 '2 structures' "$convert" "$samples/input.data" -o bohr.xyz --length bohr --energy Ha
grep -q 'energy=-54.42277' bohr.xyz || fail "energy unit"
grep -q '^Lattice="4.23341768' bohr.xyz || fail "length unit"
expect 0 '9 structures' "$convert" all.xyz -o again.xyz --length bohr
cmp all.xyz again.xyz

# Dumps: elements of types, energies of steps.
expect 0 '2 structures' "$convert" "$samples/run.lammpstrj" -o dump.xyz
grep -q 'run.lammpstrj:26: .*not finite was left out (1 left out of this file)' err || fail "note"
printf 'Step PotEng\n0 -7.5\n' > log.lammps
expect 0 '2 structures' "$convert" "$samples/run.lammpstrj" -o typed.xyz --types Li,Au --thermo log.lammps
grep -q 'energy=-7.5 step=0' typed.xyz || fail "energy of a step"
[ "$(grep -c energy= typed.xyz)" = 1 ] || fail "energies of all steps"
sed -n 3p typed.xyz | grep -q '^Au 1.5 0.25 1' || fail "elements of types"
printf 'Step PotEng\n7 -7.5\n' > log.lammps
expect 1 'none of the steps' "$convert" "$samples/run.lammpstrj" -o typed.xyz --thermo log.lammps
expect 2 'no list of elements: Xx' "$convert" typed.xyz -o out.xyz --types Xx

# Usage
expect 2 'are needed' "$convert"
expect 2 'are needed' "$convert" all.xyz
expect 2 'are needed' "$convert" -o out.xyz
expect 2 'nothing behind -o' "$convert" all.xyz -o
expect 2 'unexpected argument -x' "$convert" -x
expect 2 'unknown format xyzzy' "$convert" all.xyz -o out.xyz --to xyzzy
expect 2 'unknown format xyzzy' "$convert" all.xyz -o out.xyz --from xyzzy
expect 2 'unknown unit furlong' "$convert" all.xyz -o out.xyz --length furlong
expect 2 'tells no format' "$convert" all.xyz -o nothing
expect 2 'can only be read, not written: outcar' "$convert" all.xyz -o OUTCAR
cp all.xyz kept.xyz
ln kept.xyz same.xyz
expect 2 'another name' "$convert" "$samples/OUTCAR" kept.xyz -o kept.xyz
expect 2 'another name' "$convert" kept.xyz -o ./same.xyz
cmp all.xyz kept.xyz

# Failures leave an older file as it was.
expect 1 'missing.xyz' "$convert" missing.xyz -o kept.xyz
expect 1 "frames.xyz:1: .*expected 'begin'" "$convert" "$samples/frames.xyz" -o kept.xyz --from n2p2
expect 1 'frames.xyz:5: .*without energy or forces' "$convert" "$samples/frames.xyz" -o kept.xyz --to n2p2
expect 1 'unknown format, expected one of: .*pwscf' "$convert" "$convert" -o kept.xyz
cmp all.xyz kept.xyz
expect 1 'no_such_folder' "$convert" all.xyz -o no_such_folder/out.xyz

# Potentials: the formats in README's table are those that the command lists.
"$convert" --help | sed -n '/^Formats of potentials/,$s/^  \([a-z0-9-]*\)  .*/\1/p' | sort > listed
"$convert" --help | sed -n '/^Formats of potentials/,$p' | grep -v 'read only' |
    sed -n 's/^  \([a-z0-9-]*\)  .*/\1/p' | sort > listed_written
table=$(sed -n '/^## Potentials of other codes/,/^## Where/p' "$source/README.md" | grep '^| `')
echo "$table" | sed 's/^| `\([^`]*\)`.*/\1/' | sort > documented
echo "$table" | grep '| yes |$' | sed 's/^| `\([^`]*\)`.*/\1/' | sort > documented_written
[ "$(wc -l < listed)" -gt 4 ] || fail "list of potentials"
diff listed documented || fail "README's table of potentials"
diff listed_written documented_written || fail "README's table: written"

codes=$source/tests/data/other_codes
expect 0 'types.nnp: potential of 2 elements, from n2p2' "$convert" "$codes/n2p2_types" types.nnp
expect 0 'n2p2.out: potential of 2 elements' "$convert" types.nnp n2p2.out --to n2p2
expect 0 'back.nnp: potential' "$convert" n2p2.out -o back.nnp
grep -v comment: types.nnp > types.plain
grep -v comment: back.nnp > back.plain
cmp types.plain back.plain
expect 0 'potential' "$convert" "$codes/n2p2_types" bohr.nnp --length bohr --energy Ha
grep -q '^units: {length: Bohr, energy: Hartree}' bohr.nnp || fail "units of a potential"
expect 0 'from MAISE' "$convert" "$codes/maise_2/model" model.nnp --to nnp
expect 1 'is not empty' "$convert" types.nnp n2p2.out --to n2p2
expect 2 'needed' "$convert" types.nnp
expect 2 'another name' "$convert" types.nnp -o types.nnp
expect 2 'written as nnp or n2p2, not maise' "$convert" types.nnp out --to maise
expect 2 'eV or Ha' "$convert" "$codes/n2p2_types" out.nnp --energy Ry
expect 2 'recognised, not told: n2p2' "$convert" "$codes/n2p2_types" out.nnp --from n2p2
