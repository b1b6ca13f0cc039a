/* Bytes as text (RFC 4648), for pictures within a page. */
#ifndef NNP_BASE64_H
#define NNP_BASE64_H

#include "text.h"

void nnp_base64_append(struct nnp_text *text, const void *data, size_t length);

#endif
