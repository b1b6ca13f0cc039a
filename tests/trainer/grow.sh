#!/bin/sh
# nnp-grow from outside, with scripts in the places of LAMMPS and DFT: whole cycles, stops at
# every command, runs that blow up, labels that fail, and what it refuses.
# usage: grow.sh NNP-GROW NNP-TRAIN NNP-PREDICT MAKE_DATA GROW.MD FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
grow=$1 train=$2 predict=$3 make_data=$4 manual=$5
rm -rf "$6"
mkdir -p "$6"
cd "$6"
export OMP_NUM_THREADS=1

# A large potential stands for DFT, a small one is grown.
"$make_data" reference.extxyz 60 1
"$make_data" first.extxyz 8 2
cat > reference.yaml <<'END'
elements: [Li, Au]
data: {files: reference.extxyz, test_fraction: 0}
symmetry_functions: {cutoff: {function: poly2, radius: 5}, radial: [{eta: [0.02, 0.1, 0.4, 1]}]}
network: {hidden: [6]}
starts: {number: 1, iterations: 0, seed: 5}
stages: [{energy: 1, forces: 0.1, iterations: 30}]
output: {potential: reference.nnp}
END
sed 's/reference\./first./; s/\[6\]/[3]/; s/: 30/: 5/' reference.yaml > first.yaml
"$train" reference.yaml > out
"$train" first.yaml > out

cat > retrain.yaml <<'END'
elements: [Li, Au]
initial: {initial}
data: {files: {data}, test_fraction: 0}
stages: [{energy: 1, forces: 0.1, iterations: 5}]
output: {potential: {potential}}
END

# LAMMPS: frames of a cubic crystal of two atoms, displaced the more the hotter it is.
cat > lammps.sh <<'END'
#!/bin/sh
# lammps.sh SYMBOL T SEED N OUT
awk -v symbol="$1" -v T="$2" -v seed="$3" -v n="$4" 'BEGIN {
    srand(seed)
    for (f = 0; f < n; f++) {
        print 2
        print "Lattice=\"3.4 0 0 0 3.4 0 0 0 3.4\" Properties=species:S:1:pos:R:3 pbc=\"T T T\""
        for (i = 0; i < 2; i++) {
            line = i ? symbol : "Li"
            for (c = 0; c < 3; c++) line = line " " i * 1.7 + (rand() - 0.5) * T / 2000
            print line
        }
    }
}' > "$5/frames.extxyz"
END
# What stops nnp-grow at the first two calls of every command: with a signal that it can see,
# and with one that it cannot.
cat > stop.sh <<'END'
#!/bin/sh
# stop.sh PARENT NAME COMMAND..
parent=$1 name=$2
shift 2
[ -d stops ] || exec "$@"
echo >> "stops/$name"
case $(grep -c '' "stops/$name") in
1) kill -TERM "$parent"; sleep 60; exit 1 ;;
2) kill -KILL "$parent"; exit 1 ;;
esac
exec "$@"
END
chmod +x lammps.sh stop.sh

cat > study.yaml <<END
potential: first.nnp
data: first.extxyz
folder: straight
cycles: 2
jobs: 2
runs:
  command: "./stop.sh \$PPID run-{generation}-{symbol}-{T} ./lammps.sh {symbol} {T} {seed} 10 {out}"
  frames: "{out}/frames.extxyz"
  kind: "{symbol}Li"
  conditions:
    - {symbol: [Li, Au], T: [300, 900]}
choose: {fraction: 0.1}
label: {command: "./stop.sh \$PPID label-{generation}-\$(basename \$(dirname {input})) $predict reference.nnp {input} -o {output}"}
train: {config: retrain.yaml, command: "./stop.sh \$PPID train-{generation} $train {config}"}
END

expect 0 '^usage: nnp-grow' "$grow" --help
expect 0 '^nnp-grow [0-9]' "$grow" --version

# A dry run makes nothing.
expect 0 'runs/0004 (AuLi): ./stop.sh $PPID run-1-Au-900 ./lammps.sh Au 900 ' "$grow" --dry-run study.yaml
grep -q 'runs: to be done' out && [ ! -e straight ] || fail "dry run"

