# Phases reported by others beside a convex hull that was found without them: their composition,
# mixing energy, and height above (below, negative) that hull, in eV/atom; whether they are stable
# once they count.
#
#   awk -F, -v element=Li -f reported.awk hull_without_reported.csv hull.csv

FNR == 1 {
    file++
    for (i = 1; i <= NF; i++)
        at[$i] = i
    if (file == 2)
        print "phase,x_" element ",mixing,above_others,stable"
    next
}

# Points of the hull; both tables are sorted by composition.
file == 1 && $at["stable"] == 1 {
    if (n && x[n] == $at["x_" element])
        next
    x[++n] = $at["x_" element]
    e[n] = $at["mixing"]
}

file == 2 && $at["group"] == "reported" {
    share = $at["x_" element]
    for (i = 1; i < n; i++) {
        w = (share - x[i + 1]) / (x[i] - x[i + 1])
        if (w >= 0 && w <= 1)
            break
    }
    above = $at["mixing"] - (w * e[i] + (1 - w) * e[i + 1])
    printf "%s,%s,%s,%.6f,%s\n", $at["phase"], share, $at["mixing"], above, $at["stable"]
}
