/* Status codes and error details of every fallible function of the library. */
#ifndef NNP_STATUS_H
#define NNP_STATUS_H

#include "nnp/export.h"

#include <stdarg.h>

#ifdef __cplusplus
extern "C" {
#endif
NNP_EXPORT_BEGIN

#if defined(__GNUC__)
#define NNP_MUST_CHECK __attribute__((warn_unused_result))
#define NNP_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define NNP_MUST_CHECK
#define NNP_PRINTF(at, first)
#endif

enum nnp_status {
    NNP_SUCCESS = 0,
    NNP_ERROR_MEMORY,       /* an allocation failed */
    NNP_ERROR_FILE,         /* a file could not be opened, read or written */
    NNP_ERROR_SYNTAX,       /* text that is not of the expected form */
    NNP_ERROR_VALUE,        /* a value outside of what is allowed */
    NNP_ERROR_VERSION,      /* a file of a newer format version */
    NNP_ERROR_INCONSISTENT, /* parts that contradict each other */
    NNP_ERROR_ELEMENT,      /* an element that is unknown or not covered */
    NNP_ERROR_GEOMETRY,     /* a singular cell, or atoms at the same place */
    NNP_ERROR_NUMERIC,      /* a result that is not finite */
    NNP_ERROR_UNSUPPORTED,  /* a valid request that this version cannot serve */
    NNP_N_STATUS
};

enum { NNP_ERROR_LENGTH = 1024 };

/* Owned by the caller; functions take it as last parameter, and NULL means that no detail is
 * wanted.  After NNP_SUCCESS its contents are unchanged. */
struct nnp_error {
    enum nnp_status status;
    char message[NNP_ERROR_LENGTH]; /* one sentence: what, which value, where, what was expected
                                     */
};

/* A fixed sentence for a status, such as "out of memory"; never NULL. */
const char *nnp_status_message(enum nnp_status status);

/* Fill error (which may be NULL) and return status, so that callers can write
 * `return nnp_error_set(error, NNP_ERROR_VALUE, "...", ...)`. */
enum nnp_status nnp_error_set(struct nnp_error *error, enum nnp_status status,
                              const char *format, ...) NNP_PRINTF(3, 4);
enum nnp_status nnp_error_vset(struct nnp_error *error, enum nnp_status status,
                               const char *format, va_list arguments) NNP_PRINTF(3, 0);

NNP_EXPORT_END
#ifdef __cplusplus
}
#endif
#endif
