# Tests of the training itself, included by tests/CMakeLists.txt.
foreach(name batches birch_murnaghan blocks cholesky kalman lbfgsb options table)
    nnp_test(${name} LABEL trainer SOURCES trainer/test_${name}.c LIBRARIES nnp_trainer)
endforeach()
nnp_test(convex_hull LABEL trainer
    SOURCES trainer/test_convex_hull.c support/test_random.c LIBRARIES nnp_trainer)
nnp_test(network_batch LABEL trainer
    SOURCES trainer/test_network_batch.c support/derivative.c LIBRARIES nnp_trainer)
nnp_test(loss_kernels LABEL trainer
    SOURCES trainer/test_loss_kernels.c support/test_random.c LIBRARIES nnp_trainer)
nnp_test(loss LABEL trainer
    SOURCES trainer/test_loss.c support/derivative.c support/morse.c support/projected.c
            support/test_random.c
    LIBRARIES nnp_trainer)
nnp_test(gradient LABEL trainer
    SOURCES trainer/test_gradient.c support/derivative.c support/morse.c support/temporary.c
            support/test_random.c support/trial.c
    LIBRARIES nnp_trainer)
nnp_test(structure_costs LABEL trainer
    SOURCES trainer/test_structure_costs.c LIBRARIES nnp_trainer)
nnp_test(stored_jacobian LABEL trainer
    SOURCES trainer/test_stored_jacobian.c support/morse.c support/test_random.c
    LIBRARIES nnp_trainer)
nnp_test(normal_equations LABEL trainer
    SOURCES trainer/test_normal_equations.c support/derivative.c support/morse.c
            support/projected.c support/test_random.c
    LIBRARIES nnp_trainer)
nnp_test(projection LABEL trainer
    SOURCES trainer/test_projection.c support/morse.c support/temporary.c support/test_random.c
    LIBRARIES nnp_trainer)
nnp_test(initial LABEL trainer
    SOURCES trainer/test_initial.c support/morse.c support/temporary.c support/test_random.c
            support/trained.c
    LIBRARIES nnp_trainer)
nnp_test(initial_repulsion LABEL trainer
    SOURCES trainer/test_initial_repulsion.c support/morse.c support/temporary.c
            support/test_random.c support/trained.c
    LIBRARIES nnp_trainer)
nnp_test(initial_formats LABEL trainer
    SOURCES trainer/test_initial_formats.c support/derivative.c support/morse.c
            support/temporary.c support/test_random.c support/trained.c support/trial.c
    LIBRARIES nnp_trainer)
target_compile_definitions(test_initial_formats PRIVATE
    NNP_TEST_DATA="${CMAKE_CURRENT_SOURCE_DIR}/data")
nnp_test(resume LABEL trainer
    SOURCES trainer/test_resume.c support/morse.c support/temporary.c support/test_random.c
            support/trial.c
    LIBRARIES nnp_trainer)
nnp_test(stages LABEL trainer
    SOURCES trainer/test_stages.c support/morse.c support/temporary.c support/test_random.c
            support/trial.c
    LIBRARIES nnp_trainer)
nnp_test(training LABEL trainer
    SOURCES trainer/test_training.c support/morse.c support/temporary.c support/test_random.c
            support/trial.c
    LIBRARIES nnp_trainer)

nnp_test(scratch_memory LABEL trainer
    SOURCES trainer/test_scratch_memory.c support/morse.c support/temporary.c
            support/test_random.c support/trial.c
    LIBRARIES nnp_trainer)
nnp_wrap_allocations(scratch_memory)
nnp_test(generated LABEL trainer
    SOURCES trainer/test_generated.c support/morse.c support/test_random.c
    LIBRARIES nnp_trainer)
nnp_test(select LABEL trainer
    SOURCES trainer/test_select.c support/morse.c support/random_potential.c support/test_random.c
    LIBRARIES nnp_trainer)
set(own_mpi_folder ${PROJECT_SOURCE_DIR}/lammps-inputs/own_mpi_folder.sh)
add_test(NAME select_command COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/select.sh
    $<TARGET_FILE:nnp-select> $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-convert>
    $<TARGET_FILE:make_data> ${CMAKE_CURRENT_BINARY_DIR}/select)
