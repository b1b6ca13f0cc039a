#!/bin/sh
# Trainings that are killed, run out of disk or lose a rank: what there was stays whole, and
# --resume leads to the same files as an undisturbed run.
# usage: faults.sh NNP-TRAIN NNP-INFO MAKE_DATA MPIEXEC FOLDER
set -eu
. "$(dirname "$0")/../support/expect.sh"
train=$1 info=$2 make_data=$3 mpiexec=$4
umount "$5/small" 2> /dev/null || true # of a run that was killed
rm -rf "$5"
mkdir -p "$5"
cd "$5"
SOURCE_DATE_EPOCH=1700000000 OMP_NUM_THREADS=1
export SOURCE_DATE_EPOCH OMP_NUM_THREADS

# configure FILE SED-SCRIPT: a training of a second or so with a change.
configure() {
    sed "$2" > "$1" <<'END'
elements: [Li, Au]
data: {files: [data.extxyz], test_fraction: 0.2, seed: 3}
symmetry_functions:
  cutoff: {function: poly2, radius: 5}
  radial: [{eta: [0.02, 0.1, 0.4]}]
network: {hidden: [4]}
starts: {number: 5, iterations: 10, seed: 5}
stages:
  - {name: one, energy: 1, forces: 0.1, iterations: 300}
  - {name: two, energy: 1, forces: 0.1, optimizer: kalman, iterations: 30}
output: {potential: out.nnp, learning_curve: curve.csv, save_every: 20,
         checkpoint_every: {iterations: 7}}
END
}

# keep NAME: the files of an undisturbed training; compare NAME: those of one that was not.
keep() {
    mv out.nnp "$1.nnp"
    cut -d, -f1-4,6- curve.csv > "$1.csv"
    rm curve.csv
}
compare() {
    cmp out.nnp "$1.nnp"
    cut -d, -f1-4,6- curve.csv | cmp - "$1.csv"
    [ ! -e out.nnp.checkpoint ] && [ ! -e out.nnp.checkpoint.previous ] ||
        fail "a complete training left a checkpoint"
}

"$make_data" data.extxyz 30 1
configure good.yaml ''
"$train" --quiet good.yaml > out
[ ! -s out ] || fail "--quiet is not"
keep whole

# ---- SIGKILL, 20 times at any moment ----
resume=
kills=0
while [ "$kills" -lt 20 ]; do
    "$train" $resume good.yaml > out 2> err &
    process=$!
    sleep "$(awk -v seed="$kills" 'BEGIN { srand(seed + 1); print 0.03 + 0.2 * rand() }')"
    kill -KILL "$process" 2> /dev/null || true
    status=0
    wait "$process" 2> /dev/null || status=$?
    case $status in
    0) compare whole ;;
    137) kills=$((kills + 1)) ;;
    *) fail "exit status $status before SIGKILL $kills" ;;
    esac
    [ ! -e out.nnp ] || "$info" out.nnp > /dev/null || fail "a potential was damaged"
    resume=
    [ ! -e out.nnp.checkpoint ] && [ ! -e out.nnp.checkpoint.previous ] || resume=--resume
done
if [ -z "$resume" ]; then
    "$train" good.yaml > out 2> err &
    while [ ! -e out.nnp.checkpoint ]; do sleep 0.02; done
    kill -KILL $!
    wait $! 2> /dev/null || true
fi
if "$train" good.yaml > out 2> err; then fail "a checkpoint was overwritten"; fi
grep -q 'unfinished training; continue that with --resume' err || fail "no word of --resume"
"$train" --resume good.yaml > out 2> err || fail "--resume"
grep -q '^resumed: member 1 of 1' out || fail "no word of having resumed"
compare whole

# ---- Signals: SIGUSR1 goes on, SIGTERM ends with 130; and on another number of ranks ----
configure signal.yaml 's/iterations: 7/iterations: 0/; s/iterations: 300/iterations: 3000/'
"$train" --quiet signal.yaml > out
keep long
"$train" signal.yaml > out 2> err &
process=$!
while [ ! -s curve.csv ] || [ "$(wc -l < curve.csv)" -lt 5 ]; do sleep 0.02; done
[ ! -e out.nnp.checkpoint ] || fail "a checkpoint nobody asked for"
kill -USR1 "$process"
while [ ! -e out.nnp.checkpoint ]; do
    kill -0 "$process" || fail "no checkpoint at SIGUSR1"
    sleep 0.02
