# The first and the last frame of interface.dump, as two blocks of: type, z / length of the cell,
# energy (eV). Blocks are two empty lines apart, as gnuplot's "index" wants them.

function show(    i) {
    print "# step " step
    for (i = 1; i <= n; i++)
        print row[i]
}

/^ITEM: TIMESTEP/ { if (frames++ == 1) { show(); print "\n" }; getline; step = $1; n = 0; next }
/^ITEM: NUMBER/ { getline; next }
/^ITEM: BOX/ { getline; getline; getline; low = $1; length_z = $2 - $1; next }
/^ITEM: ATOMS/ { next }
{
    s = ($5 - low) / length_z
    row[++n] = $2 " " s - (s >= 1) + (s < 0) " " $6
}
END { if (frames == 1) { show(); print "\n" }; show() }
