#!/bin/sh
# Reports of trainings and predictions: what is in the tables, the figures and the page.
# usage: report.sh NNP-TRAIN NNP-PREDICT MAKE_DATA FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 predict=$2 make_data=$3
rm -rf "$4"
mkdir -p "$4"
cd "$4"
export OMP_NUM_THREADS=1

# percentage FILE: histograms of all sets and quantities sum up to 100 % each.
check_histograms() {
    awk -F, 'NR > 1 { sum[$1 $2] += $4 } END { for (k in sum) { n++
        if (sum[k] < 99.99 || sum[k] > 100.01) exit 1 } exit n == 0 }' "$1" ||
        fail "the histograms of $1 do not sum up"
}

"$make_data" data.extxyz 30 1
sed -i 's/^\(.*config_type=\)pure/\1"a, \\"b\\" <\&>"/' data.extxyz
cat > train.yaml <<'END'
title: a <title> & more
elements: [Li, Au]
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4]}]
  angular: [{type: wide, eta: 0.03, zeta: 1}]
network: {hidden: [4]}
starts: {number: 2, iterations: 2, seed: 5}
committee: 2
stages: [{energy: 1, forces: 0.1, stress: 0.1, iterations: 10}]
output: {potential: out.nnp, report: report}
END

"$train" --check train.yaml > out
[ ! -e report ] || fail "--check left a folder"
"$train" train.yaml > out
grep -q '^report: report/index.html' out || fail "no word of the report"
[ "$(wc -l < report/learning_curve.csv)" = 21 ] || fail "learning curve"
[ "$(wc -l < report/functions.csv)" = 25 ] || fail "symmetry functions"
[ "$(wc -l < report/energies.csv)" = 31 ] || fail "energies"
[ "$(wc -l < report/stress.csv)" = 181 ] || fail "stresses"
[ "$(wc -l < report/spread.csv)" = 31 ] || fail "spread"
check_histograms report/histograms.csv

# The errors are those that the training stated, which it found on its own.
stated=$(awk '$1 == "test" { print $3 + 0, $4 + 0 }' out)
written=$(awk -F, '$1 == "\"test\"" && $2 == "\"*\"" { e[$3] = 1e3 * $5 }
    END { printf "%.3f %.2f\n", e["energy"], e["forces"] }' report/errors.csv |
    awk '{ print $1 + 0, $2 + 0 }')
[ "$stated" = "$written" ] || fail "errors of the test set: $stated, in the report $written"

# A page of its own: escaped texts, configuration, nothing that is fetched.
grep -q '<title>a &lt;title&gt; &amp; more</title>' report/index.html || fail "title"
grep -q 'a, "b" &lt;&amp;&gt;' report/index.html || fail "a group's name in the page"
grep -q 'network: {hidden: \[4\]}' report/index.html || fail "configuration in the page"
if grep -Eq 'src="[^d]|href=|<script' report/index.html; then fail "the page needs others"; fi

if command -v gnuplot > probe 2>&1 && [ -z "$(grep 'without figures' out || true)" ]; then
    for figure in learning_curve parity histograms groups_energy groups_forces groups_stress \
        spread functions; do
        [ -s "report/$figure.png" ] || fail "no figure $figure"
    done
    [ "$(grep -c 'data:image/png;base64' report/index.html)" = 8 ] || fail "figures in the page"
    sed -n 's/.*alt="parity.png" src="data:image\/png;base64,\([^"]*\)".*/\1/p' \
        report/index.html | base64 -d | cmp - report/parity.png || fail "a figure in the page"
    [ ! -e report/gnuplot.log ] || fail "gnuplot had something to say"
fi

# ---- Of a potential and data ----
"$predict" out.nnp data.extxyz --report prediction > out
grep -q '^report: prediction/index.html' out || fail "no word of the prediction's report"
[ "$(awk -F, '$2 == "\"*\""' prediction/errors.csv | wc -l)" = 3 ] || fail "errors"
check_histograms prediction/histograms.csv

# ---- Without gnuplot, and where there can be no folder ----
PATH=/nowhere "$predict" out.nnp data.extxyz --report plain > out
grep -q 'without figures' out || fail "no word of missing figures"
grep -q 'gnuplot was not there' plain/index.html || fail "no word of gnuplot in the page"
if "$predict" out.nnp data.extxyz --report data.extxyz/report > out 2> err; then
    fail "a folder within a file"
fi
grep -q 'cannot make the folder data.extxyz/report' err || fail "no word of the folder"
