# Energies and forces predicted against DFT, of the structures trained on and of those held out.
w = 760; h = 390
load folder."/style.gp"
set multiplot layout 1,2
set size square
set key top left reverse Left
set xlabel "E, DFT (eV/atom)"
set ylabel "E, predicted (eV/atom)"
plot x with lines lc rgb grey lw 0.8 notitle, \
     trained_e with points pt 7 ps 0.5 lc rgb blue title "trained on", \
     held_e with points pt 7 ps 0.6 lc rgb red title "held out"
set xlabel "force component, DFT (eV/Å)"
set ylabel "force component, predicted (eV/Å)"
plot x with lines lc rgb grey lw 0.8 notitle, \
     trained_f with points pt 7 ps 0.3 lc rgb blue title "trained on", \
     held_f with points pt 7 ps 0.4 lc rgb red title "held out"
unset multiplot
