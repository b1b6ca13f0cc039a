# Results beside those of K. Shimizu et al., Phys. Rev. B 103, 094112 (2021), as far as its text
# gives numbers: a table of quantity, value here, published with the potential, with DFT.
#
#   awk -v folder=build/auli-full -f published.awk

# Reads a table into cell[row, title]; returns the number of its rows, 0 where it is missing.
function table(name,    file, n, i, count, f) {
    split("", cell)
    split("", title)
    file = folder "/" name
    n = -1
    while ((getline line < file) > 0) {
        count = split(line, f, ",")
        n++
        for (i = 1; i <= count; i++)
            if (n)
                cell[n, title[i]] = f[i]
            else
                title[i] = f[i]
    }
    close(file)
    return n > 0 ? n : 0
}

function row(what, here, potential, dft) {
    print what "," here "," potential "," dft
}

function larger(a, b) {
    b = b < 0 ? -b : b
    return a > b ? a : b
}

function curves(    n, i, k, name, v, e, b) {
    n = table("eos.csv")
    for (i = 1; i <= n; i++)
        if (cell[i, "source"] == "curves")
            for (k = 1; k <= n; k++)
                if (cell[k, "curve"] == cell[i, "curve"] && cell[k, "source"] == "against") {
                    v = larger(v, cell[i, "V0"] - cell[k, "V0"])
                    e = larger(e, 1000 * (cell[i, "E0"] - cell[k, "E0"]))
                    b = larger(b, 100 * (cell[i, "B0"] / cell[k, "B0"] - 1))
                }
    if (v == "")
        return
    row("volume at the minimum: largest difference from DFT (A^3/atom)", sprintf("%.3f", v), "< 0.1", "-")
    row("energy at the minimum: largest difference from DFT (meV/atom)", sprintf("%.2f", e), "3.78", "-")
    row("bulk modulus: largest difference from DFT (%)", sprintf("%.1f", b), "< 10", "-")
}

function phonons(    n, i, phase, stable) {
    n = table("phonons.csv")
    for (i = 1; i <= n; i++) {
        phase = cell[i, "phase"]
        stable = phase != "Au_bcc" && phase != "Li_fcc"
        row("lowest frequency of " phase " (THz; negative: imaginary)",
            sprintf("%.2f", cell[i, "lowest"] + 1e-9), stable ? "not imaginary" : "imaginary",
            stable ? "not imaginary" : "imaginary")
    }
}

function stable_shares(    n, i, list, x, last) {
    n = table("hull_without_reported.csv")
    for (i = n; i >= 1; i--) {
        x = sprintf("%.3f", cell[i, "x_Li"])
        if (cell[i, "stable"] != 1 || x + 0 == 0 || x + 0 == 1 || x == last)
            continue
        list = list (list == "" ? "" : " ") x
        last = x
    }
    if (n)
        row("shares of Li on the hull of crystals and substitutions", list,
            "0.250 0.500 0.531 0.594 0.656 0.750 0.789", "0.250 0.500 0.594 0.656 0.750 0.789")
}

# The lowest prototype of a composition.
function reported(n, phase, potential, dft,    i, best, name) {
    for (i = 1; i <= n; i++)
        if (index(cell[i, "phase"], phase "_") == 1 &&
            (name == "" || cell[i, "above_others"] + 0 < best)) {
            best = cell[i, "above_others"] + 0
            name = cell[i, "phase"]
        }
    if (name != "")
        row(phase " above that hull (meV/atom; here " name ")", sprintf("%.2f", 1000 * best),
            potential, dft)
}

function interfaces(    n, i, what, is_published) {
    n = table("alloying.csv")
    for (i = 1; i <= n; i++) {
        is_published = cell[i, "atoms"] == 640 && cell[i, "temperature"] == 500 && \
            cell[i, "cell"] == "free"
        what = "interface of " cell[i, "atoms"] " atoms at " cell[i, "temperature"] " K (" \
            cell[i, "cell"] "): "
        row(what "degree of mixing after " cell[i, "ps"] " ps", cell[i, "mixed_end"],
            is_published ? "complete after 200 ps" : "-", "-")
        if (i > 1)
            continue
        # Before anything moves all interfaces are alike. What an atom has is a matter of the potential, the sum over a pair of atoms is not.
        row(what "energies of the first Au and Li layers beside the middle (eV)",
            cell[i, "first_Au"] " " cell[i, "first_Li"] " sum " \
            sprintf("%.3f", cell[i, "first_Au"] + cell[i, "first_Li"]), "-0.43 -0.13 sum -0.56", "-")
        row(what "of the second Au and Li layers (eV)",
            cell[i, "second_Au"] " " cell[i, "second_Li"] " sum " \
            sprintf("%.3f", cell[i, "second_Au"] + cell[i, "second_Li"]), "0.05 0.05 sum 0.10", "-")
    }
}

BEGIN {
    print "quantity,here,published potential,published DFT"
    curves()
    phonons()
    stable_shares()
    n = table("reported.csv")
    reported(n, "Au2Li", "15.1", "-1.58")
    reported(n, "Au5Li3", "-3.38", "-5.88")
    reported(n, "Au2Li3", "-6.04", "-4.16")
    reported(n, "Au3Li5", "3.28", "-5.41")
    reported(n, "AuLi2", "-4.97", "-3.91")
    interfaces()
}
