# The interface: energy and lengths of the cell with time, profiles of concentration and maps of
# the atoms, coloured by their energies, at four times (ps); "every" steps lie between frames and
# between profiles, each of which is the mean over the steps before it. The cell is shown from a
# quarter of its length below on, so that both interfaces are inside.
w = 1000; h = 860
load folder."/style.gp"
set multiplot
set datafile separator ","
set tmargin at screen 0.955
set bmargin at screen 0.665
set lmargin at screen 0.085
set rmargin at screen 0.30
set xlabel "time (ps)" offset 0,0.4
set ylabel "energy (eV/atom)" offset 0.5,0
set format y "%.3f"
unset key
stats csv every ::2 using 1 nooutput
set xtics STATS_max/4
# Without the first line, a crystal in which nothing has moved yet.
plot csv every ::2 using 1:2 with lines lw 1.4 lc rgb blue
set lmargin at screen 0.40
set rmargin at screen 0.615
set ylabel "length of the cell (Å)"
set format y "%g"
set key at graph 1.0, 1.12 maxrows 1 samplen 1 font ",9"
plot csv every ::2 using 1:6 with lines lw 1.4 lc rgb blue title "z", \
     csv every ::2 using 1:5 with lines lw 1.4 lc rgb "#a0a0a0" title "x"
unset key
set lmargin at screen 0.70
set rmargin at screen 0.97
set datafile separator whitespace
set xtics autofreq
set xlabel "z / length of the cell"
set ylabel "share of ".element1
set xrange [0:1]
set yrange [-0.05:1.05]
set key at graph 1.0, 1.12 maxrows 1 samplen 1 font ",9"
# Blocks of a profile become blocks of gnuplot, each with its slices from the last quarter on.
blocks = "< awk 'function show(i) { for (i = 1; i <= n; i++) { k = (i - 1 + int(0.75*n)) % n + 1; " \
    ."if (count[k] > 0) print (i - 0.5)/n, share[k] } print \"\\n\" } " \
    ."/^#/ { next } NF == 3 { if (n) show(); n = 0; next } { n++; count[n] = $3; share[n] = $4 } " \
    ."END { show() }' '".profile."'"
block(i) = int(1000*word(times, i)/every + 0.5) - 1
set samples 1000
plot (x > 0.25 && x < 0.75) with lines lw 1.4 lc rgb "#a0a0a0" title word(times, 1)." ps", \
     for [i=2:4] blocks index block(i) using 1:2 with lines lw 1.4 \
         lc rgb word("#c08a00 #3a8a4d #2c6fbb", i - 1) title word(times, i)." ps"
unset key
# Maps: x along the page, z up, of either element; colour is the energy of an atom.
set datafile separator whitespace
set yrange [0:1]
set xrange [0:1]
unset xtics
unset xlabel
set border 15
unset grid
element_title(t, f) = (t == 1 ? element1 : element2).", ".word(times, f)." ps"
do for [t=1:2] {
    set autoscale
    stats frames using ($1 == t ? $3 : NaN) nooutput
    set xrange [0:1]
    set yrange [0:1]
    lowest = STATS_mean - 2.5*STATS_stddev
    highest = STATS_mean + 2.5*STATS_stddev
    set cbrange [lowest:highest]
    set palette defined (0 "#2c3e8f", 0.5 "#d9d2b0", 1 "#b8342a")
    set cblabel "energy of ".(t == 1 ? element1 : element2)." (eV)" offset -0.5,0
    set format cb "%.1f"
    set cbtics 0.2 font ",9"
    do for [f=1:4] {
        column_ = 4*(t - 1) + f - 1
        left = 0.065 + 0.098*column_ + (t == 2 ? 0.085 : 0)
        set lmargin at screen left
        set rmargin at screen left + 0.086
        set bmargin at screen 0.03
        set tmargin at screen 0.56
        set title element_title(t, f) offset 0,-0.6 font ",10"
        if (column_ == 0) { set ytics 0.2; set format y "%g"; set ylabel "z / length of the cell" offset 0,0 } else { unset ytics; unset ylabel }
        if (f == 4) { set colorbox user origin left + 0.090, 0.03 size 0.008, 0.53 } else { unset colorbox }
        plot frames index f - 1 using ($1 == t ? $4 : NaN):($2 < 0.75 ? $2 + 0.25 : $2 - 0.75):3 with points pt 7 ps 0.9 lc palette
    }
}
unset multiplot
