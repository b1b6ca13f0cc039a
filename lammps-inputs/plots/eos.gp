# Energy against volume of each phase, relative to the elements, with the minima of DFT.
w = 620; h = 460
load folder."/style.gp"
set datafile separator ","
set xlabel "volume (Å^3/atom)"
set ylabel "formation energy (eV/atom)"
set key outside right center Left reverse
set xrange [13.5:22]
set yrange [-0.6:0.3]
# Formation energy of a fit: E - (1 - x) e_Au - x e_Li
plot for [i=1:words(phases)] out."/eos_".word(phases, i).".csv" every ::1 \
         using 2:($3 - (1-word(shares, i))*e_Au - word(shares, i)*e_Li) with lines lw 1.6 lc i \
         title word(titles, i), \
     for [i=1:words(phases)] dft every ::1 \
         using ($3 * (strcol(1) eq word(phases, i) ? 1 : NaN)):6 with points pt 7 ps 1.1 lc i notitle, \
     NaN with points pt 7 ps 1.1 lc rgb grey title "DFT minimum"
