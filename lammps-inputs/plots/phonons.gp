# Phonon bands and densities of states, several phases in a row; imaginary modes negative. With
# beside = 1 those of DFT (red, dashed) over those of the potential in the same supercells.
if (!exists("beside")) { beside = 0 }
n = words(phases)
per_row = n < 4 ? n : n < 7 ? 3 : 4
rows = (n + per_row - 1) / per_row
w = 330*per_row; h = 300*rows
load folder."/style.gp"
unset key
unset grid
set multiplot
do for [i=1:n] {
    stem = folder_out."/phonons_".word(phases, i).(beside ? "_same" : "")
    other = folder_out."/phonons_".word(phases, i).(beside ? "_dft" : "")
    left = (1.0 * ((i - 1) % per_row)) / per_row
    bottom = 1.0 - (1.0 * ((i - 1) / per_row) + 1) / rows
    # Columns, lowest and highest frequency, length of the path.
    range_ = system("awk 'NR == 1 { low = high = $2 } { for (k = 2; k <= NF; k++) { if ($k < low) low = $k; " \
        ."if ($k > high) high = $k } x = $1 } END { print NF, low, high, x }' '".stem.".bands' '".other.".bands'")
    bands = int(word(range_, 1))
    low = word(range_, 2) < -0.05 ? 1.1*word(range_, 2) : 0
    high = 1.06*word(range_, 3)
    set origin left, bottom
    set size 1.0/per_row, 1.0/rows
    set lmargin at screen left + 0.19/per_row
    set rmargin at screen left + 0.70/per_row
    set tmargin at screen bottom + 0.90/rows
    set bmargin at screen bottom + 0.10/rows
    set border 15
    set xrange [0:word(range_, 4) + 0]
    set yrange [low:high]
    set title noenhanced word(phases, i) offset 0,-0.6
    set ylabel "frequency (THz)" offset 0.4,0
    set format y "%g"
    set ytics auto
    unset xtics
    set xtics () scale 0
    set grid xtics lt 1 lw 0.8 lc rgb "#b0b0b0"
    plot stem.".ticks" using 1:(NaN):xticlabels(2) notitle, \
         0 with lines lc rgb grey lw 0.8, \
         for [k=2:bands] stem.".bands" using 1:k with lines lw 1.3 lc rgb blue, \
         for [k=2:beside*bands] other.".bands" using 1:k with lines lw 1.3 dt (9,5) lc rgb red
    set lmargin at screen left + 0.72/per_row
    set rmargin at screen left + 0.93/per_row
    unset title
    unset ylabel
    set format y ""
    unset xtics
    set xrange [0:*]
    set xlabel "DOS" offset 0,0.2
    plot stem.".dos" using 2:1 with filledcurves y1=0 fs solid 0.25 noborder lc rgb blue, \
         stem.".dos" using 2:1 with lines lw 1.3 lc rgb blue, \
         for [k=1:beside] other.".dos" using 2:1 with lines lw 1.3 dt (9,5) lc rgb red
    unset xlabel
}
unset multiplot
