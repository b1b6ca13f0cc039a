# Crystals by the fits of nnp-eos, potential beside DFT: lattice parameter (Angstrom, cubic ones
# only), volume (A^3/atom), bulk modulus (GPa), formation energy (eV/atom), and differences.
#
#   awk -F, -v pure="Au_fcc Li_bcc" -v one=Au -v two=Li -f lattice.awk phases.csv eos.csv

FNR == 1 {
    file++
    for (i = 1; i <= NF; i++)
        at[$i] = i
    next
}

file == 1 {
    n[$1, 1] = $at[one]
    n[$1, 2] = $at[two]
    cubic[$1] = $at["a"] == $at["b"] && $at["b"] == $at["c"]
}

file == 2 {
    if (!($1 in known))
        phase[++phases] = $1
    known[$1] = 1
    volume[$1, $2] = $at["V0"]
    energy[$1, $2] = $at["E0"]
    modulus[$1, $2] = $at["B0"]
}

function parameter(p, source) {
    return cubic[p] ? (volume[p, source] * (n[p, 1] + n[p, 2])) ^ (1 / 3) : 0
}

function formation(p, source,    atoms) {
    atoms = n[p, 1] + n[p, 2]
    if (!atoms || !((p, source) in energy) || !((element[1], source) in energy) || !((element[2], source) in energy))
        return "-"
    return sprintf("%.4f", energy[p, source] \
        - (n[p, 1] * energy[element[1], source] + n[p, 2] * energy[element[2], source]) / atoms)
}

function pair(format, a, b) {
    return "," (a ? sprintf(format, a) : "-") "," (b ? sprintf(format, b) : "-") \
        "," (a && b ? sprintf("%.2f", 100 * (a / b - 1)) : "-")
}

END {
    split(pure, element, " ")
    print "phase,a,a_dft,a_percent,volume,volume_dft,volume_percent,modulus,modulus_dft," \
        "modulus_percent,formation,formation_dft,formation_meV"
    for (i = 1; i <= phases; i++) {
        p = phase[i]
        line = p pair("%.4f", parameter(p, "curves"), parameter(p, "against")) \
            pair("%.3f", volume[p, "curves"], volume[p, "against"]) \
            pair("%.1f", modulus[p, "curves"], modulus[p, "against"])
        a = formation(p, "curves")
        b = formation(p, "against")
        print line "," a "," b "," (a != "-" && b != "-" ? sprintf("%.1f", 1000 * (a - b)) : "-")
    }
}
