# What tests of commands share, for `.`, in the folder of the test's files.

# fail WORDS..: ends the test with the output of the last command.
fail() {
    echo "FAILED: $*"
    for file in out err log; do
        [ ! -s "$file" ] || { echo "--- $file" && cat "$file"; }
    done
    exit 1
}

# expect CODE TEXT COMMAND..: the exit status, and a text (grep's pattern) on standard error, or
# where the status is 0 on either output.  They are left in the files out and err.
expect() {
    code=$1 text=$2
    shift 2
    status=0
    "$@" > out 2> err || status=$?
    [ "$status" = "$code" ] || fail "exit status $status instead of $code: $*"
    if [ "$code" = 0 ]; then cat out err; else cat err; fi | grep -q -e "$text" ||
        fail "\"$text\" is not in the message: $*"
}

# unprivileged COMMAND..: as somebody whom permissions bind, even where root runs the tests.
# What the command needs must be open to all, as the files of open_folder are.
unprivileged() {
    if [ "$(id -u)" = 0 ]; then
        env -u OMPI_MCA_orte_tmpdir_base HOME="$PWD" setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs "$@"
    else
        "$@"
    fi
}

# open_folder FILE..: prints the path of a new folder that anybody may write to, outside of all
# private ones, with copies of the files, and in it a folder read_only.  The caller removes it.
open_folder() {
    folder=$(mktemp -d "${TMPDIR:-/tmp}/nnp-test.XXXXXX")
    cp "$@" "$folder"
    mkdir "$folder/read_only"
    chmod -R a+rX "$folder"
    chmod 777 "$folder"
    chmod 555 "$folder/read_only"
    echo "$folder"
}
