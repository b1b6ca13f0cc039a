# The Au/Li interface: energy and length of the cell with time, energies of atoms along it.
w = 760; h = 620
load folder."/style.gp"
set multiplot layout 2,2
set datafile separator ","
set xlabel "time (ps)"
set ylabel "energy (eV/atom)"
plot csv every ::1 using 1:2 with lines lw 1.4 lc rgb blue notitle
set ylabel "length of the cell along z (Å)"
plot csv every ::1 using 1:6 with lines lw 1.4 lc rgb blue notitle
set datafile separator whitespace
set xlabel "z / length of the cell"
set ylabel "energy of an atom (eV)"
set xrange [0:1]
set yrange [*:-1.2]
set key top left
set title "start" offset 0,-0.5
plot frames index 0 using ($1==1?$2:NaN):3 with points pt 7 ps 0.4 lc rgb gold title "Au", \
     frames index 0 using ($1==2?$2:NaN):3 with points pt 7 ps 0.4 lc rgb blue title "Li"
set title end offset 0,-0.5
plot frames index 1 using ($1==1?$2:NaN):3 with points pt 7 ps 0.4 lc rgb gold title "Au", \
     frames index 1 using ($1==2?$2:NaN):3 with points pt 7 ps 0.4 lc rgb blue title "Li"
unset multiplot
