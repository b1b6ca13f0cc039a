# Out of labelled crystals (extended XYZ with sid=relaxed_<phase>_<checksum of a potential>) one for
# each phase, named sid=<phase>: that of the potential with the checksum "sum", else the last.
#
#   awk -v sum=123 -f labelled.awk relaxed.extxyz relaxed.extxyz

FNR == 1 {
    file++
    left = 0
}

left == 0 {
    n = left = $1
    comment = 1
    next
}

comment {
    comment = 0
    wanted = 0
    if (!match($0, /sid=relaxed_[^ ]*/))
        next
    phase = potential = substr($0, RSTART + 12, RLENGTH - 12)
    sub(/_[0-9]*$/, "", phase)
    sub(/.*_/, "", potential)
    if (file == 1 && chosen[phase] != sum)
        chosen[phase] = potential
    wanted = file == 2 && chosen[phase] == potential
    if (wanted) {
        sub(/sid=relaxed_[^ ]*/, "sid=" phase)
        print n
        print
    }
    next
}

{
    left--
    if (wanted)
        print
}
