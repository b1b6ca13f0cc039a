/* SHA-256 checksums (FIPS 180-4), which identify the data that a potential was trained on. */
#ifndef NNP_SHA256_H
#define NNP_SHA256_H

#include <stddef.h>

/* digest: 64 hexadecimal digits and a NUL. */
void nnp_sha256(const void *data, size_t length, char digest[65]);

#endif
