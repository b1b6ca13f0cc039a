# Mixing energies by the crystal that they started from, filled where they are on the convex hull;
# on the right how far above it. The reported phases did not count for the hull: they are placed on
# it. Mixing energies and distances in meV/atom.
w = 1120; h = 560
load folder."/style.gp"
set multiplot layout 1,2
set xlabel "share of ".element2
set xrange [-0.02:1.02]
set xtics 0.2
set rmargin 2
# Composition, mixing energy and height above the hull of a group; on the hull (1) or not (0).
rows(group, stable) = "< awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at[\"stable\"] == ".stable. \
    " && (\"".group."\" == \"\" || $at[\"group\"] == \"".group."\") { print $at[\"x_".element2."\"], 1e3 * $at[\"mixing\"], " \
    ."1e3 * $at[\"above_hull\"] }' '".hull."' | sort -k1,1g"
others = "< awk -F, 'NR > 1 { print $2, 1e3 * $3, 1e3 * $4 }' '".reported."'"
groups = bases." ordered"
n = words(groups)
colors = "#c08a00 #2c6fbb #b8342a #3a8a4d #404040"
open = "4 6 8 10 12"
filled = "5 7 9 11 13"
# The last one, whatever the number of the others.
style(i) = i > n - 1 ? 5 : i
title_(i) = i == n ? "crystals" : word(groups, i)." and substitutions"
set ylabel "mixing energy (meV/atom)"
set yrange [*:40]
set key at graph 0.50, 0.99 center top Left reverse noenhanced samplen 1 spacing 1.05 font ",10"
plot rows("", 1) using 1:2 with lines lw 1.2 lc rgb grey title "convex hull (filled)", \
     for [i=1:n] rows(word(groups, i), 0) using 1:2 with points pt int(word(open, style(i))) ps 0.9 lc rgb word(colors, style(i)) notitle, \
     for [i=1:n] rows(word(groups, i), 1) using 1:2 with points pt int(word(filled, style(i))) ps 1.3 lc rgb word(colors, style(i)) notitle, \
     others using 1:2 with points pt 2 ps 0.9 lc rgb violet notitle, \
     for [i=1:n] NaN with points pt int(word(open, style(i))) ps 0.9 lc rgb word(colors, style(i)) title title_(i), \
     NaN with points pt 2 ps 0.9 lc rgb violet title "prototypes of reported phases"
set ylabel "above the convex hull (meV/atom)"
set yrange [-15:80]
unset key
plot 0 with lines lw 1.2 lc rgb grey notitle, \
     for [i=1:n] rows(word(groups, i), 0) using 1:3 with points pt int(word(open, style(i))) ps 0.9 lc rgb word(colors, style(i)), \
     for [i=1:n] rows(word(groups, i), 1) using 1:3 with points pt int(word(filled, style(i))) ps 1.3 lc rgb word(colors, style(i)), \
     others using 1:3 with points pt 2 ps 0.9 lc rgb violet
unset multiplot
