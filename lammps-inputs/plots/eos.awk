# Fits E(V) to a table of eos.in: prints V0 (A^3/atom), B0 (GPa), E0 (eV/atom).
#
#   awk -f eos.awk eos_AuLi_B2.csv
#
# Birch-Murnaghan of third order is a cubic in x = V^(-2/3) (Birch, Phys. Rev. 71, 809 (1947)):
#   E = c0 + c1 x + c2 x^2 + c3 x^3,   dE/dx = 0 at V0,   B0 = V d2E/dV2 at V0,
# so least squares finds it without a first guess. Volumes within 8 % of the lowest point count.

BEGIN { FS = "," }
FNR > 1 { n++; volume[n] = $2; energy[n] = $3; if (n == 1 || $3 < energy[low]) low = n }

END {
    if (n < 5 || low == 1 || low == n) {
        print "eos.awk: no minimum inside the volumes of " FILENAME > "/dev/stderr"
        exit 1
    }
    # In t = (V/V_low)^(-2/3) - 1 and relative to the lowest energy, for the sake of rounding.
    for (p = 1; p <= n; p++) {
        if (volume[p] < 0.92 * volume[low] || volume[p] > 1.08 * volume[low])
            continue
        t = (volume[p] / volume[low])^(-2 / 3) - 1
        for (i = 0; i < 4; i++) {
            for (j = 0; j < 4; j++)
                m[i, j] += t^(i + j)
            m[i, 4] += t^i * (energy[p] - energy[low])
        }
    }
    solve()
    # The root of the derivative that is next to t = 0.
    disc = c[2]^2 - 3 * c[1] * c[3]
    if (disc < 0 || c[2] <= 0) {
        print "eos.awk: the fit to " FILENAME " has no minimum" > "/dev/stderr"
        exit 1
    }
    t = -c[1] / (c[2] + sqrt(disc))
    v0 = volume[low] * (1 + t)^(-1.5)
    curvature = 2 * c[2] + 6 * c[3] * t
    b0 = curvature * 4 / 9 * (1 + t)^2 / v0 * 160.21766
    printf "%.4f %.2f %.6f\n", v0, b0, energy[low] + c[0] + t * (c[1] + t * (c[2] + t * c[3]))
}

# Gauss elimination; the matrix is positive definite.
function solve(    i, j, k, f) {
    for (k = 0; k < 4; k++)
        for (i = k + 1; i < 4; i++) {
            f = m[i, k] / m[k, k]
            for (j = k; j < 5; j++)
                m[i, j] -= f * m[k, j]
        }
    for (i = 3; i >= 0; i--) {
        c[i] = m[i, 4]
        for (j = i + 1; j < 4; j++)
            c[i] -= m[i, j] * c[j]
        c[i] /= m[i, i]
    }
}
