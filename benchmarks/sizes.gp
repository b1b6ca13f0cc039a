# Time per atom and step against the number of atoms, one process. Expects: results (CSV of run),
# style (file with the common look), name, ext.
w = 560; h = 400
load style
set datafile separator ","
set logscale xy
set xlabel "atoms"
set ylabel "time per atom and step (µs)"
set yrange [0.2:*]
set format x "10^{%T}"
set key outside right center Left reverse
rows(part, set) = "< grep '^".part.",".set.",' '".results."'"
plot rows("sets", "snap") using 6:7 with points pt 9 ps 1.5 lc rgb green title "snap, 55 components", \
     rows("sets", "lisn") using 6:7 with points pt 5 ps 1.3 lc rgb red title "nnp, Li-Sn set", \
     rows("sizes", "auli") using 6:7 with linespoints pt 7 lw 1.8 lc rgb blue title "nnp, Au-Li set", \
     rows("sizes", "eam") using 6:7 with linespoints pt 6 lw 1.8 lc rgb gold title "eam"