done
kill -TERM "$process"
status=0
wait "$process" || status=$?
[ "$status" = 130 ] || fail "exit status $status after SIGTERM"
[ -e out.nnp.checkpoint.previous ] || fail "SIGTERM wrote no checkpoint of its own"
"$mpiexec" -n 3 "$train" --resume signal.yaml > out 2> err || fail "resuming on 3 ranks"
compare long

# ---- A rank that dies: the others end soon, and any number of ranks goes on ----
rm -f pids curve.csv
"$mpiexec" -n 3 sh -c 'echo $$ >> pids; exec "$0" signal.yaml' "$train" > out 2> err &
process=$!
while [ ! -s curve.csv ]; do
    kill -0 "$process" || fail "the training on 3 ranks ended by itself"
    sleep 0.02
done
kill -USR1 $(cat pids)
while [ ! -e out.nnp.checkpoint ]; do
    kill -0 "$process" || fail "no checkpoint on 3 ranks"
    sleep 0.02
done
kill -KILL "$(tail -1 pids)"
seconds=0
while kill -0 "$process" 2> /dev/null; do
    [ "$seconds" -lt 300 ] || fail "a training that lost a rank goes on"
    seconds=$((seconds + 1))
    sleep 0.1
done
if wait "$process"; then fail "exit status 0 although a rank died"; fi
"$train" --resume signal.yaml > out 2> err || fail "resuming after the loss of a rank"
compare long

# ---- No room in shared memory, or for a part: ranks write to one another ----
# Refused are the filter's matrices and what comes later; rows; what they are found from; more
# rows.
if "$mpiexec" --version 2>&1 | grep -q 'Open MPI' &&
    unshare -m mount -t tmpfs -o size=16k none /dev/shm 2> /dev/null; then
    for size in 16k 100k 200k 232k; do
        OMPI_MCA_btl_vader_backing_directory=$PWD unshare -m sh -c '
            mount -t tmpfs -o "size=$1" none /dev/shm && shift && exec "$@"' - "$size" \
            "$mpiexec" -n 2 "$train" good.yaml > out 2> err ||
            fail "$size in /dev/shm: $(cat err)"
        compare whole
    done
else
    echo "no file system can be mounted here: ranks without shared memory are not tested"
fi

# ---- A full disk: a failure, and what there was is whole ----
# Both as a file system where one may mount it, and as a limit of the size of files.
mkdir small
trap 'umount small 2> /dev/null || true' EXIT
if mount -t tmpfs -o size=2m none small 2> /dev/null; then
    configure full.yaml \
        's|out.nnp|small/out.nnp|; s|curve.csv|small/curve.csv|; s/iterations: 300/iterations: 3000/'
    cp whole.nnp small/out.nnp
    "$train" full.yaml > out 2> err &
    process=$!
    while [ ! -e small/out.nnp.checkpoint.previous ]; do
        kill -0 "$process" || fail "the training on a small disk ended by itself"
        sleep 0.02
    done
    cat /dev/zero > small/rest 2> /dev/null || true
    status=0
    wait "$process" || status=$?
    cp small/out.nnp left.nnp
    rm small/rest
    resumed=0
    "$train" --resume full.yaml > out.2 2> err.2 || resumed=$?
    mv small/out.nnp small/curve.csv .
    umount small
    [ "$status" = 1 ] || fail "exit status $status on a full disk"
    grep -q 'No space left' err || fail "no word of the full disk"
    "$info" left.nnp > /dev/null || fail "a potential was damaged on a full disk"
    [ "$resumed" = 0 ] || fail "resuming after a full disk: $(cat err.2)"
    compare long
    # The first of two ranks writes the curve after the second one has gone on.
    mount -t tmpfs -o size=8k none small
    configure full.yaml 's|curve.csv|small/curve.csv|'
    status=0
    timeout 60 "$mpiexec" -n 2 "$train" full.yaml > out 2> err || status=$?
    umount small
    [ "$status" = 1 ] || fail "exit status $status of two ranks on a full disk"
    grep -q 'cannot write small/curve.csv: No space left' err ||
        fail "no word of the full disk by two ranks"
else
    echo "no file system can be mounted here: a full disk is not tested"
fi
rm -f out.nnp.checkpoint*

# ---- A folder that cannot be written, found before time is spent ----
configure bad.yaml 's|save_every|checkpoint: no_such_folder/point, save_every|'
if "$train" bad.yaml > out 2> err; then fail "a checkpoint without a folder"; fi
grep -q 'cannot write no_such_folder/point' err || fail "no word of the checkpoint's folder"
