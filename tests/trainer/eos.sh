#!/bin/sh
# nnp-eos from outside: tables, data, comparison, and what it refuses.
# usage: eos.sh NNP_EOS WORK_FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
eos=$1
rm -rf "$2"
mkdir -p "$2"
cd "$2"

# curve V0 B0 SLOPE E0: volume and energy per atom of Birch's curve, B0 in GPa.
curve() {
    awk -v v0="$1" -v b0="$2" -v slope="$3" -v e0="$4" 'BEGIN {
        print "scale,volume,energy"
        for (i = 0; i < 13; i++) {
            scale = 0.97 + 0.005 * i; s = scale^-2; v = v0 * scale^3
            f = (s - 1)^3 * slope + (s - 1)^2 * (6 - 4 * s)
            printf "%.4f,%.10f,%.12f\n", scale, v, e0 + 9 * v0 * b0 / 160.2176634 / 16 * f
        }
    }'
}

curve 15.5 57 4.7 -3.0674 >eos_AuLi.csv
curve 18.21 137 5.8 -3.1347 >eos_Au.csv
expect 0 '^AuLi  *11  *15.5000 +- 0.0000  *-3.06740 +- 0.00000  *57.00 +- 0.00  *4.70 +- 0.00' \
    "$eos" eos_AuLi.csv eos_Au.csv --csv table.csv
grep -q '^Au,curves,11,18.21,.*,-3.1347,.*,137,.*,5.8,' table.csv || fail "table.csv"

# One table of several curves, and structures of which a group is a curve.
{
    echo curve,energy,volume
    curve 15.6 60 4.7 -3.0690 | awk -F, 'NR > 1 { print "AuLi," $3 "," $2 }'
    curve 20.3 14 4.7 -1.9085 | awk -F, 'NR > 1 { print "Li," $3 "," $2 }'
} >dft.csv
expect 0 'difference  *-0.641 %  *+1.60 meV  *-5.00 %  *[+-]0.00' \
    "$eos" eos_AuLi.csv --against dft.csv
curve 15.6 60 4.7 -3.0690 | awk -F, 'NR > 1 {
    a = (2 * $2)^(1 / 3)
    printf "2\nLattice=\"%.12f 0 0 0 %.12f 0 0 0 %.12f\" ", a, a, a
    printf "energy=%.12f config_type=AuLi_eos\nAu 0 0 0\nLi %.9f %.9f %.9f\n", 2 * $3, a/2, a/2, a/2
}' >dft.extxyz
expect 0 '  against  *11  *15.6000 .* 60.00' "$eos" eos_AuLi.csv --against dft.extxyz

# A curve without a fit is named; the others are shown.
{ echo volume,energy; echo 10,-1; echo 11,-2; } >eos_short.csv
expect 1 'curve short: it has 2 points' "$eos" eos_short.csv eos_Au.csv
grep -q '^Au  *11' out || fail "the curve with a fit"
expect 1 'names of curves may occur once' "$eos" eos_Au.csv eos_Au.csv
expect 1 'has no column volume' "$eos" table.csv
sed 's/AuLi_eos/AuLi/' dft.extxyz >other.extxyz
expect 1 'ends in _eos' "$eos" other.extxyz
expect 1 'missing.csv' "$eos" missing.csv
expect 2 'a file with curves is needed' "$eos"
expect 2 'between 0 and 1, not 2' "$eos" eos_Au.csv --range 2
expect 2 'unexpected argument' "$eos" eos_Au.csv --color x
expect 0 'usage: nnp-eos' "$eos" --help
cp table.csv kept.csv
expect 1 'no_such' "$eos" eos_Au.csv --csv no_such/table.csv
cmp table.csv kept.csv
