#!/bin/sh
# The configurations of trainer/METHODS.md, in the order in which they stand there.
# usage: methods.sh NNP-TRAIN NNP-PREDICT MAKE_DATA METHODS.md FOLDER
set -eu
train=$1 predict=$2 make_data=$3 methods=$4
rm -rf "$5"
mkdir -p "$5"
cd "$5"

"$make_data" liau.extxyz 25 1
sed 's/^Au /Li /' liau.extxyz > li.extxyz
sed 's/^Li /Au /' liau.extxyz > au.extxyz
awk '/^```yaml/ { file = ++n ".yaml"; next } /^```/ { file = "" } file { print > file }' "$methods"
for k in 1 2 3 4 5 6 7; do
    "$train" $k.yaml > log.$k || { cat log.$k; exit 1; }
    grep -Eq '^(written|time limit reached)' log.$k
done
[ ! -e 8.yaml ]
grep -q '^automatic weight of forces' log.1
grep -q '^Au: [0-9]* of [0-9]* principal components with 99.99' log.2
grep -q '^spread of 3 members' log.7

# Pure elements are what their own potentials say, to the last bit; tuned ones are not.
for element in li:Li au:Au; do
    "$predict" "${element#*:}.nnp" "${element%:*}.extxyz" -o pure.extxyz > out
    "$predict" LiAu.nnp "${element%:*}.extxyz" -o mixed.extxyz > out
    cmp pure.extxyz mixed.extxyz
done
# The repulsion of each pair is kept, too: those that were given and those from data.
for name in Li Au LiAu LiAu-tuned; do
    sed -n '/^repulsion:/,/^end:/p' $name.nnp > $name.pairs
done
grep -q 'inner: 1.1, outer: 2.2' LiAu.pairs
grep -q "$(grep -o 'inner: [0-9.]*, outer: [0-9.]*' Li.pairs)" LiAu.pairs
[ "$(grep -o outer LiAu.pairs | wc -l)" = 3 ]
cmp LiAu.pairs LiAu-tuned.pairs
grep -q '^initial potentials: their repulsion (zbl) is kept' log.6
"$predict" LiAu-tuned.nnp au.extxyz -o tuned.extxyz > out
! cmp -s pure.extxyz tuned.extxyz
