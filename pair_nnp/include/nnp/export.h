/* Declarations between NNP_EXPORT_BEGIN and _END are visible from outside of the shared
 * library. */
#ifndef NNP_EXPORT_H
#define NNP_EXPORT_H

#if defined(__GNUC__)
#define NNP_EXPORT_BEGIN _Pragma("GCC visibility push(default)")
#define NNP_EXPORT_END _Pragma("GCC visibility pop")
#else
#define NNP_EXPORT_BEGIN
#define NNP_EXPORT_END
#endif

#endif
