# Frames of interface.dump, as blocks of: type, z / length of the cell, energy (eV), x / length.
# Blocks are two empty lines apart, as gnuplot's "index" wants them. frames lists which, from 1 on;
# without it, the first and the last one.

function show(    i) {
    print "# step " step
    for (i = 1; i <= n; i++)
        print row[i]
    print "\n"
    shown = count
}

function wanted() {
    return frames == "" ? count == 1 : index(" " frames " ", " " count " ")
}

/^ITEM: TIMESTEP/ { if (count && wanted()) show(); count++; getline; step = $1; n = 0; next }
/^ITEM: NUMBER/ { getline; next }
/^ITEM: BOX/ {
    getline; low_x = $1; length_x = $2 - $1
    getline; getline; low = $1; length_z = $2 - $1
    next
}
/^ITEM: ATOMS/ { next }
{
    s = ($5 - low) / length_z
    t = ($3 - low_x) / length_x
    row[++n] = $2 " " s - (s >= 1) + (s < 0) " " $6 " " t - (t >= 1) + (t < 0)
}
END { if (frames == "" || wanted()) show() }
