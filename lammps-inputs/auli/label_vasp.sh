#!/bin/sh
# label_vasp.sh INPUT OUTPUT: energy, forces and stress of one structure by VASP, for nnp-grow.
#
#   label: {command: ./label_vasp.sh {input} {output}, jobs: 1}
#
# VASP_INPUT   folder with INCAR (NSW = 0, ISIF = 2, KSPACING or a KPOINTS beside it) and, for each
#              element, POTCAR.Au, POTCAR.Li, ..
# VASP         command that runs it                                         (mpirun vasp_std)
# NNP_CONVERT  nnp-convert                                                  (nnp-convert)
set -eu
: "${VASP_INPUT:?names no folder with INCAR and POTCAR.Au, ..}"
input=$(realpath "$1") output=$(realpath -m "$2") settings=$(realpath "$VASP_INPUT")
work=$output.vasp
mkdir -p "$work"
cd "$work"
cp "$settings/INCAR" .
[ ! -e "$settings/KPOINTS" ] || cp "$settings/KPOINTS" .

# Atoms of one element together; elements in the order of their first atom, as in POTCAR.
awk -v potentials="$settings" '
    NR == 1 { n = $1 }
    NR == 2 {
        match($0, /Lattice="[^"]*"/)
        split(substr($0, RSTART + 9, RLENGTH - 10), a, " ")
        match($0, /sid=[^ ]*/)
        name = substr($0, RSTART, RLENGTH)
    }
    NR > 2 && NR <= n + 2 {
        if (!($1 in count)) order[++kinds] = $1
        count[$1]++
        lines[$1] = lines[$1] $2 " " $3 " " $4 "\n"
    }
    END {
        print name "\n1.0"
        for (k = 0; k < 9; k += 3) print a[k + 1], a[k + 2], a[k + 3]
        for (k = 1; k <= kinds; k++) { symbols = symbols " " order[k]; counts = counts " " count[order[k]] }
        print symbols "\n" counts "\nCartesian"
        for (k = 1; k <= kinds; k++) {
            printf "%s", lines[order[k]]
            print potentials "/POTCAR." order[k] > "potcars"
        }
    }' "$input" > POSCAR
while read -r file; do cat "$file"; done < potcars > POTCAR

${VASP:-mpirun vasp_std}
"${NNP_CONVERT:-nnp-convert}" OUTCAR -o "$output"