# Two generations without a stop.
expect 0 'all 2 generations are complete' "$grow" study.yaml
cp out straight.out
for n in 1 2; do
    [ "$(grep -c Lattice "straight/generation-$n/frames.extxyz")" = 40 ] || fail "frames of $n"
    [ "$(grep -c 'config_type=\(LiLi\|AuLi\) sid=' "straight/generation-$n/labelled.extxyz")" = 4 ] || fail "labels of $n"
    [ -e "straight/generation-$n/potential.nnp" ] || fail "potential of $n"
done
grep -q 'straight/generation-1/potential.nnp' straight/generation-2/training/train.yaml || fail "weights"
grep -q 'generation-1/labelled.extxyz.*generation-2/labelled.extxyz' straight/generation-2/training/train.yaml || fail "data"
[ "$(grep -c '^held,' straight/generation-1/map.csv)" = 8 ] || fail "held at first"
[ "$(grep -c '^held,' straight/generation-2/map.csv)" = 12 ] || fail "held then"
[ "$(awk -F, 'NR > 1 && $4 > 0' straight/generation-1/map.csv | wc -l)" = 4 ] || fail "marks"
cut -d, -f1-3 straight/errors.csv | grep -q '^2,"all",4$' || fail "report"
grep -q '^generation 2: 4 runs (0 cut), 40 frames (40 kept), 4 chosen, 4 labelled, 0 failed' straight/report.txt || fail "counts"

# The errors stated are those that nnp-predict finds, of the potential before and after.
"$predict" first.nnp straight/generation-1/labelled.extxyz > predicted
"$predict" straight/generation-1/potential.nnp straight/generation-1/labelled.extxyz >> predicted
awk -F, '$1 == 1 && $2 == "\"all\"" { printf "%.3f %.2f\n%.3f %.2f\n", 1e3 * $4, 1e3 * $5, 1e3 * $7, 1e3 * $8 }' \
    straight/errors.csv > stated
awk '$1 == "all" { print $3, $4 }' predicted | cmp - stated || fail "errors"
awk -F, '$1 == 1 && $2 == "\"all\"" { exit !($7 < $4) }' straight/errors.csv || fail "nothing was learnt"

# The same again does nothing; more cycles go on.
expect 0 'all 2 generations are complete' "$grow" study.yaml
[ "$(wc -l < out)" = 1 ] || fail "done twice"

# Stopped twice at every command, the same comes out.
mkdir stops
sed 's/folder: straight/folder: stopped/' study.yaml > stopped.yaml
n=0
while :; do
    status=0
    "$grow" stopped.yaml > out 2> err || status=$?
    [ "$status" != 0 ] || break
    [ "$status" = 130 ] || [ "$status" = 137 ] || fail "exit status $status of a stop: $(cat err)"
    n=$((n + 1))
    [ "$n" -lt 60 ] || fail "no end"
done
[ "$n" -ge 18 ] || fail "only $n stops"
rm -r stops
for file in errors.csv generation-1/map.csv generation-1/labelled.extxyz generation-1/potential.nnp \
    generation-2/runs.csv generation-2/labels.csv generation-2/labelled.extxyz generation-2/potential.nnp; do
    for way in straight stopped; do
        sed '/^  created: /d' "$way/$file" > "$way.file"
    done
    cmp straight.file stopped.file || fail "$file differs after stops"
done
[ -z "$(find stopped -name '*.partial')" ] || fail "parts are left"

# A signal ends the children of a command, too; meanwhile no other may work there.
cat > children.sh <<'END'
sleep 60 &
echo $! > child
"$1" children.yaml > second 2>&1
kill -INT "$2"
wait
END
sed 's/folder: straight/folder: children/; s/jobs: 2/jobs: 1/' study.yaml |
    sed "s|command: \".*lammps.*\"|command: \"sh children.sh $grow \$PPID\"|" > children.yaml
expect 130 'interrupted: the same command goes on' "$grow" children.yaml
grep -q 'children: another nnp-grow is at work here' second || fail "lock"
child=$(cat child)
[ ! -e "/proc/$child" ] || grep -q '^State:.*Z' "/proc/$child/status" || fail "a child lives on"

