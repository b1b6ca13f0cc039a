// nnpplugin.so: what LAMMPS' `plugin load` opens.
//
// A pair style fits one version of LAMMPS only: opened by another one, the dynamic linker stops
// at some missing symbol, and the user learns nothing but "undefined symbol: _ZN9LAMMPS_NS...".
// So this library needs no symbol of LAMMPS.  It asks the program that opened it for its
// version and hands over to nnp/pair_nnp_<version>.so in its own folder, or says in a sentence
// what is missing.

#include "register.h"

#include <dlfcn.h>
#include <link.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

// The name and the arguments are LAMMPS'.
extern "C" NNP_EXPORT void lammpsplugin_init(void *lmp, void *handle, void *regfunc);

namespace fs = std::filesystem;

namespace
{

// Values of LAMMPS' C library interface.
constexpr int lammps_error_warning = 0;
constexpr int lammps_error_all = 2;

template <typename Function> Function *host_function(const char *name)
{
    return reinterpret_cast<Function *>(dlsym(RTLD_DEFAULT, name));
}

// By the place of something that no other library has: lammpsplugin_init may be that of a
// plugin that was loaded before.
fs::path own_folder()
{
    static const char here = 0;
    Dl_info info;
    std::error_code ignored;
    if (!dladdr(&here, &info) || !info.dli_fname)
        return {};
    const fs::path file = fs::canonical(info.dli_fname, ignored);
    return ignored ? fs::path(info.dli_fname).parent_path() : file.parent_path();
}

// Whether LAMMPS opened this file by itself, because of LAMMPS_PLUGIN_PATH.
bool is_loaded_automatically(const fs::path &folder)
{
    const char *variable = std::getenv("LAMMPS_PLUGIN_PATH");
    std::string rest = variable ? variable : "";
    while (!rest.empty()) {
        const size_t colon = rest.find(':');
        std::error_code ignored;
        if (fs::equivalent(rest.substr(0, colon), folder, ignored))
            return true;
        rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
    }
    return false;
}

// An error of LAMMPS where it offers one to C (versions of 2022 and later), a line on stderr
// otherwise.  A file that is opened on its own because of its folder must not end runs that do
// not need it: there it is a warning.
void complain(void *lmp, const fs::path &folder, const std::string &what)
{
    const std::string text = "pair nnp: " + what;
    auto setting = host_function<int(void *, const char *)>("lammps_extract_setting");
    auto error = host_function<void(void *, int, const char *)>("lammps_error");
    const bool is_first_rank = !setting || setting(lmp, "world_rank") == 0;

    if (error && !is_loaded_automatically(folder))
        error(lmp, lammps_error_all, text.c_str());
    else if (error && is_first_rank)
        error(lmp, lammps_error_warning, text.c_str());
    else if (is_first_rank)
        std::fprintf(stderr, "ERROR: %s\n", text.c_str());
}

// "20210929, 20250204": versions that this installation serves.
std::string versions_in(const fs::path &folder)
{
    const std::string prefix = "pair_nnp_";
    std::string list;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
        const fs::path name = entry->path().filename();
        const std::string stem = name.stem().string();
        if (name.extension() == ".so" && stem.compare(0, prefix.size(), prefix) == 0)
            list += (list.empty() ? "" : ", ") + stem.substr(prefix.size());
    }
    return list.empty() ? "none" : list;
}

// Whether all bytes are there that an ELF file of this machine's word size states (the linker
// would end the program with a bus error otherwise); other files are left to the linker.
bool is_whole(const fs::path &file)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    std::ifstream stream(file, std::ios::binary);
    ElfW(Ehdr) head = {};
    if (error || !stream.read(reinterpret_cast<char *>(&head), sizeof head) ||
        std::memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_phentsize != sizeof(ElfW(Phdr)))
        return true;
    stream.seekg(static_cast<std::streamoff>(head.e_phoff));
    for (int k = 0; k < head.e_phnum; k++) {
        ElfW(Phdr) segment = {};
        if (!stream.read(reinterpret_cast<char *>(&segment), sizeof segment) ||
            segment.p_offset + segment.p_filesz > size)
            return false;
    }
    return true;
}

// Empty, or what went wrong.
std::string open_and_register(void *lmp, void *handle, void *regfunc, const fs::path &folder)
{
    auto lammps_version = host_function<int(void *)>("lammps_version");
    if (!lammps_version)
        return "the program that opened this plugin shows no symbol 'lammps_version'; LAMMPS "
               "must "
               "be a shared library or be linked with -rdynamic (its CMake build does that "
               "with "
               "PKG_PLUGIN=on)";

    const std::string version = std::to_string(lammps_version(lmp));
    const fs::path file = folder / "nnp" / ("pair_nnp_" + version + ".so");
    std::error_code error;
    if (!fs::exists(file, error))
        return "this is LAMMPS version " + version + ", but the plugin in " + folder.string() +
               " was built for: " + versions_in(folder / "nnp") +
               "; build it for this LAMMPS with cmake -DLAMMPS_SOURCE_DIR=<its source tree>, "
               "or "
               "LAMMPS_SOURCE_DIR=<its source tree> ./bootstrap build";

    if (!is_whole(file))
        return "cannot open " + file.string() +
               ": the file is damaged, since it ends before what its header states; install "
               "it again";

    // Never closed: LAMMPS keeps pointers into it for as long as styles exist, and closes this
    // file, not that one.
    void *library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (!library) {
        const char *reason = dlerror();
        return "cannot open " + file.string() +
               ", probably since it was built for a LAMMPS with other settings or with another "
               "MPI library: " +
               (reason ? reason : "no reason given");
    }
    auto register_style =
        reinterpret_cast<nnp_lammps_register_function *>(dlsym(library, "nnp_lammps_register"));
    if (!register_style)
        return file.string() +
               " is not a library of this plugin: it has no nnp_lammps_register";
    const char *problem = register_style(lmp, handle, regfunc);
    return problem ? problem : "";
}

} // namespace

extern "C" void lammpsplugin_init(void *lmp, void *handle, void *regfunc)
{
    const fs::path folder = own_folder();
    const std::string problem = open_and_register(lmp, handle, regfunc, folder);
    if (!problem.empty())
        complain(lmp, folder, problem);
}
