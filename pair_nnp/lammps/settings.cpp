#include "settings.h"

#include <cerrno>
#include <cmath>
#include <cstdlib>

namespace nnp_lammps
{

static std::string expected(const std::string &keyword, const std::string &value,
                            const std::string &what)
{
    return keyword + " is '" + value + "', expected " + what;
}

static bool to_number(const std::string &text, double &value)
{
    char *end = nullptr;
    value = std::strtod(text.c_str(), &end);
    return end != text.c_str() && *end == '\0' && std::isfinite(value);
}

static bool to_integer(const std::string &text, long long &value)
{
    char *end = nullptr;
    errno = 0;
    value = std::strtoll(text.c_str(), &end, 10);
    return end != text.c_str() && *end == '\0' && errno == 0;
}

static std::string set_action(const std::string &value, Settings &settings)
{
    if (value == "ignore")
        settings.on_extrapolation = OnExtrapolation::ignore;
    else if (value == "warn")
        settings.on_extrapolation = OnExtrapolation::warn;
    else if (value == "stop")
        settings.on_extrapolation = OnExtrapolation::stop;
    else
        return expected("extrapolation", value, "ignore, warn or stop");
    return "";
}

static std::string set_keyword(const std::string &keyword, const std::string &value,
                               Settings &settings)
{
    if (keyword == "extrapolation")
        return set_action(value, settings);
    if (keyword == "interval" || keyword == "spread") {
        long long &steps = keyword == "interval" ? settings.interval : settings.spread;
        return to_integer(value, steps) && steps >= 0
                   ? ""
                   : expected(keyword, value, "a number of steps >= 0");
    }
    if (keyword == "max_functions")
        return to_number(value, settings.max_functions) && settings.max_functions >= 0.0
                   ? ""
                   : expected(keyword, value, "a number >= 0");
    if (keyword == "max_fraction")
        return to_number(value, settings.max_fraction) && settings.max_fraction >= 0.0 &&
                       settings.max_fraction < 1.0
                   ? ""
                   : expected(keyword, value, "a number >= 0 and < 1");
    if (keyword == "spread_file") {
        settings.spread_file = value;
        return "";
    }
    if (keyword == "precision") {
        settings.mixed = value == "mixed";
        return settings.mixed || value == "double"
                   ? ""
                   : expected("precision", value, "double or mixed");
    }
    return "unknown argument '" + keyword +
           "', expected extrapolation, interval, max_functions, max_fraction, spread, "
           "spread_file or precision (the potential file and the elements are arguments of "
           "pair_coeff)";
}

// With a fraction alone, the number of functions has no limit.
std::string parse_settings(const std::vector<std::string> &arguments, Settings &settings)
{
    bool limits_functions = false, limits_atoms = false;
    settings = Settings();
    for (size_t k = 0; k < arguments.size(); k += 2) {
        const std::string value = k + 1 < arguments.size() ? arguments[k + 1] : "";
        const std::string problem = set_keyword(arguments[k], value, settings);
        if (!problem.empty())
            return problem;
        if (value.empty())
            return arguments[k] + " needs a value";
        limits_functions = limits_functions || arguments[k] == "max_functions";
        limits_atoms = limits_atoms || arguments[k] == "max_fraction";
    }
    const bool has_limit = limits_functions || limits_atoms;
    if (has_limit && settings.on_extrapolation != OnExtrapolation::stop)
        return "max_functions and max_fraction are limits of 'extrapolation stop', which is "
               "not given";
    if (limits_atoms && !limits_functions)
        settings.max_functions = -1.0;
    if (!settings.spread_file.empty() && settings.spread == 0)
        return "spread_file needs 'spread N', the steps between its lines";
    return "";
}

} // namespace nnp_lammps
