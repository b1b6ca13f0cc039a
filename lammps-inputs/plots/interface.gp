# The Au/Li interface: energy and temperature with time, energies of atoms along it.
w = 760; h = 620
load folder."/style.gp"
set multiplot layout 2,2
set rmargin 3
set datafile separator ","
set xlabel "time (ps)"
# Without the first line, a crystal in which nothing has moved yet.
set ylabel "energy (eV/atom)"
plot csv every ::2 using 1:2 with lines lw 1.4 lc rgb blue notitle
set ylabel "temperature (K)"
plot csv every ::2 using 1:3 with lines lw 1.4 lc rgb blue notitle
set datafile separator whitespace
set xlabel "z / length of the cell"
set ylabel "energy of an atom (eV)"
set xrange [0:1]
stats frames using 3 nooutput
set yrange [0.25*floor(4*STATS_min):-1.25]
set key top left reverse Left
set title "start" offset 0,-0.5
plot frames index 0 using ($1==1?$2:NaN):3 with points pt 7 ps 0.6 lc rgb gold title "Au", \
     frames index 0 using ($1==2?$2:NaN):3 with points pt 7 ps 0.6 lc rgb blue title "Li"
set title end offset 0,-0.5
plot frames index 1 using ($1==1?$2:NaN):3 with points pt 7 ps 0.6 lc rgb gold title "Au", \
     frames index 1 using ($1==2?$2:NaN):3 with points pt 7 ps 0.6 lc rgb blue title "Li"
unset multiplot
