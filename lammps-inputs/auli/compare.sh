# The part "compare" of the study: structures for DFT, and results beside DFT and beside what is
# published. For auli/run, which sources this file and sets what is named below.
# shellcheck shell=sh disable=SC2154

# Crystals to be labelled by DFT, the lowest first: phase and data file per line.
to_label() {
    awk -F, -v most="$label_atoms" -v above="$label_above" -v one="$element1" -v two="$element2" '
        FNR == 1 { file++; for (i = 1; i <= NF; i++) at[$i] = i; next }
        file == 1 && ($at["group"] == "ordered" || $at["group"] == "reported") {
            small[$at["phase"]] = $at[one] + $at[two] <= most
        }
        file == 2 && small[$at["phase"]] && $at["above_hull"] <= above {
            print $at["above_hull"], $at["phase"]
        }' "$out/phases.csv" "$out/hull.csv" | sort -g | while read -r _ phase; do
        say "$phase $out/md/relax_$phase.data"
    done
}

# What has no label yet: label.xyz, phonon_cells.xyz.
write_cells() {
    rm -f "$out/label.xyz" "$out/phonon_cells.xyz"
    to_label >"$out/log/label"
    while read -r phase file; do
        sid=relaxed_${phase}_$sum
        # shellcheck disable=SC2046 # a list
        grep -q "sid=$sid\( \|$\)" /dev/null $(existing "$relaxed_dft") ||
            awk -v elements="$element1 $element2" -v kind=relaxed -v sid="$sid" \
                -f "$here/label.awk" "$file"
    done <"$out/log/label" >"$out/label.xyz"
    # shellcheck disable=SC2046,SC2086 # lists
    phonons_py --cells "$out/phonon_cells.xyz" \
        $([ ! -s "$out/eos.csv" ] || say "--volumes $out/eos.csv") \
        $([ ! -s "$phonons_dft" ] || say "--labelled $phonons_dft") \
        $(crystal_files $phonon_cells) || [ $? -eq 77 ]
    say "  to label by DFT: $(existing "$out/label.xyz" "$out/phonon_cells.xyz" |
        xargs grep -h -o 'sid=' /dev/null | wc -l) structures"
}

# The labelled crystals, named by their phases.
labelled_crystals() {
    awk -v sum="$sum" -f "$here/labelled.awk" "$relaxed_dft" "$relaxed_dft"
}

compare() {
    first mixing
    # shellcheck disable=SC2046,SC2086 # lists
    step compare "Beside DFT and what is published" $common "$out/hull.csv" \
        $(existing "$relaxed_dft" "$phonons_dft" "$study/published.awk" "$out/eos.csv" \
            "$out/phonons.csv" "$out/structure.csv" "$out/alloying.csv") || return 0
    sum=$(cksum <"$potential" | cut -d ' ' -f 1)
    write_cells
    rm -f "$out/compare.csv" "$out/published.csv"
    if [ -s "$relaxed_dft" ]; then
        labelled_crystals >"$out/md/relaxed.extxyz"
        # The labels may lack an element yet.
        if "$build/bin/nnp-hull" "$out/phases.csv" --against "$out/md/relaxed.extxyz" \
            --csv "$out/md/against.csv" >"$out/log/compare.log" 2>&1; then
            awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
                NR == 1 || $at["against_mixing"] != ""' "$out/md/against.csv" >"$out/compare.csv"
            plot compare.gp compare \
                "table='$out/compare.csv'; element1='$element1'; element2='$element2'"
        else
            say "  left out: $(tail -n 1 "$out/log/compare.log")"
        fi
    fi
    if [ -s "$study/published.awk" ]; then
        awk -v folder="$out" -f "$study/published.awk" >"$out/published.csv.part"
        mv "$out/published.csv.part" "$out/published.csv"
    fi
    finished
}
