/* Status codes and error details. */
#include "nnp/status.h"

#include <stdio.h>

const char *nnp_status_message(enum nnp_status status)
{
    switch (status) {
    case NNP_SUCCESS:
        return "success";
    case NNP_ERROR_MEMORY:
        return "out of memory";
    case NNP_ERROR_FILE:
        return "a file could not be opened, read or written";
    case NNP_ERROR_SYNTAX:
        return "malformed text";
    case NNP_ERROR_VALUE:
        return "a value outside of what is allowed";
    case NNP_ERROR_VERSION:
        return "a newer format version";
    case NNP_ERROR_INCONSISTENT:
        return "parts that contradict each other";
    case NNP_ERROR_ELEMENT:
        return "an element that is unknown or not covered";
    case NNP_ERROR_GEOMETRY:
        return "an impossible geometry";
    case NNP_ERROR_NUMERIC:
        return "a result that is not finite";
    case NNP_ERROR_UNSUPPORTED:
        return "not supported by this version";
    case NNP_N_STATUS:
        break;
    }
    return "unknown status";
}

enum nnp_status nnp_error_vset(struct nnp_error *error, enum nnp_status status,
                               const char *format, va_list arguments)
{
    if (error) {
        error->status = status;
        vsnprintf(error->message, sizeof error->message, format, arguments);
    }
    return status;
}

enum nnp_status nnp_error_set(struct nnp_error *error, enum nnp_status status,
                              const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    nnp_error_vset(error, status, format, arguments);
    va_end(arguments);
    return status;
}
