# What happened at an interface, as a line of a table:
#
#   awk -v name=interface_4_500_z,500,z -f alloying.awk interface.csv interface.profile interface.frames
#
#   energy_start, energy_end   means of the first and last twentieth of the time, eV/atom
#   length_start, length_end   along z, likewise, Angstrom
#   width_start, width_end     along x and y
#   mixed_end                  mean of 4 x (1 - x) over the atoms, x the share of the first element
#                              in the slice of the profile that they are in: 0 apart, 1 half and
#                              half everywhere
#   half_mixed                 time in ps when that was first above 1/2, "-" if never
#   first_1 .. second_2        energies of the atoms in the first and second layer of element 1 and
#                              2, counted from the interface, minus that in the middle, before
#                              anything moves, eV

function mean(value, from, to,    i, sum) {
    for (i = from; i <= to; i++)
        sum += value[i]
    return sum / (to - from + 1)
}

function end_block() {
    if (atoms)
        degree[++blocks] = mixed / atoms
    mixed = atoms = 0
}

# Mean energy of the layers number k of an element from either end, k = 0: of the middle ones.
function layer(type, k,    n, a, b) {
    n = layers[type]
    k = k ? k : int((n + 1) / 2)
    a = type SUBSEP height[type, k]
    b = type SUBSEP height[type, n + 1 - k]
    return (sum[a] + sum[b]) / (number[a] + number[b])
}

# Keeps the heights of the layers of an element in order.
function add_layer(type, z,    k) {
    for (k = ++layers[type]; k > 1 && height[type, k - 1] + 0 > z + 0; k--)
        height[type, k] = height[type, k - 1]
    height[type, k] = z
}

FNR == 1 { file++ }

# After the title and the perfect crystals.
file == 1 && FNR > 2 {
    split($0, f, ",")
    time[++lines] = f[1]
    energy[lines] = f[2]
    length_x[lines] = f[5]
    length_z[lines] = f[6]
}

file == 2 && NF == 3 && !/^#/ { end_block(); step[blocks + 1] = $1 }
file == 2 && NF > 3 && !/^#/ { mixed += $3 * 4 * $4 * (1 - $4); atoms += $3 }

# The first block of the frames: type, height, energy.
file == 3 && /^#/ { frames++ }
file == 3 && NF == 4 && frames == 1 {
    total++
    z = sprintf("%.3f", $2)
    if (!(($1, z) in sum))
        add_layer($1, z)
    sum[$1, z] += $3
    number[$1, z]++
}

END {
    end_block()
    half = "-"
    for (i = blocks; i >= 1; i--)
        if (degree[i] > 0.5)
            half = sprintf("%.1f", time[lines] * step[i] / step[blocks])
    part = int(lines / 20) + 1
    printf "%s,%d,%g,%.4f,%.4f,%.2f,%.2f,%.2f,%.2f,%.3f,%s,%.3f,%.3f,%.3f,%.3f\n", name, total,
        time[lines], mean(energy, 1, part), mean(energy, lines - part + 1, lines),
        mean(length_z, 1, part), mean(length_z, lines - part + 1, lines),
        mean(length_x, 1, part), mean(length_x, lines - part + 1, lines), degree[blocks], half,
        layer(1, 1) - layer(1), layer(1, 2) - layer(1), layer(2, 1) - layer(2),
        layer(2, 2) - layer(2)
}
