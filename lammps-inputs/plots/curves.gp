# Energy against volume of up to six phases: potential (lines) and DFT (points); dashed lines are at
# the minima of the fits (nnp-eos).
w = 900; h = 560
load folder."/style.gp"
set datafile separator ","
n = words(curves)
columns = n < 3 ? n : 3
set multiplot layout (n + columns - 1) / columns, columns
set lmargin 9
set rmargin 1.5
set xlabel "volume (Å^3/atom)"
set ylabel "energy (eV/atom)"
set format y "%.2f"
set xtics 1
set key top center samplen 1.5
minimum(phase, source) = system("awk -F, '$1 == \"".phase."\" && $2 == \"".source."\" { print $4 }' '".fits."'")
do for [i=1:n] {
    phase = word(curves, i)
    set title noenhanced phase offset 0,-0.6
    file = folder_md."/eos_".phase.".csv"
    set autoscale
    stats file every ::1 using 2:3 nooutput
    v0 = STATS_pos_min_y
    lowest = STATS_min_y
    stats [0.89*v0:1.11*v0] file every ::1 using 2:3 nooutput
    height = STATS_max_y - lowest
    set xrange [0.90*v0:1.10*v0]
    set yrange [lowest-0.15*height:lowest+1.1*height]
    set ytics height > 0.1 ? 0.04 : height > 0.05 ? 0.02 : height > 0.025 ? 0.01 : height > 0.01 ? 0.005 : 0.002
    set format y height > 0.025 ? "%.2f" : "%.3f"
    unset arrow
    v = minimum(phase, "curves")
    if (v ne "") { set arrow from v + 0, graph 0 to v + 0, graph 0.6 nohead dt 2 lc rgb blue }
    v = minimum(phase, "against")
    if (v ne "") { set arrow from v + 0, graph 0 to v + 0, graph 0.6 nohead dt 3 lc rgb red }
    if (dft ne "") {
        plot file every ::1 using 2:3 smooth csplines lw 1.8 lc rgb blue title "potential", \
             dft every ::1 using (strcol(1) eq phase ? $2 : NaN):3 with points pt 7 ps 1.1 lc rgb red title "DFT"
    } else {
        plot file every ::1 using 2:3 smooth csplines lw 1.8 lc rgb blue title "potential"
    }
    unset key
}
unset multiplot
