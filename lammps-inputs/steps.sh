# Messages, progress, and what is left to do: for scripts that source this file (demo, auli/run).
# They set: program (for messages), out (folder of the results, with log/ and done/ in it).
# shellcheck shell=sh disable=SC2154

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s: %s\n' "$program" "$*" >&2
    exit 1
}

# With [K it clears the rest of a line on terminals.
escape=$(printf '\033')

child=''
stop_child() {
    # The child leads a process group of its own (setsid), so this reaches its children too.
    [ -z "$child" ] || kill -TERM "-$child" 2>/dev/null || :
}
trap stop_child EXIT
trap 'exit 130' INT TERM HUP

# last_line LOG STEPS: what a log says of the progress; lines of LAMMPS' table begin with the step.
last_line() {
    tail -c 1000 "$1" | tr '\r' '\n' | sed "s/$escape\[K//g" | awk -v steps="$2" '
        NF { line = $0 }
        $1 ~ /^[0-9]+$/ && steps { line = "step " $1 " of " steps }
        END { print substr(line, 1, 95) }'
}

# watch PROCESS LOG STEPS: shows the progress until the process ends, on one changing line of a
# terminal, else now and then.
watch() {
    seconds=0 shown='' pause=1
    while kill -0 "$1" 2>/dev/null; do
        sleep 0.2
        seconds=$((seconds + 1))
        line=$(last_line "$2" "$3")
        if [ "$line" = "$shown" ] || [ -z "$line" ]; then
            continue
        elif [ -t 1 ]; then
            printf '\r  %-95s' "$line"
        elif [ "$seconds" -ge $((10 * pause)) ]; then
            # After 2, 4, 8, ... then every 16 seconds.
            pause=$((pause < 8 ? 2 * pause : pause + 8))
            say "  $line"
        else
            continue
        fi
        shown=$line
    done
    [ ! -t 1 ] || printf '\r%97s\r' ''
}

# logged NAME STEPS COMMAND...: runs a command with its output in log/NAME.log, shows its progress.
logged() {
    log=$out/log/$1.log steps=$2
    shift 2
    setsid "$@" >"$log" 2>&1 </dev/null &
    child=$!
    watch "$child" "$log" "$steps"
    result=0
    wait "$child" || result=$?
    child=''
    [ "$result" -eq 0 ] && return
    tail -n 15 "$log" | sed 's/^/    /' >&2
    fail "$what failed (exit code $result); the whole output: $log"
}

# step NAME TEXT FILE...: true where the step is to be done, since it has not been yet, or a file
# that it depends on has changed; "finished" then notes that it is.
step() {
    name=$1 what=$2
    shift 2
    key=$(cat "$@" | cksum)
    began=$(date +%s)
    if [ "$(cat "$out/done/$name" 2>/dev/null)" = "$key" ]; then
        say "$what: done before"
        return 1
    fi
    say "$what"
}

finished() {
    say "$key" >"$out/done/$name"
    took=$(($(date +%s) - began))
    say "$took" >"$out/done/$name.seconds"
    say "  done in $took s"
}
