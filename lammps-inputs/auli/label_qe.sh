#!/bin/sh
# label_qe.sh INPUT OUTPUT: energy, forces and stress of one structure by pw.x of Quantum ESPRESSO,
# for nnp-grow.
#
#   label: {command: ./label_qe.sh {input} {output}, jobs: 1}
#
# PSEUDO_DIR   folder with pseudopotentials Au.UPF, Li.UPF, ..
# SPACING      of the k points, 2 pi / Angstrom                             (0.03)
# ECUTWFC, ECUTRHO  cutoffs in Ry                                           (60, 480)
# PW           command that runs it                                         (mpirun pw.x)
# NNP_CONVERT  nnp-convert                                                  (nnp-convert)
set -eu
: "${PSEUDO_DIR:?names no folder with pseudopotentials Au.UPF, ..}"
input=$(realpath "$1") output=$(realpath -m "$2") pseudo=$(realpath "$PSEUDO_DIR")
work=$output.qe
mkdir -p "$work"
cd "$work"

awk -v pseudo="$pseudo" -v ecutwfc="${ECUTWFC:-60}" -v ecutrho="${ECUTRHO:-480}" \
    -v spacing="${SPACING:-0.03}" '
    # Points along a reciprocal vector: its length over the spacing, rounded up.
    function points(i,    j, k, x, y, z, b) {
        j = 3 * ((i + 1) % 3)
        k = 3 * ((i + 2) % 3)
        x = a[j + 2] * a[k + 3] - a[j + 3] * a[k + 2]
        y = a[j + 3] * a[k + 1] - a[j + 1] * a[k + 3]
        z = a[j + 1] * a[k + 2] - a[j + 2] * a[k + 1]
        b = sqrt(x * x + y * y + z * z) / volume
        return int(b / spacing + 0.999)
    }
    NR == 1 { n = $1 }
    NR == 2 { match($0, /Lattice="[^"]*"/); split(substr($0, RSTART + 9, RLENGTH - 10), a, " ") }
    NR > 2 && NR <= n + 2 {
        if (!($1 in seen)) species[++kinds] = $1
        seen[$1] = 1
        atoms = atoms $1 " " $2 " " $3 " " $4 "\n"
    }
    END {
        volume = a[1] * (a[5] * a[9] - a[6] * a[8]) - a[2] * (a[4] * a[9] - a[6] * a[7]) \
            + a[3] * (a[4] * a[8] - a[5] * a[7])
        if (volume < 0) volume = -volume
        print "&control\n calculation = \"scf\", tprnfor = .true., tstress = .true.,"
        print " pseudo_dir = \"" pseudo "\", outdir = \"scratch\", disk_io = \"none\"\n/"
        print "&system\n ibrav = 0, nat = " n ", ntyp = " kinds ","
        print " ecutwfc = " ecutwfc ", ecutrho = " ecutrho ","
        print " occupations = \"smearing\", smearing = \"fd\", degauss = 0.00735\n/"
        print "&electrons\n conv_thr = 1e-8\n/\nATOMIC_SPECIES"
        for (k = 1; k <= kinds; k++) print species[k] " 1.0 " species[k] ".UPF"
        print "CELL_PARAMETERS angstrom"
        for (k = 0; k < 9; k += 3) print a[k + 1], a[k + 2], a[k + 3]
        printf "ATOMIC_POSITIONS angstrom\n%s", atoms
        print "K_POINTS automatic\n" points(0), points(1), points(2), "1 1 1"
    }' "$input" > pw.in

${PW:-mpirun pw.x} -in pw.in > pw.out
"${NNP_CONVERT:-nnp-convert}" pw.out -o "$output"
