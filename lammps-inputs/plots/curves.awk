# Energies against volume of extended XYZ: structures of groups <name>_eos become a table of curve,
# volume (A^3/atom), energy (eV/atom), sorted by the order of the file.

BEGIN { print "curve,volume,energy" }

left == 0 { n = left = $1; comment = 1; next }

comment {
    comment = 0
    if (!match($0, /config_type=[^ ]*_eos( |$)/))
        next
    curve = substr($0, RSTART + 12, RLENGTH - 12)
    sub(/_eos ?$/, "", curve)
    match($0, / energy=[^ ]+/)
    energy = substr($0, RSTART + 8, RLENGTH - 8)
    match($0, /Lattice="[^"]*"/)
    split(substr($0, RSTART + 9, RLENGTH - 10), a, " ")
    volume = a[1] * (a[5] * a[9] - a[6] * a[8]) - a[2] * (a[4] * a[9] - a[6] * a[7]) \
           + a[3] * (a[4] * a[8] - a[5] * a[7])
    printf "%s,%.6f,%.6f\n", curve, (volume < 0 ? -volume : volume) / n, energy / n
    next
}

{ left-- }
