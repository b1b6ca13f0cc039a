#!/bin/sh
# Foreign libraries and instruction sets stay in the modules that are meant for them.
# usage: layers.sh SOURCE_TREE
set -eu
cd "$1"
status=0

# only_in WHAT PATTERN FILE..: no source outside of the files includes or names the pattern.
only_in() {
    what=$1 pattern=$2
    shift 2
    found=$(grep -rlE "$pattern" pair_nnp trainer --include='*.[ch]' --include='*.cpp' || true)
    for file in $found; do
        case " $* " in
        *" $file "*) ;;
        *)
            echo "$file uses $what, which belongs into: $*"
            status=1
            ;;
        esac
    done
}

# none_in WHAT PATTERN FOLDER..
none_in() {
    what=$1 pattern=$2
    shift 2
    if grep -rnE "$pattern" "$@" --include='*.[ch]'; then
        echo "^ $what does not belong here"
        status=1
    fi
}

only_in libyaml '#include <yaml\.h>' pair_nnp/src/yaml.c
only_in libxml2 '#include <libxml/' trainer/src/data/formats/xml.c
only_in MPI '#include <mpi\.h>' trainer/src/fit/parallel.c pair_nnp/lammps/potential_text.h \
    pair_nnp/lammps/register.cpp
only_in BLAS '#include <cblas\.h>' trainer/src/fit/network_batch.c trainer/src/fit/linear_algebra.c
only_in intrinsics '__builtin_shuffle|vector_size|immintrin' pair_nnp/src/kernels/simd.h \
    pair_nnp/src/kernels/simd_float.h
only_in L-BFGS-B 'setulb_' trainer/src/fit/lbfgsb.c
none_in 'printing or exiting' '\b(printf|puts|putchar|exit|abort) *\(|(^|[^/])\b(stderr|stdout)\b' \
    pair_nnp/src trainer/src
exit $status
