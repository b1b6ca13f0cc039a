/* Bytes behind one another. */
#include "archive.h"

#include <string.h>

void nnp_archive_bytes(struct nnp_archive *archive, void *data, size_t n)
{
    struct nnp_text *text = &archive->text;
    if (archive->failed || n == 0)
        return;
    if (archive->loading) {
        archive->failed = n > text->length - archive->position;
        if (!archive->failed)
            memcpy(data, text->data + archive->position, n);
        archive->position += archive->failed ? 0 : n;
        return;
    }
    archive->failed = !nnp_text_reserve(text, n);
    if (archive->failed)
        return;
    memcpy(text->data + text->length, data, n);
    text->length += n;
    text->data[text->length] = '\0';
}

void nnp_archive_doubles(struct nnp_archive *archive, double *data, size_t n)
{
    nnp_archive_bytes(archive, data, n * sizeof *data);
}

void nnp_archive_ints(struct nnp_archive *archive, int *data, size_t n)
{
    nnp_archive_bytes(archive, data, n * sizeof *data);
}

/* As characters: other bytes than 0 and 1 would be no values of a bool. */
void nnp_archive_bools(struct nnp_archive *archive, bool *data, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        char byte = data[k] ? 1 : 0;
        nnp_archive_bytes(archive, &byte, 1);
        data[k] = byte != 0;
    }
}

void nnp_archive_expect(struct nnp_archive *archive, int value)
{
    int found = value;
    nnp_archive_ints(archive, &found, 1);
    archive->failed = archive->failed || found != value;
}
