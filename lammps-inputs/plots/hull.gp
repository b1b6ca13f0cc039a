# Mixing energies by the crystal that they started from, filled where they are on the convex hull;
# on the right how far above it. Mixing energies and distances in meV/atom.
w = 980; h = 470
load folder."/style.gp"
set datafile separator ","
set multiplot layout 1,2
set xlabel "share of ".element2
set xrange [-0.02:1.02]
set xtics 0.2
set rmargin 2
colors = "#c08a00 #2c6fbb #b8342a #3a8a4d #8a4fa0 #d2691e"
open = "4 6 8 10 12 14"
filled = "5 7 9 11 13 15"
x = "x_".element2
# One point of a group, of those that are stable or not.
y(group, stable, column_) = strcol("group") eq group && column("stable") == stable ? 1e3*column(column_) : NaN
set ylabel "mixing energy (meV/atom)"
set yrange [*:40]
set key bottom left Left reverse noenhanced samplen 1
stable_points = "< awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at[\"stable\"] == 1 { print $at[\"".x."\"] \",\" 1e3 * $at[\"mixing\"] }' '".hull."' | sort -t, -k1,1g"
plot stable_points using 1:2 with lines lw 1.2 lc rgb grey notitle, \
     for [i=1:words(bases)] hull using (column(x)):(y(word(bases, i), 0, "mixing")) with points pt int(word(open, i)) ps 0.9 lc rgb word(colors, i) title word(bases, i), \
     for [i=1:words(bases)] hull using (column(x)):(y(word(bases, i), 1, "mixing")) with points pt int(word(filled, i)) ps 1.3 lc rgb word(colors, i) notitle, \
     hull using (column(x)):(y("reported", 0, "mixing")) with points pt 2 ps 0.9 lc rgb "#8a4fa0" title "prototypes", \
     hull using (column(x)):(y("reported", 1, "mixing")) with points pt 13 ps 1.4 lc rgb "#8a4fa0" notitle, \
     hull using (column(x)):(y("ordered", 0, "mixing")) with points pt 1 ps 0.9 lc rgb "#404040" title "crystals", \
     hull using (column(x)):(y("ordered", 1, "mixing")) with points pt 15 ps 1.2 lc rgb "#404040" notitle
set ylabel "above the convex hull (meV/atom)"
set yrange [-3:80]
unset key
plot 0 with lines lw 1.2 lc rgb grey notitle, \
     for [i=1:words(bases)] hull using (column(x)):(y(word(bases, i), 0, "above_hull")) with points pt int(word(open, i)) ps 0.9 lc rgb word(colors, i), \
     for [i=1:words(bases)] hull using (column(x)):(y(word(bases, i), 1, "above_hull")) with points pt int(word(filled, i)) ps 1.3 lc rgb word(colors, i), \
     hull using (column(x)):(y("reported", 0, "above_hull")) with points pt 2 ps 0.9 lc rgb "#8a4fa0", \
     hull using (column(x)):(y("reported", 1, "above_hull")) with points pt 13 ps 1.4 lc rgb "#8a4fa0", \
     hull using (column(x)):(y("ordered", 0, "above_hull")) with points pt 1 ps 0.9 lc rgb "#404040", \
     hull using (column(x)):(y("ordered", 1, "above_hull")) with points pt 15 ps 1.2 lc rgb "#404040"
unset multiplot
