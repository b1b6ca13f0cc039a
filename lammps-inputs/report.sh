# Figures by gnuplot, and the page with all tables and figures; for auli/run, which sources this
# file and steps.sh, and sets what is named below.
# shellcheck shell=sh disable=SC2154

# plot SCRIPT NAME VARIABLES: a figure, where there is gnuplot.
plot() {
    command -v gnuplot >/dev/null || return 0
    ext=png
    gnuplot -e 'set terminal pngcairo' >/dev/null 2>&1 || ext=svg
    gnuplot -e "folder='$decks/plots'; name='$out/$2'; ext='$ext'; $3" "$decks/plots/$1" \
        >"$out/log/plot_$2.log" 2>&1 ||
        fail "gnuplot failed on $1: $(tail -n 3 "$out/log/plot_$2.log")"
}

# html_table FILE: a table (CSV) in HTML.
html_table() {
    awk -F, '
        function cells(tag,    i) {
            printf "<tr>"
            for (i = 1; i <= NF; i++)
                printf "<%s>%s</%s>", tag, $i, tag
            print "</tr>"
        }
        NR == 1 { print "<table><thead>"; cells("th"); print "</thead><tbody>"; next }
        { cells("td") }
        END { print "</tbody></table>" }' "$1"
}

# markdown_tables FILE..: those of the tables that are there, in Markdown.
markdown_tables() {
    for table in "$@"; do
        [ -s "$out/$table" ] || continue
        say "### ${table%.csv}"
        say
        awk -F, '{
            line = "|"
            for (i = 1; i <= NF; i++)
                line = line " " $i " |"
            print line
            gsub(/[^|]+/, "---", line)
            if (NR == 1)
                print line
        }' "$out/$table"
        say
    done
}

# section TITLE TEXT TABLE FIGURE..: what there is of it; the figures by name without extension.
section() {
    title=$1 text=$2 table=$3
    shift 3
    [ -s "$out/$table" ] || [ -z "$table" ] || return 0
    say "<h2>$title</h2><p>$text</p>"
    for figure in "$@"; do
        for file in "$out/$figure.png" "$out/$figure.svg"; do
            [ ! -s "$file" ] || say "<p><img src=\"${file##*/}\" alt=\"$figure\"></p>"
        done
    done
    [ -z "$table" ] || {
        open=open
        [ "$(wc -l <"$out/$table")" -le 40 ] || open=
        say "<details $open><summary><a href=\"$table\">$table</a></summary>"
        html_table "$out/$table"
        say "</details>"
    }
}

index_page() {
    cat <<END
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>$alloy, $size</title><style>
body { font: 15px/1.45 "DejaVu Sans", sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222 }
img { max-width: 100% } h2 { margin-top: 2.2em; border-bottom: 1px solid #ccc }
table { border-collapse: collapse; font-size: 12px; margin: 0.8em 0 }
td, th { padding: 0.15em 0.7em; text-align: right; border-bottom: 1px solid #e4e4e4 }
td:first-child, th:first-child { text-align: left } summary { cursor: pointer }
</style></head><body>
<h1>$alloy</h1>
<p>Size: $size. Potential: $(basename "$potential"), checksum $(cksum <"$potential" | cut -d ' ' -f 1).
Energies in eV/atom, lengths in &Aring;, volumes in &Aring;<sup>3</sup>/atom, frequencies in THz.</p>
END
    [ "$size" = full ] ||
        say "<p><strong>The small size shows that all parts work; its cells and times are too small for physics.</strong></p>"
    section "Beside what is published" "K. Shimizu et al., Phys. Rev. B 103, 094112 (2021)." published.csv
    section "Crystals" "Relaxed, atoms and cell. Those of the group &ldquo;reported&rdquo; are prototypes
with the compositions of phases reported by others, not their structures. Formation energies count from
$(echo "$pure" | sed 's/ / and /')." phases.csv
    section "Crystals by DFT" "Mixing energies of the relaxed crystals, by the potential and by DFT of the
same structures (&ldquo;against&rdquo;), each with its own elements and hull; eV/atom." compare.csv compare
    section "Energy against volume" "Lines: potential. Points: DFT. Dashed: volumes at the minima of the
fits by nnp-eos. Lengths in &Aring;, moduli in GPa, formation energies in eV/atom, differences as the names
say." lattice.csv energy_volume
    section "Fits" "Of Birch and Murnaghan, third order, with standard errors." eos.csv
    section "Phonons" "Displacement $displacement &Aring;. Imaginary frequencies are drawn negative;
&ldquo;imaginary&rdquo; is their share on the mesh." phonons.csv phonons
    section "Phonons beside DFT" "Blue: potential. Red, dashed: DFT. Both from forces in the same displaced
supercells, which are smaller for some phases than above; rms of the difference of frequencies (THz) on the
mesh, and of forces (eV/&Aring;)." phonons_dft.csv phonons_dft
    section "Mixing energies" "Filled: on the convex hull, which is that of the crystals and of what was annealed,
without the reported phases. Every structure of a base was annealed and relaxed; &ldquo;above_hull&rdquo; (of all
phases) and &ldquo;mixing&rdquo; in eV/atom." hull.csv hull
    section "Reported phases" "Prototypes of their compositions, above (negative: below) the hull of the others;
eV/atom." reported.csv
    section "Structure of the stable phases" "Shares of atoms with the common neighbours of fcc, hcp and
bcc (between fcc and bcc an atom may count as both); radial distribution functions." structure.csv cna rdf
    # shellcheck disable=SC2046,SC2086 # lists
    section "Alloying" "Interfaces (cells along x and y, temperature in K) of two atoms per layer and cell, ${interface_layers}
layers of each element, at constant temperature and pressure, the length along z following. Colours: energies of the atoms. Mean energies
and lengths of the first and last twentieth of the time; degree of mixing at the end (0 apart, 1 even) and when
it passed 1/2 (ps); energies of atoms in the first two layers at the start, counted from those in the middle." \
        alloying.csv $(for entry in $interfaces; do say "alloying_$(interface_name "$entry")"; done)
    section "Times" "Of the last call that did the part, or what was left of it." times.csv
    say "</body></html>"
}
