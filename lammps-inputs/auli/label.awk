# A data file of LAMMPS as a frame of extended XYZ that waits for its label.
#
#   awk -v elements="Au Li" -v kind=relaxed -v sid=relaxed_AuLi_B2_1 -f label.awk relax_AuLi_B2.data

BEGIN { split(elements, element, " ") }

$2 == "atoms" { n = $1 }
$3 == "xlo" { low_x = $1; x = $2 - $1 }
$3 == "ylo" { low_y = $1; y = $2 - $1 }
$3 == "zlo" { low_z = $1; z = $2 - $1 }
$4 == "xy" { xy = $1; xz = $2; yz = $3 }
NF && $1 !~ /^[-0-9]/ { section = $1 }

section == "Atoms" && $1 ~ /^[0-9]+$/ {
    type[$1] = $2
    place[$1] = sprintf("%.10f %.10f %.10f", $3 - low_x, $4 - low_y, $5 - low_z)
}

END {
    print n
    printf "Lattice=\"%.10f 0 0 %.10f %.10f 0 %.10f %.10f %.10f\" ", x, xy, y, xz, yz, z
    print "Properties=species:S:1:pos:R:3 pbc=\"T T T\" config_type=" kind " sid=" sid
    for (i = 1; i <= n; i++)
        print element[type[i]] " " place[i]
}
