# Mixing energies of the crystals that DFT labelled, relaxed by the potential: both, and how they
# differ, in meV/atom.
w = 1000; h = 430
load folder."/style.gp"
set multiplot layout 1,2
set xlabel "share of ".element2
set xrange [-0.03:1.03]
set xtics 0.2
set rmargin 2
rows = "< awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { print $at[\"x_".element2."\"], " \
    ."1e3 * $at[\"mixing\"], 1e3 * $at[\"against_mixing\"] }' '".table."'"
set ylabel "mixing energy (meV/atom)"
set yrange [*:30]
set key top center
plot rows using 1:3 with points pt 7 ps 1.1 lc rgb red title "DFT", \
     rows using 1:2 with points pt 6 ps 1.5 lw 1.4 lc rgb blue title "potential"
set ylabel "potential - DFT (meV/atom)"
set autoscale y
set yrange [*<-6:6<*]
unset key
plot 0 with lines lw 1.2 lc rgb grey, \
     rows using 1:($2 - $3) with impulses lw 1.2 lc rgb blue, \
     rows using 1:($2 - $3) with points pt 7 ps 0.9 lc rgb blue
unset multiplot
