/* XML by libxml2's push parser, which tells of elements as they come (SAX 1) and knows the line
 * of each.  Entities other than the predefined ones are not replaced, and nothing is loaded. */
#include "xml.h"

#include "text.h"

#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 64, PIECE = 1 << 20 };

struct xml {
    const struct nnp_xml_handler *handler;
    xmlParserCtxtPtr parser;
    struct nnp_text path, text;
    size_t ends[MAX_DEPTH]; /* lengths of the path at the elements around the current one */
    int depth;
    enum nnp_status status; /* of the handler, or of memory */
};

static void stop(struct xml *xml, enum nnp_status status)
{
    if (status && !xml->status) {
        xml->status = status;
        xmlStopParser(xml->parser);
    }
}

static int line_of(const struct xml *xml)
{
    return xml->parser->input ? xml->parser->input->line : 1;
}

/* The attribute "name" of elements that differ by it only, or else the element's own name. */
static const char *component(const char *element, const xmlChar **attributes)
{
    static const char *const named[] = {"varray", "array", "i"};
    for (size_t k = 0; k < sizeof named / sizeof *named; k++)
        if (strcmp(element, named[k]) == 0)
            for (const xmlChar **a = attributes; a && a[0] && a[1]; a += 2)
                if (strcmp((const char *)a[0], "name") == 0)
                    return (const char *)a[1];
    return element;
}

static void clear(struct nnp_text *text, size_t length)
{
    text->length = length;
    if (text->data)
        text->data[length] = '\0';
}

static void begin_element(void *context, const xmlChar *element, const xmlChar **attributes)
{
    struct xml *xml = context;
    if (xml->status)
        return;
    if (xml->depth == MAX_DEPTH) {
        stop(xml, NNP_ERROR_UNSUPPORTED);
        return;
    }
    xml->ends[xml->depth++] = xml->path.length;
    nnp_text_append(&xml->path, "/%s", component((const char *)element, attributes));
    clear(&xml->text, 0);
    stop(xml, xml->path.failed
                  ? NNP_ERROR_MEMORY
                  : xml->handler->begin(xml->handler->context, xml->path.data, line_of(xml)));
}

static void end_element(void *context, const xmlChar *element)
{
    struct xml *xml = context;
    (void)element;
    if (xml->status || xml->depth == 0)
        return;
    stop(xml, xml->text.failed
                  ? NNP_ERROR_MEMORY
                  : xml->handler->end(xml->handler->context, xml->path.data,
                                      xml->text.data ? xml->text.data : "", line_of(xml)));
    clear(&xml->path, xml->ends[--xml->depth]);
    clear(&xml->text, 0);
}

static void take_text(void *context, const xmlChar *characters, int n)
{
    struct xml *xml = context;
    nnp_text_append(&xml->text, "%.*s", n, (const char *)characters);
}

/* Feeds the text; false where libxml2 finds a mistake or the handler has stopped it. */
static bool feed(struct xml *xml, const char *text, size_t length)
{
    while (length > 0) {
        int n = length < PIECE ? (int)length : PIECE;
        if (xmlParseChunk(xml->parser, text, n, 0) != XML_ERR_OK || xml->status)
            return false;
        text += n;
        length -= (size_t)n;
    }
    return true;
}

/* A mistake that libxml2 found, as its message without the line end. */
static enum nnp_status malformed(const struct xml *xml, const char *name,
                                 struct nnp_error *error)
{
    const xmlError *found = xmlCtxtGetLastError(xml->parser);
    const char *message = found && found->message ? found->message : "no message";
    if (found && found->code == XML_ERR_NO_MEMORY)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", name);
    return nnp_error_set(error, NNP_ERROR_SYNTAX, "%s:%d: found malformed XML: %.*s", name,
                         found && found->line > 0 ? found->line : 1,
                         (int)strcspn(message, "\n"), message);
}

static enum nnp_status run(struct xml *xml, const char *name, const char *text, size_t length,
                           bool *truncated, struct nnp_error *error)
{
    bool fed = feed(xml, text, length);
    if (fed)
        *truncated = xmlParseChunk(xml->parser, NULL, 0, 1) != XML_ERR_OK;
    if (xml->status == NNP_ERROR_MEMORY)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", name);
    if (xml->status == NNP_ERROR_UNSUPPORTED)
        return nnp_error_set(error, NNP_ERROR_UNSUPPORTED,
                             "%s:%d: found elements in one another %d deep", name, line_of(xml),
                             MAX_DEPTH);
    if (xml->status || fed)
        return xml->status;
    return malformed(xml, name, error);
}

enum nnp_status nnp_xml_parse(const char *name, const char *text, size_t length,
                              const struct nnp_xml_handler *handler, bool *truncated, int *line,
                              struct nnp_error *error)
{
    xmlSAXHandler sax = {
        .startElement = begin_element, .endElement = end_element, .characters = take_text};
    struct xml xml = {.handler = handler};
    *truncated = false;
    xml.parser = xmlCreatePushParserCtxt(&sax, &xml, NULL, 0, name);
    if (!xml.parser)
        return nnp_error_set(error, NNP_ERROR_MEMORY, "%s: out of memory", name);
    xmlCtxtUseOptions(xml.parser, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                      XML_PARSE_HUGE);
    enum nnp_status status = run(&xml, name, text, length, truncated, error);
    *line = line_of(&xml);
    if (xml.parser->myDoc) /* libxml2 makes one for the entities of a document type */
        xmlFreeDoc(xml.parser->myDoc);
    xmlFreeParserCtxt(xml.parser);
    free(xml.path.data);
    free(xml.text.data);
    return status;
}
