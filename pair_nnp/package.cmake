# Installs the library for find_package(nnp) and pkg-config, and the calculator for ASE;
# tests/package uses them from outside.
include(CMakePackageConfigHelpers)

set(nnp_config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/nnp)
install(TARGETS nnp EXPORT nnpTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS nnp_shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES python/nnp_ase.py DESTINATION ${CMAKE_INSTALL_DATADIR}/nnp/python)
configure_file(nnp.pc.in ${PROJECT_BINARY_DIR}/nnp.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/nnp.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(DIRECTORY include/nnp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT nnpTargets NAMESPACE nnp:: DESTINATION ${nnp_config_dir})
install(FILES nnpConfig.cmake DESTINATION ${nnp_config_dir})

# Before 1.0 a minor version may break what was there.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/nnpConfigVersion.cmake
    COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/nnpConfigVersion.cmake DESTINATION ${nnp_config_dir})
