# Energies and forces predicted against DFT, of the structures trained on and of those held out.
w = 760; h = 390
load folder."/style.gp"
set multiplot layout 1,2
set size square
set rmargin 3
set key top left reverse Left
stats trained_e using 1:2 nooutput
low = floor(4*(STATS_min_x < STATS_min_y ? STATS_min_x : STATS_min_y))/4.0
high = ceil(4*(STATS_max_x > STATS_max_y ? STATS_max_x : STATS_max_y))/4.0
set xrange [low:high]
set yrange [low:high]
set tics 0.5
set format "%.1f"
set xlabel "E, DFT (eV/atom)"
set ylabel "E, predicted (eV/atom)"
plot x with lines lc rgb grey lw 0.8 notitle, \
     trained_e with points pt 7 ps 0.6 lc rgb blue title "trained on", \
     held_e with points pt 7 ps 0.8 lc rgb red title "held out"
# "stats" sees what is within the ranges only.
set autoscale
stats trained_f using 1:2 nooutput
reach = ceil(STATS_max_x > -STATS_min_x ? STATS_max_x : -STATS_min_x)
set xrange [-reach:reach]
set yrange [-reach:reach]
set tics autofreq
set format "%g"
set xlabel "force component, DFT (eV/Å)"
set ylabel "force component, predicted (eV/Å)"
plot x with lines lc rgb grey lw 0.8 notitle, \
     trained_f with points pt 7 ps 0.4 lc rgb blue title "trained on", \
     held_f with points pt 7 ps 0.6 lc rgb red title "held out"
unset multiplot