# A target is met, or nothing is left to choose.
sed 's/folder: straight/folder: good/; s/cycles: 2/cycles: 9/; $atarget: {energy: 100, forces: 100}' study.yaml > target.yaml
expect 0 'generation 1: the errors on its labels meet the target' "$grow" target.yaml
[ ! -e good/generation-2 ] || fail "beyond the target"
cp straight/generation-1/frames.extxyz known.extxyz
cat > known.sh <<'END'
cp known.extxyz "$1/frames.extxyz"
END
sed 's/folder: straight/folder: known/; s/data: .*/data: known.extxyz/' study.yaml |
    sed 's|command: ".*lammps.*"|command: "sh known.sh {out}"|' > known.yaml
expect 0 'no frame differs from the data: nothing to add' "$grow" known.yaml
expect 0 'no frame differs from the data: nothing to add' "$grow" known.yaml
[ ! -e known/generation-1/labels ] || fail "labels of nothing"

# Runs that blow up: two atoms meet, numbers that are not finite, a frame that is cut off, a run
# that does not end, and one without frames.
cat > bad.sh <<'END'
#!/bin/sh
# bad.sh WAY OUT
./lammps.sh Au 300 7 6 "$2"
cd "$2"
mv frames.extxyz all
case $1 in
close) awk 'NR == 16 { print "Au 0 0 0.5"; next } 1' all ;;
forces) awk 'NR == 16 { print "Au 1.7 1.7 1.3"; next } 1' all ;;
energy) awk 'NR == 16 { print "Au 0 0 1.3"; next } 1' all ;;
nan) sed '11s/Li [^ ]*/Li nan/' all ;;
short) head -c 640 all ;;
endless) cat all ;;
esac > frames.extxyz
[ "$1" != none ] || { rm frames.extxyz; echo 'ERROR: lost atoms'; exit 3; }
[ "$1" != endless ] || sleep 60
END
chmod +x bad.sh
sed 's/folder: straight/folder: bad/; s/cycles: 2/cycles: 1/' study.yaml |
    sed 's|command: ".*lammps.*"|command: "./bad.sh {way} {out}"|; s|kind: .*|kind: "{way}"\n  time: 1\n  limits: {distance: 1.0, energy: 0.2, forces: 0.3}|' |
    sed 's/- {symbol.*/- {way: [close, forces, nan, short, endless, none, energy]}/; s/fraction: 0.1/n: 2, features: atoms/' > bad.yaml
expect 0 'runs/0001 (close) cut after 3 frames: atoms 1 and 2 are ' "$grow" bad.yaml
grep -q 'runs/0002 (forces) cut after 3 frames: the force on an atom is 0.34' out || fail "forces"
grep -q 'runs/0003 (nan) cut after 2 frames: frame 3:3: found .nan. as position' out || fail "nan"
grep -q 'runs/0007 (energy) cut after 3 frames: the energy is -0.269 eV/atom from' out || fail "energy"
cut -d, -f2-5 bad/generation-1/runs.csv > ends
cat > wanted <<'END'
kind,end,frames,kept
"close",exit status 0,6,3
"forces",exit status 0,6,3
"nan",exit status 0,2,2
"short",exit status 0,4,4
"endless",time limit,6,6
"none",exit status 3,0,0
"energy",exit status 0,6,3
END
cmp ends wanted || { cat ends; fail "ends of runs"; }
grep -q 'lost atoms' bad/generation-1/runs/0006/log || fail "log"
# Two of each kind, side by side.
[ "$(awk -F, 'NR > 1 && $4 > 0 { n[$2]++ } END { for (k in n) if (n[k] != 2) exit 1; print length(n) }' bad/generation-1/map.csv)" = 6 ] ||
    fail "choice by kinds"
grep -q '7 runs (6 cut)' bad/report.txt || fail "count of cuts"

