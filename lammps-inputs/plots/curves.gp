# Energy against volume of up to six phases: potential (lines), its minimum (dashed), DFT (points).
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
set ytics 0.05
set key top center
do for [i=1:n] {
    phase = word(curves, i)
    set title noenhanced phase offset 0,-0.6
    file = folder_md."/eos_".phase.".csv"
    # Within 8 % of the volume of the lowest energy, where the equation of state is fitted.
    set autoscale
    stats file every ::1 using 2:3 nooutput
    v0 = STATS_pos_min_y
    set xrange [0.90*v0:1.10*v0]
    set yrange [STATS_min_y-0.015:STATS_min_y+0.135]
    if (v0 > 19) { set yrange [STATS_min_y-0.003:STATS_min_y+0.027]; set ytics 0.01 } else { set ytics 0.05 }
    set arrow 1 from v0, graph 0 to v0, graph 1 nohead dt 2 lc rgb grey
    if (dft ne "") {
        plot file every ::1 using 2:3 smooth mcsplines lw 1.8 lc rgb blue title "potential", \
             dft every ::1 using (strcol(1) eq phase ? $2 : NaN):3 with points pt 7 ps 0.9 lc rgb red title "DFT"
    } else {
        plot file every ::1 using 2:3 smooth mcsplines lw 1.8 lc rgb blue title "potential"
    }
    unset key
}
unset multiplot
