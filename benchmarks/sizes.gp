# Time per atom and step against the number of atoms, one process. Expects: results (CSV of run),
# style (file with the common look), name, ext.
w = 560; h = 400
load style
set datafile separator ","
set logscale xy
set xlabel "atoms"
set ylabel "time per atom and step (µs)"
set yrange [0.2:100]
set format x "10^{%T}"
set key top right
pick(set) = strcol(1) eq set && $3 * $4 == 1 ? $6 : NaN
plot results every ::1 using 5:(pick("auli")) with linespoints pt 7 lw 1.8 lc rgb blue title "nnp, Au-Li set", \
     "" every ::1 using 5:(pick("lisn")) with points pt 5 ps 1.3 lc rgb red title "nnp, Li-Sn set", \
     "" every ::1 using 5:(pick("snap")) with points pt 9 ps 1.5 lc rgb green title "snap, 55 components", \
     "" every ::1 using 5:(pick("eam")) with linespoints pt 6 lw 1.8 lc rgb gold title "eam"