# Labels that fail in every way are listed, and the others are trained on; in a folder whose name
# needs quotes.
cat > label.sh <<END
#!/bin/sh
case \$1 in
*/0001.partial/*) exit 5 ;;
*/0002.partial/*) echo nonsense > "\$2"; exit 0 ;;
*/0003.partial/*) kill -KILL \$\$ ;;
*/0004.partial/*) cp "\$1" "\$2"; exit 0 ;;
*/0005.partial/*) sed 's/^Li/Au/' "\$1" | $predict reference.nnp /dev/stdin -o "\$2"; exit 0 ;;
*/0006.partial/*) $predict reference.nnp "\$1" -o "\$2"; exit 1 ;;
esac
$predict reference.nnp "\$1" -o "\$2"
END
sed 's/folder: straight/folder: un "labelled" \&/; s/cycles: 2/cycles: 1/; s/fraction: 0.1/n: 2/; s|^label: .*|label: {command: "sh label.sh {input} {output}"}|' study.yaml > unlabelled.yaml
expect 0 '2 of 8 structures labelled' "$grow" unlabelled.yaml
cut -d, -f4- 'un "labelled" &/generation-1/labels.csv' | sed 's/".*nonsense.*/nonsense/; s/exit status 137/signal 9/' > ends
cat > wanted <<'END'
end,failure
exit status 5,"no output"
exit status 0,nonsense
signal 9,"no output"
exit status 0,"no energy"
exit status 0,"other atoms than in the input"
exit status 1,"the command failed"
exit status 0,""
exit status 0,""
END
cmp ends wanted || { cat ends; fail "failures of labels"; }

# All in one command; those missing in its output have failed.
cat > all.sh <<END
head -n 20 "\$1" > "\$1.part"
$predict reference.nnp "\$1.part" -o "\$2"
END
sed 's/folder: un .*/folder: batch/; s|^label: .*|label: {command: "sh all.sh {input} {output}", batch: 0}|' unlabelled.yaml > batch.yaml
expect 0 '5 of 8 structures labelled' "$grow" batch.yaml
[ "$(grep -c 'no label of this structure' batch/generation-1/labels.csv)" = 3 ] || fail "batch"

# None at all, and what goes on once the command is right and the failures are removed.
sed 's/folder: un .*/folder: none/; s|label: .*|label: {command: "exit 1 # {output}"}|' unlabelled.yaml > none.yaml
expect 1 'no structure could be labelled: see .*none/generation-1/labels/0001/log' "$grow" none.yaml
sed "s|exit 1 # {output}|$predict reference.nnp {input} -o {output}|" none.yaml > again.yaml
sed -i 's/folder: again/folder: none/' again.yaml
expect 1 'was made by another command than the study states now' "$grow" again.yaml
rm -r none/generation-1/labels
expect 0 '8 of 8 structures labelled' "$grow" again.yaml
cp again.yaml broken.yaml
sed -i 's/folder: none/folder: broken/; s|^train: .*|train: {config: retrain.yaml, command: "false {config}"}|' broken.yaml
expect 1 'the training made no potential (exit status 1): see .*broken/generation-1/training/log' "$grow" broken.yaml
[ -e broken/generation-1/errors.csv ] || fail "kept after a failed training"

# Mistakes
refuse() {
    sed "$1" study.yaml | sed 's/folder: straight/folder: refused/' > wrong.yaml
    expect 1 "$2" "$grow" wrong.yaml
    [ ! -e refused ] || fail "made a folder for a wrong study"
}
refuse 's/{symbol} {T} {seed}/{symbol} {t} {seed}/' 'wrong.yaml:11:.*command has the placeholder {t}'
refuse 's/^cycles/cycle/' "wrong.yaml:4:1: .*cycle"
refuse 's/first.nnp/second.nnp/' "potential is 'second.nnp', which does not exist"
refuse 's/fraction: 0.1/fraction: 2/' 'fraction is 2, expected at most 1'
refuse 's/fraction: 0.1/by: spread/' 'one network per element, expected a committee'
refuse 's/retrain.yaml/first.yaml/' 'first.yaml has no {initial}'
refuse 's/T: \[300, 900\]/out: 3/' "'out' is set by nnp-grow"
refuse '/^label/d' 'label'
expect 2 'no study given' "$grow"
expect 2 'unexpected argument -x' "$grow" -x study.yaml
expect 1 'missing.yaml' "$grow" missing.yaml

# The example of the manual
awk '/^```yaml/ { n++; next } /^```/ { n += n > 0 } n == 1' "$manual" > manual.yaml
cp first.nnp AuLi.nnp
cp first.extxyz auli.extxyz
expect 0 'runs/0007 (Au3Li_L12): lmp -in npt.in .* -var phase Au3Li_L12 -var T 600 -var seed 100007$' "$grow" --dry-run manual.yaml
