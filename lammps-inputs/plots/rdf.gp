# Radial distribution functions of several structures, one above the other; all pairs, and by kind.
n = words(names)
w = 900; h = 120 + 95*n
load folder."/style.gp"
set multiplot layout 1,2
set xlabel "distance (Å)"
set xrange [2:8]
unset ytics
set yrange [0:*]
# Peaks of perfect crystals are as high as the bins are narrow; Gaussians of 0.08 Å make them comparable.
set samples 1200
set border 1
step_ = 1.0
do for [panel=1:2] {
    if (panel == 1) { set title "all pairs" offset 0,-0.6 } else { set title "by kind" offset 0,-0.6 }
    unset label
    do for [i=1:n] { set label i noenhanced word(names, i) at graph 0.01, first (i - 1)*step_ + 0.45 left font ",9" }
    if (panel == 2) { unset label }
    set yrange [0:n*step_ + 0.3]
    set key top right
    if (panel == 1) {
        plot for [i=1:n] "< awk -v sigma=0.08 -v column=3 -f '".folder."/broaden.awk' '".folder_md."/".word(names, i).".rdf'" \
                 using 1:($2*0.9 + (i - 1)*step_) with lines lw 1.3 lc rgb "#404040" notitle
    } else {
        plot for [k=1:3] for [i=1:n] "< awk -v sigma=0.08 -v column=".(3 + k)." -f '".folder."/broaden.awk' '".folder_md."/".word(names, i).".rdf'" \
                 using 1:($2*0.9 + (i - 1)*step_) with lines lw 1.3 lc rgb word(gold." ".green." ".blue, k) \
                 title (i == 1 ? word(element1."-".element1." ".element1."-".element2." ".element2."-".element2, k) : "")
    }
}
unset multiplot
