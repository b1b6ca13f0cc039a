#!/bin/sh
# Every command has a manual page, which is well formed and names every option and exit status
# of its --help.
# usage: manuals.sh FOLDER COMMAND..
set -eu
manuals=$1
shift
status=0

complain() {
    echo "$*"
    status=1
}

for command; do
    name=$(basename "$command")
    page=$manuals/$name.1
    if [ ! -f "$page" ]; then
        complain "$name has no manual page"
        continue
    fi
    text=$(sed 's/\\-/-/g' "$page")
    help=$("$command" --help)
    for option in $(printf '%s\n' "$help" | grep -oE '(^|[^a-z0-9-])--?[a-z][a-z-]*' |
        sed 's/^[^-]*//' | sort -u); do
        printf '%s\n' "$text" | grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" ||
            complain "$page does not name $option"
    done
    for option in $(printf '%s\n' "$text" | grep -E '^\.BI? --?[a-z]' |
        grep -oE -e '--?[a-z][a-z-]*' | sort -u); do
        printf '%s\n' "$help" | grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" ||
            complain "$page names $option, which $name --help does not"
    done
    for number in $(printf '%s\n' "$help" | sed -n '/Exit status/,$p' | grep -oE '\b[0-9]+ [a-z]' |
        cut -d' ' -f1); do
        printf '%s\n' "$text" | grep -qxE "\.B $number" ||
            complain "$page does not name exit status $number"
    done
    if command -v groff > /dev/null; then
        warnings=$(groff -man -Tascii -ww -z "$page" 2>&1) || true
        [ -z "$warnings" ] || complain "$warnings"
    fi
done
exit $status
