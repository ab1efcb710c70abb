// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/xml_scan.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/str.h"

/* What a byte is, as bits. */
enum {
    SPACE = 1 << 0,
    NAME_FIRST = 1 << 1, /* begins a name */
    NAME = 1 << 2,       /* goes on with it */
    PLAIN = 1 << 3,      /* text that needs no look */
    STOP = 1 << 4,       /* ends a run of text */
};

static const uint8_t kinds[256] = {
    ['\t'] = SPACE | PLAIN,
    ['\n'] = SPACE | PLAIN,
    ['\r'] = SPACE | STOP,
    [' '] = SPACE | PLAIN,
    ['!' ... '%'] = PLAIN,
    ['&'] = STOP,
    ['\'' ... ','] = PLAIN,
    ['-' ... '.'] = PLAIN | NAME,
    ['/'] = PLAIN,
    ['0' ... '9'] = PLAIN | NAME,
    [':'] = PLAIN | NAME | NAME_FIRST,
    [';'] = PLAIN,
    ['<'] = STOP,
    ['='] = PLAIN,
    ['>' ... '@'] = PLAIN,
    ['A' ... 'Z'] = PLAIN | NAME | NAME_FIRST,
    ['['] = PLAIN,
    ['\\'] = PLAIN,
    ['^'] = PLAIN,
    ['_'] = PLAIN | NAME | NAME_FIRST,
    ['`'] = PLAIN,
    ['a' ... 'z'] = PLAIN | NAME | NAME_FIRST,
    ['{' ... 0x7f] = PLAIN,
};

static bool is(char c, unsigned kind)
{
    return kinds[(uint8_t)c] & kind;
}

static enum xml_piece wrong(struct xml_scanner *in, const char *what)
{
    in->what = what;
    in->at = in->end;
    in->is_empty = false;
    return XML_WRONG;
}

static size_t n_left(const struct xml_scanner *in)
{
    return (size_t)(in->end - in->at);
}

static bool skip_word(struct xml_scanner *in, const char *word)
{
    size_t len = strlen(word);

    if (n_left(in) < len || memcmp(in->at, word, len) != 0)
        return false;
    in->at += len;
    return true;
}

static bool skip_space(struct xml_scanner *in)
{
    const char *from = in->at;

    while (in->at < in->end && is(*in->at, SPACE))
        in->at++;
    return in->at > from;
}

static bool skip_name(struct xml_scanner *in)
{
    if (in->at == in->end || !is(*in->at, NAME_FIRST))
        return false;
    while (in->at < in->end && is(*in->at, NAME))
        in->at++;
    return true;
}

/* The bytes of the character at 'in->at'; 0 when XML has no such character. */
static size_t character_size(const struct xml_scanner *in)
{
    const uint8_t *s = (const uint8_t *)in->at;
    size_t n;

    if (*s < 0x80)
        return kinds[*s] || *s == ']';
    n = str_utf8_sequence(in->at, n_left(in));
    /* U+FFFE and U+FFFF */
    return n == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe ? 0 : n;
}

/* Moves over characters up to and over 'word'. */
static bool skip_past(struct xml_scanner *in, const char *word)
{
    while (in->at < in->end) {
        size_t n;

        if (*in->at == *word && skip_word(in, word))
            return true;
        n = character_size(in);
        if (n == 0)
            return false;
        in->at += n;
    }
    return false;
}

/* ---- text ---- */

