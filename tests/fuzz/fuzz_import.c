/* libFuzzer target of one reader of other codes' potentials, NNP_FUZZ_KIND: no text does harm,
 * and what is read can be written as a potential file and is read back the same.
 *
 * Files of a folder stand behind each other; a line "@name" starts a file. */
#include "formats/readers.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

/* Adds the files of a folder; what stands before the first name is passed over. */
static void split(struct nnp_source *source, const char *text, size_t size)
{
    const char *const end = text + size;
    while (text < end) {
        char name[64] = "";
        const char *line = memchr(text, '\n', (size_t)(end - text));
        line = line ? line + 1 : end;
        const char *stop = line;
        while (stop < end && *stop != '@') {
            stop = memchr(stop, '\n', (size_t)(end - stop));
            stop = stop ? stop + 1 : end;
        }
        const size_t length = (size_t)(line - text);
        if (*text == '@' && length > 2 && length < sizeof name) {
            memcpy(name, text + 1, length - 2);
            require(!nnp_source_add(source, name, line, (size_t)(stop - line), NULL));
        }
        text = stop;
    }
}

static void check(const struct nnp_potential *potential)
{
    struct nnp_potential *back;
    char *first, *second;
    require(!nnp_potential_format(potential, &first, NULL));
    require(!nnp_potential_parse(&back, "again", first, strlen(first), NULL));
    require(!nnp_potential_format(back, &second, NULL));
    require(!strcmp(first, second));
    free(first);
    free(second);
    nnp_potential_free(back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_error error = {0};
    struct nnp_source source = {.is_folder = size > 0 && *data == '@'};
    struct nnp_potential *potential = NULL;
    const struct nnp_potential_kind *kind;
    source.path = malloc(5);
    require(source.path != NULL);
    memcpy(source.path, "fuzz", 5);
    if (source.is_folder)
        split(&source, (const char *)data, size);
    else
        require(!nnp_source_add(&source, "fuzz", (const char *)data, size, NULL));
    if (nnp_source_read(&potential, &source, NULL, &kind, &error))
        require(potential == NULL && error.status && *error.message);
    else if (!strcmp(kind->name, NNP_FUZZ_KIND))
        check(potential);
    nnp_potential_free(potential);
    nnp_source_close(&source);
    return 0;
}