set_tests_properties(select_command PROPERTIES LABELS trainer TIMEOUT 120
    ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0;OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
add_test(NAME grow COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/grow.sh
    $<TARGET_FILE:nnp-grow> $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-predict>
    $<TARGET_FILE:make_data> ${PROJECT_SOURCE_DIR}/trainer/GROW.md ${CMAKE_CURRENT_BINARY_DIR}/grow)
set_tests_properties(grow PROPERTIES LABELS trainer TIMEOUT 300
    ENVIRONMENT "ASAN_OPTIONS=detect_leaks=0;OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")

add_executable(make_data trainer/make_data.c support/morse.c support/test_random.c)
target_include_directories(make_data PRIVATE support)
target_link_libraries(make_data PRIVATE nnp_trainer nnp_build_flags m)
set_target_properties(make_data PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
find_package(MPI REQUIRED COMPONENTS C)
nnp_test(shared_memory LABEL trainer SOURCES trainer/test_shared_memory.c
    LIBRARIES nnp_trainer)
foreach(wish on off) # by three processes
    add_test(NAME shared_memory_${wish} COMMAND ${own_mpi_folder}
        ${MPIEXEC_EXECUTABLE} ${MPIEXEC_NUMPROC_FLAG} 3 $<TARGET_FILE:test_shared_memory>)
    set_tests_properties(shared_memory_${wish} PROPERTIES LABELS trainer TIMEOUT 120)
endforeach()
add_test(NAME ranks COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/ranks.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:make_data> ${MPIEXEC_EXECUTABLE}
    ${CMAKE_CURRENT_BINARY_DIR}/ranks)
add_test(NAME scratch COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/scratch.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:make_data> ${MPIEXEC_EXECUTABLE}
    ${CMAKE_CURRENT_BINARY_DIR}/scratch)
add_test(NAME faults COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/faults.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-info> $<TARGET_FILE:make_data>
    ${MPIEXEC_EXECUTABLE} ${CMAKE_CURRENT_BINARY_DIR}/faults)
add_test(NAME report COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/report.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-predict> $<TARGET_FILE:make_data>
    ${CMAKE_CURRENT_BINARY_DIR}/report)
add_test(NAME modes COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/modes.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-info> $<TARGET_FILE:make_data>
    ${MPIEXEC_EXECUTABLE} ${CMAKE_CURRENT_BINARY_DIR}/modes)
add_test(NAME slurm COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/slurm.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:make_data>
    ${PROJECT_SOURCE_DIR}/trainer/examples/slurm.sh ${CMAKE_CURRENT_BINARY_DIR}/slurm)
add_test(NAME manuals COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/trainer/manuals.sh
    ${PROJECT_SOURCE_DIR}/trainer/man ${nnp_commands})
add_test(NAME commands COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/commands.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-predict> $<TARGET_FILE:nnp-info>
    $<TARGET_FILE:make_data>
    ${MPIEXEC_EXECUTABLE} ${CMAKE_CURRENT_BINARY_DIR}/commands)
add_test(NAME methods COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/methods.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-predict> $<TARGET_FILE:make_data>
    ${PROJECT_SOURCE_DIR}/trainer/METHODS.md ${CMAKE_CURRENT_BINARY_DIR}/methods)
add_test(NAME examples COMMAND ${own_mpi_folder}
    ${CMAKE_CURRENT_SOURCE_DIR}/trainer/examples.sh
    $<TARGET_FILE:nnp-train> $<TARGET_FILE:nnp-convert> $<TARGET_FILE:make_data>
    ${PROJECT_SOURCE_DIR}/trainer ${CMAKE_CURRENT_BINARY_DIR}/examples)
# More ranks than cores, and containers in which one is root; other MPIs ignore these.  MPI
# itself leaks: leaks of the training are found by test_training, which does without.
# Who waits gives the core to others, and a single process starts no daemon of Open MPI.
set(environment "OMPI_MCA_rmaps_base_oversubscribe=1"
    "OMPI_MCA_mpi_yield_when_idle=1" "OMPI_MCA_ess_singleton_isolated=1" "OMP_WAIT_POLICY=passive"
    "OMPI_ALLOW_RUN_AS_ROOT=1" "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1"
    "ASAN_OPTIONS=detect_leaks=0")
set_tests_properties(ranks scratch faults report modes slurm manuals commands methods examples
    PROPERTIES LABELS trainer TIMEOUT 300
    ENVIRONMENT "${environment}")
# More is asked for than there can be.
string(REPLACE "detect_leaks=0" "detect_leaks=0:allocator_may_return_null=1" environment
    "${environment}")
set_tests_properties(shared_memory shared_memory_on PROPERTIES ENVIRONMENT "${environment}")
set_tests_properties(shared_memory_off PROPERTIES
    ENVIRONMENT "${environment};NNP_SHARED_MEMORY=off")
nnp_wrap_allocations(training)
nnp_wrap_allocations(initial_formats)