static size_t put_utf8(char out[4], uint32_t code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xc0 | code >> 6);
        out[1] = (char)(0x80 | (code & 0x3f));
        return 2;
    }
    if (code < 0x10000) {
        out[0] = (char)(0xe0 | code >> 12);
        out[1] = (char)(0x80 | (code >> 6 & 0x3f));
        out[2] = (char)(0x80 | (code & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | code >> 18);
    out[1] = (char)(0x80 | (code >> 12 & 0x3f));
    out[2] = (char)(0x80 | (code >> 6 & 0x3f));
    out[3] = (char)(0x80 | (code & 0x3f));
    return 4;
}

static bool is_character(uint32_t code)
{
    if (code < 0x20)
        return code == '\t' || code == '\n' || code == '\r';
    return code < 0xd800 || (code >= 0xe000 && code < 0xfffe) ||
           (code >= 0x10000 && code <= 0x10ffff);
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 16;
}

/* Behind "&#": the number and its semicolon. */
static bool read_number(struct xml_scanner *in, uint32_t *ret_code)
{
    unsigned base = skip_word(in, "x") ? 16 : 10;
    const char *from = in->at;
    uint32_t code = 0;

    while (in->at < in->end && code <= 0x10ffff && (unsigned)digit_of(*in->at) < base)
        code = code * base + (unsigned)digit_of(*in->at++);
    *ret_code = code;
    return in->at > from && is_character(code) && skip_word(in, ";");
}

/* Behind "&": in->character of n bytes, or 0. */
static size_t read_reference(struct xml_scanner *in)
{
    static const struct {
        const char *name;
        char means;
    } entities[] = {
        {"lt;", '<'}, {"gt;", '>'}, {"amp;", '&'}, {"quot;", '"'}, {"apos;", '\''},
    };
    uint32_t code;

    if (skip_word(in, "#"))
        return read_number(in, &code) ? put_utf8(in->character, code) : 0;
    for (size_t i = 0; i < ARRAY_SIZE(entities); i++)
        if (skip_word(in, entities[i].name)) {
            in->character[0] = entities[i].means;
            return 1;
        }
    return 0;
}

static enum xml_piece piece_of_text(struct xml_scanner *in, const char *text, size_t len)
{
    in->text = text;
    in->len = len;
    return XML_TEXT;
}

/* One character that is not said by itself. */
static enum xml_piece read_special(struct xml_scanner *in)
{
    size_t n;

    if (skip_word(in, "&")) {
        n = read_reference(in);
        return n ? piece_of_text(in, in->character, n)
                 : wrong(in, "an entity XML-RPC does not have");
    }
    /* Every end of a line is told as LF. */
    in->at++;
    skip_word(in, "\n");
    return piece_of_text(in, "\n", 1);
}

/* Text up to markup, a reference or an end of line that is not LF. */
static enum xml_piece read_text(struct xml_scanner *in)
{
    const char *from = in->at;

    if (*in->at == '&' || *in->at == '\r')
        return read_special(in);
    for (;;) {
        size_t n;

        while (in->at < in->end && is(*in->at, PLAIN))
            in->at++;
        if (in->at == in->end || is(*in->at, STOP))
            break;
        if (n_left(in) >= 3 && memcmp(in->at, "]]>", 3) == 0)
            return wrong(in, "text holds ]]>");
        n = character_size(in);
        if (n == 0)
            return wrong(in, "text is not UTF-8, or holds a character XML does not have");
        in->at += n;
    }
    return piece_of_text(in, from, (size_t)(in->at - from));
}

/* Within a CDATA section: a line at a time, since its end is told as LF here too. */
static enum xml_piece read_cdata(struct xml_scanner *in)
{
    const char *from = in->at;

    if (in->at < in->end && *in->at == '\r')
        return read_special(in);
    while (in->at < in->end && *in->at != '\r') {
        size_t n;

        if (skip_word(in, "]]>")) {
            in->is_cdata = false;
            return piece_of_text(in, from, (size_t)(in->at - from) - 3);
        }
        n = character_size(in);
        if (n == 0)
            return wrong(in, "text is not UTF-8, or holds a character XML does not have");
        in->at += n;
    }
    return in->at < in->end ? piece_of_text(in, from, (size_t)(in->at - from))
                            : wrong(in, "a CDATA section has no end");
}

/* ---- markup ---- */

/* One of an element, or of the declaration. */
static bool skip_attribute(struct xml_scanner *in)
{
    char quote;

    if (!skip_name(in))
        return false;
    skip_space(in);
    if (!skip_word(in, "="))
        return false;
    skip_space(in);
    if (in->at == in->end || (*in->at != '"' && *in->at != '\''))
        return false;
    quote = *in->at++;
    while (in->at < in->end && *in->at != quote) {
        size_t n = *in->at == '<' ? 0 : character_size(in);

        if (n == 0)
            return false;
        in->at += n;
        if (in->at[-1] == '&' && read_reference(in) == 0)
            return false;
    }
    return in->at++ < in->end;
}

/* Behind "<": the start of an element. */
static enum xml_piece read_start(struct xml_scanner *in)
{
    in->text = in->at;
    if (!skip_name(in))
        return wrong(in, "a < is not followed by markup");
    in->len = (size_t)(in->at - in->text);
    while (in->at < in->end && *in->at != '>') {
        bool space = skip_space(in);

        if (skip_word(in, "/>")) {
            in->is_empty = true;
            return XML_START;
        }
        if (in->at < in->end && *in->at != '>' && (!space || !skip_attribute(in)))
            return wrong(in, "a tag is malformed");
    }
    return skip_word(in, ">") ? XML_START : wrong(in, "a tag has no end");
}

/* Behind "</": the end of the element that is open. */
static enum xml_piece read_end(struct xml_scanner *in)
{
    size_t len = in->open_len;

    if (!in->open || n_left(in) <= len || memcmp(in->at, in->open, len) != 0 ||
        is(in->at[len], NAME))
        return wrong(in, "an end tag has no start tag");
    in->at += len;
    skip_space(in);
    return skip_word(in, ">") ? XML_END : wrong(in, "a tag has no end");
}

/* Behind "<!--": up to the next two hyphens, which end it. */
static bool skip_comment(struct xml_scanner *in)
{
    return skip_past(in, "--") && skip_word(in, ">");
}

/* Behind "<?".  A declaration stands at the very start of the text and nowhere else. */
static bool skip_instruction(struct xml_scanner *in)
{
    const char *name = in->at;

    if (!skip_name(in))
        return false;
    if (in->at - name == 3 && strncasecmp(name, "xml", 3) == 0)
        return false;
    if (skip_word(in, "?>"))
        return true;
    return skip_space(in) && skip_past(in, "?>");
}

/* "='value'", of these characters. */
static bool skip_declared(struct xml_scanner *in, const char *characters)
{
    const char *from;
    char quote;

    skip_space(in);
    if (!skip_word(in, "="))
        return false;
    skip_space(in);
    quote = in->at < in->end ? *in->at++ : '\0';
    if (quote != '"' && quote != '\'')
        return false;
    from = in->at;
    while (in->at < in->end && *in->at && strchr(characters, *in->at))
        in->at++;
    return in->at > from && in->at < in->end && *in->at++ == quote;
}

/* "<?xml version='1.0' ...?>", where there is one. */
static bool skip_declaration(struct xml_scanner *in)
{
    static const struct {
        const char *name, *characters;
    } parts[] = {
        {"version", ".0123456789"},
        {"encoding", "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"},
        {"standalone", "yesno"},
    };

    if (n_left(in) < 6 || memcmp(in->at, "<?xml", 5) != 0 || !is(in->at[5], SPACE))
        return true;
    in->at += 5;
    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        const char *from = in->at;

        if (skip_space(in) && skip_word(in, parts[i].name)) {
            if (!skip_declared(in, parts[i].characters))
                return false;
        } else if (i == 0) {
            return false; /* only the version must be there */
        } else {
            in->at = from;
        }
    }
    skip_space(in);
    return skip_word(in, "?>");
}

