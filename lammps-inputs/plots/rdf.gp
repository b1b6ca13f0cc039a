# Radial distribution functions of several structures, one above the other; all pairs, and by kind.
n = words(names)
w = 900; h = 110 + 60*n
load folder."/style.gp"
set multiplot layout 1,2
set xlabel "distance (Å)"
set xrange [0.6:8]
unset ytics
set border 1
# Rows of g(r), broadened so that the peaks of perfect crystals have a width.
rows(i, column_) = "< awk -v sigma=0.08 -v column=".column_." -f '".folder."/broaden.awk' '".folder_md."/structure_".word(names, i).".rdf'"
do for [i=1:n] { set label i noenhanced word(names, i) at 0.65, i - 0.75 left font ",9" }
set yrange [0:n + 0.4]
set title "all pairs" offset 0,-0.6
plot for [i=1:n] rows(i, 3) using 1:(0.85*$2 + i - 1) with lines lw 1.3 lc rgb "#404040" notitle
unset label
set xrange [2:8]
set title "by kind" offset 0,-0.6
set key top left horizontal samplen 1.5
plot for [i=1:n] for [k=1:3] rows(i, 3 + k) using 1:(0.85*$2 + i - 1) with lines lw 1.3 lc rgb word("#c08a00 #3a8a4d #2c6fbb", k) \
         title (i == n ? word(element1."-".element1." ".element1."-".element2." ".element2."-".element2, k) : "")
unset multiplot
