# Errors of training and test set with the iterations of nnp-train.
w = 760; h = 360
load folder."/style.gp"
set datafile separator ","
set logscale xy
set xlabel "iteration"
set format y "%g"
set ytics (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
set autoscale yfix
set autoscale xfixmax
set offsets graph 0, graph 0, graph 0.05, graph 0.05
set rmargin 4
set xrange [1:*] noextend
set multiplot layout 1,2
set ylabel "RMSE of energies (meV/atom)"
plot curve every ::1 using ($0+1):(1e3*column("energy_rmse")) with lines lw 1.6 lc rgb blue title "training set", \
     curve every ::1 using ($0+1):(1e3*column("test_energy_rmse")) with lines lw 1.6 lc rgb red title "test set"
set ylabel "RMSE of forces (meV/Å)"
plot curve every ::1 using ($0+1):(1e3*column("forces_rmse")) with lines lw 1.6 lc rgb blue title "training set", \
     curve every ::1 using ($0+1):(1e3*column("test_forces_rmse")) with lines lw 1.6 lc rgb red title "test set"
unset multiplot