/* What stands behind "<" when it is no tag: false, with in->what set, for what is wrong. */
static bool skip_other(struct xml_scanner *in)
{
    const char *what = NULL;

    if (skip_word(in, "?")) {
        if (!skip_instruction(in))
            what = "a processing instruction is malformed";
    } else if (skip_word(in, "!--")) {
        if (!skip_comment(in))
            what = "a comment is malformed";
    } else if (skip_word(in, "![CDATA[")) {
        in->is_cdata = true;
    } else {
        what = "a DOCTYPE is refused";
    }
    if (what)
        (void)wrong(in, what);
    return !what;
}

void xml_scan(struct xml_scanner *in, const char *text, size_t size)
{
    *in = (struct xml_scanner){.begin = text, .at = text, .end = text + size};
    in->place = text;
    skip_word(in, "\xef\xbb\xbf"); /* a byte order mark */
    if (!skip_declaration(in))
        (void)wrong(in, "the XML declaration is malformed");
}

enum xml_piece xml_next(struct xml_scanner *in)
{
    if (in->is_empty) {
        in->is_empty = false;
        return XML_END;
    }
    while (!in->what) {
        if (in->is_cdata)
            return read_cdata(in);
        in->place = in->at;
        if (in->at == in->end)
            return XML_DONE;
        if (*in->at != '<')
            return read_text(in);
        in->at++;
        if (skip_word(in, "/"))
            return read_end(in);
        if (in->at == in->end || (*in->at != '!' && *in->at != '?'))
            return read_start(in);
        skip_other(in);
    }
    return XML_WRONG;
}

bool xml_is_space(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!is(text[i], SPACE))
            return false;
    return true;
}
