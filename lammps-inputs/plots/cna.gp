# Common neighbours: shares of atoms that are fcc, hcp, bcc, none of them, in several structures.
n = words(system("awk -F, 'NR > 1 { print $1 }' '".table."'"))
w = 180 + 60*n; h = 420
load folder."/style.gp"
set datafile separator ","
set style data histogram
set style histogram clustered gap 1
set style fill solid 0.85 noborder
set bmargin 8
set xtics rotate by 50 right noenhanced scale 0 font ",9"
set xrange [-0.6:n - 0.4]
set yrange [0:1.02]
set ylabel "share of atoms"
set key above
unset grid
set grid ytics lc rgb "#e0e0e0" lt 1 lw 0.6
array colors[4] = ["#c08a00", "#3a8a4d", "#2c6fbb", "#a0a0a0"]
plot for [k=2:5] table using k:xtic(1) lc rgb colors[k - 1] title columnheader(k)
