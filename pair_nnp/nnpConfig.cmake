# The target nnp::nnp; as a static library it brings along what it is linked with.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
pkg_check_modules(YAML REQUIRED QUIET IMPORTED_TARGET yaml-0.1)
find_package(OpenMP QUIET COMPONENTS C) # of a library that was built with it
include(${CMAKE_CURRENT_LIST_DIR}/nnpTargets.cmake)
