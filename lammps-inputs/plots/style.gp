# Common look. Expects: name (file without extension), ext (png or svg), w and h in pixels of
# a figure on screen.
set encoding utf8
if (ext eq "png") {
    set terminal pngcairo size 1.6*w,1.6*h font "DejaVu Sans,11" fontscale 1.5 linewidth 1.6
} else {
    set terminal svg size w,h font "DejaVu Sans,11" background "white"
}
set output name.".".ext
set border 3 lc rgb "#404040"
set tics nomirror out scale 0.6
set grid lc rgb "#e0e0e0" lt 1 lw 0.6
set key samplen 2 spacing 1.15
gold = "#c08a00"; blue = "#2c6fbb"; red = "#b8342a"; green = "#3a8a4d"; grey = "#808080"; violet = "#8a4fa0"
