#!/bin/sh
# nnp-hull from outside: binary and ternary tables, data, comparison, and what it refuses.
# usage: hull.sh NNP_HULL WORK_FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
hull=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2"

# also PATTERN: another line of the output before.
also() {
    grep -q -- "$1" out || fail "no \"$1\" ($(cat out))"
}

# Elements at -3 and -2, AB at a mixing energy of -0.5, A3B on the line to it but for 0.05, AB3
# 0.1 below it, and a second A.
cat >binary.csv <<'END'
phase,group,Li,Au,energy
A,element,0,1,-3
A high,element,0,4,-2.9
B,element,2,0,-2
AB,"B2, ordered",2,2,-3.0
A3B,L12,1,3,-2.95
AB3,D03,3,1,-2.6
END
expect 0 '^A3B  *0.7500  *-200.00  *50.00  0.500 AB* + 0.500 AB*$' "$hull" binary.csv --csv table.csv
also '^AB  *0.5000  *-500.00  *0.00  stable by 225.00$'
also '^AB3  *0.2500  *-350.00  *0.00  stable by 100.00$'
also '^A high  *1.0000  *100.00  *100.00  1.000 A$'
also '^B  *0.0000  *0.00  *0.00  stable: the element$'
grep -q '^phase,group,x_Li,x_Au,energy,mixing,above_hull,stable$' table.csv || fail "header"
grep -q '^AB,"B2, ordered",0.5,0.5,-3,-0.5,0,1$' table.csv || fail "$(cat table.csv)"
[ "$(cut -d, -f1 table.csv | tr '\n' ' ')" = "phase B AB3 AB A3B A A high " ] || fail "order"

# The same as structures, of which AB is 0.1 eV/atom higher.
frame() {
    printf '%s\nsid="%s" energy=%s pbc="F F F" config_type=%s\n' "$1" "$2" "$3" "$4"
    shift 4
    for atom in "$@"; do
        n=$((${n:-0} + 1))
        echo "$atom $n 0 0"
    done
}
{
    frame 1 A -3 element Au
    frame 1 B -2 element Li
    frame 4 AB -11.6 B2 Au Li Au Li
} >data.extxyz
expect 0 '^3 phases in both: mixing energies differ by 57.74 meV/atom rms, 100.00 at most; the same verdict on 3$' \
    "$hull" binary.csv --against data.extxyz
also '^AB  *0.5000  *-500.00  *0.00  *-400.00  *0.00  stable by'
also '^A3B  *0.7500  *-200.00  *50.00  *-  *-  0.500'

# Three elements: ABC lies 0.2 above A + BC, which is stable.
cat >ternary.csv <<'END'
phase,Li,Sn,Au,energy
A,0,0,1,-3
B,1,0,0,-2
C,0,1,0,-4
BC,1,1,0,-3.4
ABC,1,1,1,-3.0666666666666667
END
expect 0 '^ABC  *0.3333  *0.3333  *-66.67  *200.00  0.333 A + 0.667 BC$\|^ABC  *0.3333  *0.3333  *-66.67  *200.00  0.667 BC + 0.333 A$' \
    "$hull" ternary.csv

# Refusals
expect 1 'no phase is pure Li' sh -c "grep -v '^B,' binary.csv >half.csv; '$hull' half.csv"
expect 1 'has no column named by an element' sh -c "echo 'phase,energy' >x.csv; '$hull' x.csv"
expect 1 'has no column energy' sh -c "echo 'phase,Au' >x.csv; '$hull' x.csv"
expect 1 'x.csv:2: the phase has no atoms' sh -c "printf 'Au,energy\n0,-3\n' >x.csv; '$hull' x.csv"
expect 1 'column Au has -1' sh -c "printf 'Au,energy\n-1,-3\n' >x.csv; '$hull' x.csv"
expect 1 'the structure has no energy' sh -c "sed 's/energy=-2//' data.extxyz >x.xyz; '$hull' x.xyz"
expect 1 'missing.csv' "$hull" missing.csv
expect 2 'a file with phases is needed' "$hull"
expect 2 'unexpected argument' "$hull" --color x binary.csv
expect 0 'usage: nnp-hull' "$hull" --help
