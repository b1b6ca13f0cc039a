# Radial distribution functions of several structures, one above the other; all pairs, and by kind.
n = words(names)
w = 1020; h = 110 + 55*n
load folder."/style.gp"
set multiplot layout 1,2
set xlabel "distance (Å)"
set xrange [2:8]
set lmargin at screen 0.19
set rmargin at screen 0.57
unset ytics
set border 1
# Rows of g(r), broadened so that the peaks of perfect crystals have a width.
rows(i, column_) = "< awk -v sigma=0.08 -v column=".column_." -f '".folder."/broaden.awk' '".folder_md."/structure_".word(names, i).".rdf'"
do for [i=1:n] { set label i noenhanced word(names, i) at graph -0.02, first i - 0.9 right font ",9" }
set yrange [0:n + 0.4]
set title "all pairs" offset 0,-0.6
plot for [i=1:n] rows(i, 3) using 1:(0.85*$2 + i - 1) with lines lw 1.3 lc rgb "#404040" notitle
unset label
set lmargin at screen 0.60
set rmargin at screen 0.98
set title "by kind" offset 0,-0.6
set key top left horizontal samplen 1.5
plot for [i=1:n] for [k=1:3] rows(i, 3 + k) using 1:(0.85*$2 + i - 1) with lines lw 1.3 lc rgb word("#c08a00 #3a8a4d #2c6fbb", k) \
         title (i == n ? word(element1."-".element1." ".element1."-".element2." ".element2."-".element2, k) : "")
unset multiplot
