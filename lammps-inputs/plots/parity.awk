# Pairs reference and prediction: two extended XYZ files of the same structures (the second
# from nnp-predict -o) become two tables.
#
#   awk -v energies=e.dat -v forces=f.dat -f parity.awk REFERENCE PREDICTION
#
# energies: reference, predicted (eV/atom); forces: the same of each component (eV/A). Columns
# are found by name in Properties; a structure without energy or forces gives no lines.

FNR == 1 { file++; left = 0; structure = 0 }

left == 0 { n = left = $1; comment = 1; structure++; atom = 0; next }

comment {
    comment = 0
    has_energy = match($0, / energy=[^ ]+/)
    e = substr($0, RSTART + 8, RLENGTH - 8)
    column = force_column($0)
    if (file == 1) {
        reference[structure] = e
        known[structure] = has_energy
    } else if (has_energy && known[structure])
        printf "%.8g %.8g\n", reference[structure] / n, e / n > energies
    next
}

{
    left--
    atom++
    for (k = 0; k < 3 && column; k++)
        if (file == 1)
            force[structure, atom, k] = $(column + k)
        else if ((structure, atom, k) in force)
            printf "%.8g %.8g\n", force[structure, atom, k], $(column + k) > forces
}

# The first column of the forces in Properties=name:type:count:..., or 0.
function force_column(line,    fields, m, i, at) {
    if (!match(line, /Properties=[^ ]+/))
        return 0
    m = split(substr(line, RSTART + 11, RLENGTH - 11), fields, ":")
    at = 1
    for (i = 1; i < m; i += 3) {
        if (fields[i] == "forces" || fields[i] == "force")
            return at
        at += fields[i + 2]
    }
    return 0
}
