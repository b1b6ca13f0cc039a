/* Writing of YAML. */
#include "yaml_write.h"

#include <string.h>
#include <strings.h>

enum { WIDTH = 96 };

static const char word_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                      "0123456789_.+-/";

/* Words that a YAML 1.1 or 1.2 reader takes for a boolean or null. */
static const char *const reserved[] = {"true", "false", "yes", "no",  "on",
                                       "off",  "y",     "n",   "null"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool needs_quotes(const char *string)
{
    if (!is_letter(*string) || string[strspn(string, word_characters)])
        return true;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (!strcasecmp(string, reserved[i]))
            return true;
    return false;
}

static size_t column(const struct nnp_text *text)
{
    size_t n = 0;
    while (n < text->length && text->data[text->length - n - 1] != '\n')
        n++;
    return n;
}

/* Line breaks of Unicode, the byte order mark and what is no character: written as escapes. */
static bool is_hidden(long code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || code == 0xFFFE || code == 0xFFFF;
}

static void append_escaped(struct nnp_text *text, const char *bytes, int n, long code)
{
    if (code == '"' || code == '\\')
        nnp_text_append(text, "\\%c", (char)code);
    else if (code == '\n')
        nnp_text_append(text, "\\n");
    else if (code == '\t')
        nnp_text_append(text, "\\t");
    else if (!is_hidden(code))
        nnp_text_append(text, "%.*s", n, bytes);
    else if (code < 0x100)
        nnp_text_append(text, "\\x%02lX", (unsigned long)code);
    else if (code < 0x10000)
        nnp_text_append(text, "\\u%04lX", (unsigned long)code);
    else
        nnp_text_append(text, "\\U%08lX", (unsigned long)code);
}

/* Lines are broken behind every end of a line of the text, and behind blanks where it is long.
 * A backslash at the end joins them; a blank that starts the next line is escaped. */
static void append_quoted(struct nnp_text *text, const char *string, int indent)
{
    nnp_text_append(text, "\"");
    while (*string) {
        long code = 0;
        const int n = nnp_text_decode(string, &code);
        if (!n)
            break;
        append_escaped(text, string, n, code);
        string += n;
        const bool fold = code == '\n' || (code == ' ' && column(text) > WIDTH - 16);
        if (!fold || !*string)
            continue;
        nnp_text_append(text, "\\\n%*s%s", indent, "", *string == ' ' ? "\\" : "");
    }
    nnp_text_append(text, "\"");
}

void nnp_yaml_write_string(struct nnp_text *text, const char *string, int indent)
{
    if (needs_quotes(string))
        append_quoted(text, string, indent);
    else
        nnp_text_append(text, "%s", string);
}

void nnp_yaml_flow_begin(struct nnp_yaml_flow *flow, struct nnp_text *text, bool mapping,
                         int indent)
{
    *flow = (struct nnp_yaml_flow){text, indent, mapping, true, 0};
    nnp_text_append(text, mapping ? "{" : "[");
}

void nnp_yaml_flow_end(struct nnp_yaml_flow *flow)
{
    nnp_text_append(flow->text, flow->mapping ? "}" : "]");
}

void nnp_yaml_flow_start(struct nnp_yaml_flow *flow, const char *key)
{
    if (!flow->empty)
        nnp_text_append(flow->text, ",");
    flow->start = flow->text->length;
    if (!flow->empty)
        nnp_text_append(flow->text, " ");
    if (key)
        nnp_text_append(flow->text, "%s: ", key);
}

/* Moves an item that ends beyond the width to a line of its own: the blank before it becomes a
 * line break and indentation. */
void nnp_yaml_flow_stop(struct nnp_yaml_flow *flow)
{
    struct nnp_text *text = flow->text;
    const bool first = flow->empty;
    flow->empty = false;
    if (first || flow->indent < 0 || column(text) < WIDTH || text->failed)
        return;
    const size_t indent = (size_t)flow->indent, length = text->length - flow->start - 1;
    if (!nnp_text_reserve(text, indent)) {
        text->failed = true;
        return;
    }
    char *blank = text->data + flow->start;
    memmove(blank + 1 + indent, blank + 1, length + 1);
    *blank = '\n';
    memset(blank + 1, ' ', indent);
    text->length += indent;
}

void nnp_yaml_flow_double(struct nnp_yaml_flow *flow, const char *key, double value)
{
    nnp_yaml_flow_start(flow, key);
    nnp_text_append_double(flow->text, value);
    nnp_yaml_flow_stop(flow);
}

void nnp_yaml_flow_int(struct nnp_yaml_flow *flow, const char *key, int value)
{
    nnp_yaml_flow_start(flow, key);
    nnp_text_append(flow->text, "%d", value);
    nnp_yaml_flow_stop(flow);
}

void nnp_yaml_flow_string(struct nnp_yaml_flow *flow, const char *key, const char *value)
{
    nnp_yaml_flow_start(flow, key);
    nnp_yaml_write_string(flow->text, value, flow->indent < 0 ? 1 : flow->indent + 1);
    nnp_yaml_flow_stop(flow);
}

void nnp_yaml_write_doubles(struct nnp_text *text, const double *values, int n, int indent)
{
    struct nnp_yaml_flow flow;
    nnp_yaml_flow_begin(&flow, text, false, indent);
    for (int i = 0; i < n; i++)
        nnp_yaml_flow_double(&flow, NULL, values[i]);
    nnp_yaml_flow_end(&flow);
}
