// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/xml.h"

#include <errno.h>
#include <expat.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/base64.h"

enum element {
    DOCUMENT, /* what the root element stands in */
    METHOD_CALL,
    METHOD_NAME,
    METHOD_RESPONSE,
    FAULT,
    PARAMS,
    PARAM,
    VALUE,
    STRING,
    INT,
    BOOLEAN,
    DOUBLE,
    DATETIME,
    BASE64,
    NIL,
    ARRAY,
    DATA,
    STRUCT,
    MEMBER,
    NAME,
};

/* Newer releases of expat deprecate the narrow names; older ones have no others. */
#ifdef HAVE_XML_WIDE_PLACES
#define XML_LINE(parser)   XML_GetCurrentLineNumber64(parser)
#define XML_COLUMN(parser) XML_GetCurrentColumnNumber64(parser)
#else
#define XML_LINE(parser)   XML_GetCurrentLineNumber(parser)
#define XML_COLUMN(parser) XML_GetCurrentColumnNumber(parser)
#endif

#define IN(element) (1u << (element))

static const struct {
    const char *name;
    enum element element;
    uint32_t parents; /* bits of enum element */
    bool text;        /* its text means something */
} grammar[] = {
    {"value", VALUE, IN(DOCUMENT) | IN(PARAM) | IN(DATA) | IN(MEMBER) | IN(FAULT), true},
    {"string", STRING, IN(VALUE), true},
    {"member", MEMBER, IN(STRUCT), false},
    {"name", NAME, IN(MEMBER), true},
    {"struct", STRUCT, IN(VALUE), false},
    {"array", ARRAY, IN(VALUE), false},
    {"data", DATA, IN(ARRAY), false},
    {"boolean", BOOLEAN, IN(VALUE), true},
    {"int", INT, IN(VALUE), true},
    {"i4", INT, IN(VALUE), true},
    {"i8", INT, IN(VALUE), true},
    {"double", DOUBLE, IN(VALUE), true},
    {"dateTime.iso8601", DATETIME, IN(VALUE), true},
    {"base64", BASE64, IN(VALUE), true},
    {"nil", NIL, IN(VALUE), false},
    {"param", PARAM, IN(PARAMS), false},
    {"params", PARAMS, IN(METHOD_CALL) | IN(METHOD_RESPONSE), false},
    {"methodCall", METHOD_CALL, IN(DOCUMENT), false},
    {"methodName", METHOD_NAME, IN(METHOD_CALL), true},
    {"methodResponse", METHOD_RESPONSE, IN(DOCUMENT), false},
    {"fault", FAULT, IN(METHOD_RESPONSE), false},
};

/* An element that is open. */
struct frame {
    enum element element;
    bool text;       /* from its grammar row */
    unsigned n;      /* elements closed in it */
    struct val v;    /* what was read in it so far */
    struct val name; /* MEMBER: its name; METHOD_CALL: the method */
};

/* A value in a value costs at most three elements: <struct><member><value>; the outermost
 * four are <methodCall><params><param><value>. */
#define MAX_FRAMES (XML_MAX_DEPTH * 3 + 5)

struct reader {
    XML_Parser expat;
    enum element root; /* the one wanted */
    struct frame frames[MAX_FRAMES];
    size_t n; /* open ones; frames[0] is the document */
    struct buf text;
    bool fault; /* a <fault> was read */
    int r;      /* the first error, once there is one, and its place */
    struct xml_error error;
};

static void fail(struct reader *in, int r, const char *what)
{
    if (in->r < 0)
        return;
    in->r = r;
    in->error = (struct xml_error){.what = what,
                                   .line = (unsigned)XML_LINE(in->expat),
                                   .column = (unsigned)XML_COLUMN(in->expat) + 1};
    XML_StopParser(in->expat, XML_FALSE);
}

static bool is_space(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!strchr(" \t\r\n", text[i]))
            return false;
    return true;
}

/* Cuts the space from both ends of the text read last. */
static const char *trimmed(struct reader *in)
{
    const char *text = buf_str(&in->text) + strspn(buf_str(&in->text), " \t\r\n");
    size_t len = in->text.size - (size_t)(text - buf_str(&in->text));

    while (len && strchr(" \t\r\n", text[len - 1]))
        len--;
    if (in->text.data)
        in->text.data[text + len - in->text.data] = '\0';
    return text;
}

/* The place of 'element' below 'parent': how many elements may stand there, and after
 * which. */
static bool has_place(const struct frame *parent, enum element element)
{
    switch (parent->element) {
    case DOCUMENT:
    case METHOD_RESPONSE:
    case FAULT:
    case PARAM:
    case VALUE:
    case ARRAY:
        return parent->n == 0;
    case METHOD_CALL:
        return parent->n == (element == METHOD_NAME ? 0 : 1);
    case MEMBER:
        return parent->n == (element == NAME ? 0 : 1);
    default:
        return true;
    }
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *in = arg;
    struct frame *parent = &in->frames[in->n - 1];
    size_t i = 0;

    /* A stopped expat still reports the end of an empty element, for one. */
    if (in->r < 0)
        return;
    while (i < ARRAY_SIZE(grammar) && !STREQ(grammar[i].name, name))
        i++;
    if (i == ARRAY_SIZE(grammar))
        return fail(in, -EINVAL, "an element XML-RPC does not have");
    if (!(grammar[i].parents & IN(parent->element)) ||
        !has_place(parent, grammar[i].element))
        return fail(in, -EINVAL, "an element stands in a wrong place");
    if (parent->element == DOCUMENT && grammar[i].element != in->root)
        return fail(in, -EINVAL, "another kind of XML-RPC document");
    if (parent->text && !is_space(buf_str(&in->text), in->text.size))
        return fail(in, -EINVAL, "text stands beside an element");
    if (in->n == MAX_FRAMES)
        return fail(in, -E2BIG, "values are nested too deep");
    buf_clear(&in->text);
    in->frames[in->n] =
        (struct frame){.element = grammar[i].element, .text = grammar[i].text};
    if (grammar[i].element == DATA || grammar[i].element == PARAMS)
        in->frames[in->n].v = val_set(0);
    else if (grammar[i].element == STRUCT)
        in->frames[in->n].v = val_map(0);
    in->n++;
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int len)
{
    struct reader *in = arg;
    const struct frame *frame = &in->frames[in->n - 1];

    if (in->r < 0)
        return;
    if (frame->text && frame->n == 0)
        buf_add(&in->text, text, (size_t)len);
    else if (!is_space(text, (size_t)len))
        fail(in, -EINVAL, "text stands between elements");
}

static struct val text_value(struct reader *in)
{
    return val_str_n(buf_str(&in->text), in->text.size);
}

static struct val int_value(struct reader *in)
{
    const char *text = trimmed(in);
    int64_t i = 0;

    if (text[0] == '+' && text[1] != '-')
        text++;
    if (str_to_int64(text, &i) < 0)
        fail(in, -EINVAL, "an <int> is not a number of 64 bits");
    return val_int(i);
}

static struct val bool_value(struct reader *in)
{
    const char *text = trimmed(in);

    if (!STREQ(text, "0") && !STREQ(text, "1"))
        fail(in, -EINVAL, "a <boolean> is neither 0 nor 1");
    return val_bool(*text == '1');
}

static struct val double_value(struct reader *in)
{
    double d = 0;

    if (str_to_double(trimmed(in), &d) < 0)
        fail(in, -EINVAL, "a <double> is not a number");
    return val_float(d);
}

static struct val base64_value(struct reader *in)
{
    autobuf text = BUF_INIT;
    size_t n = 0;

    for (size_t i = 0; i < in->text.size; i++)
        if (!strchr(" \t\r\n", in->text.data[i]))
            in->text.data[n++] = in->text.data[i];
    if (base64_decode(buf_str(&in->text), n, &text) < 0)
        fail(in, -EINVAL, "a <base64> is malformed");
    else if (!str_is_utf8(buf_str(&text), text.size))
        fail(in, -EINVAL, "a <base64> does not hold text");
    return val_str_n(buf_str(&text), text.size);
}

/* What a closed element stands for. */
static struct val element_value(struct reader *in, struct frame *frame)
{
    switch (frame->element) {
    case INT:
        return int_value(in);
    case BOOLEAN:
        return bool_value(in);
    case DOUBLE:
        return double_value(in);
    case BASE64:
        return base64_value(in);
    case DATETIME:
        return val_str(trimmed(in));
    case METHOD_NAME:
        return val_str(trimmed(in));
    case STRING:
    case NAME:
        return text_value(in);
    case VALUE:
        return frame->n ? take_val(frame->v) : text_value(in);
    default:
        return take_val(frame->v);
    }
}

/* Elements that are empty unless something stands in them. */
static bool is_complete(const struct frame *frame)
{
    switch (frame->element) {
    case METHOD_RESPONSE:
    case FAULT:
    case PARAM:
        return frame->n == 1;
    case METHOD_CALL:
        return frame->n >= 1;
    case MEMBER:
        return frame->n == 2;
    default:
        return true;
    }
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
    struct reader *in = arg;
    struct frame *frame = &in->frames[in->n - 1], *parent = frame - 1;
    struct val v;

    if (in->r < 0)
        return;
    if (!is_complete(frame))
        return fail(in, -EINVAL, "an element lacks its content");
    v = element_value(in, frame);
    buf_clear(&in->text);
    in->n--;
    parent->n++;
    if (parent->element == DATA || parent->element == PARAMS) {
        val_push(&parent->v, v);
    } else if (frame->element == MEMBER) {
        val_put(&parent->v, take_val(frame->name), v);
    } else if (frame->element == NAME || frame->element == METHOD_NAME) {
        parent->name = v;
    } else if (frame->element == METHOD_CALL) {
        /* The document holds both. */
        in->frames[0].name = take_val(frame->name);
        in->frames[0].v = v;
    } else {
        in->fault |= frame->element == FAULT;
        parent->v = v;
    }
}

static void XMLCALL on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id,
                               const XML_Char *public_id, int has_internal_subset)
{
    fail(arg, -EINVAL, "a DOCTYPE is refused");
}

/* Runs expat over the text; what the root held is then in frames[0]. */
static int read_document(struct reader *in, enum element root, const char *text,
                         size_t size)
{
    in->root = root;
    in->n = 1;
    in->expat = XML_ParserCreate("UTF-8");
    assert_msg(in->expat, "out of memory");
    XML_SetUserData(in->expat, in);
    XML_SetElementHandler(in->expat, on_start, on_end);
    XML_SetCharacterDataHandler(in->expat, on_text);
    XML_SetStartDoctypeDeclHandler(in->expat, on_doctype);
    if (size > XML_MAX_SIZE)
        fail(in, -E2BIG, "the text is too large");
    else if (XML_Parse(in->expat, text, (int)size, 1) != XML_STATUS_OK)
        fail(in, -EINVAL, XML_ErrorString(XML_GetErrorCode(in->expat)));
    return in->r;
}

static void reader_finish(struct reader *in, struct xml_error *ret_error)
{
    if (in->r < 0 && ret_error)
        *ret_error = in->error;
    /* Frames beyond 'n' were given to their parents. */
    for (size_t i = 0; i < in->n; i++) {
        val_unref(&in->frames[i].v);
        val_unref(&in->frames[i].name);
    }
    buf_fini(&in->text);
    XML_ParserFree(in->expat);
}

int xml_parse_call(const char *text, size_t size, char **ret_method, struct val *ret_params,
                   struct xml_error *ret_error)
{
    struct reader in = {0};
    int r = read_document(&in, METHOD_CALL, text, size);

    if (r == 0) {
        *ret_method = xstrdup(val_text(&in.frames[0].name));
        /* <params> may be left out. */
        *ret_params =
            in.frames[0].v.kind == VAL_SET ? take_val(in.frames[0].v) : val_set(0);
    }
    reader_finish(&in, ret_error);
    return r;
}

int xml_parse_response(const char *text, size_t size, bool *ret_fault,
                       struct val *ret_value, struct xml_error *ret_error)
{
    struct reader in = {0};
    const struct val *v = &in.frames[0].v;
    int r = read_document(&in, METHOD_RESPONSE, text, size);

    if (r == 0 && in.fault) {
        *ret_fault = true;
        *ret_value = take_val(in.frames[0].v);
    } else if (r == 0 && val_count(v) == 1) {
        *ret_fault = false;
        *ret_value = val_ref(val_at(v, 0));
    } else if (r == 0) {
        fail(&in, -EINVAL, "a response has one value");
        r = in.r;
    }
    reader_finish(&in, ret_error);
    return r;
}

int xml_parse_value(const char *text, size_t size, struct val *ret_value,
                    struct xml_error *ret_error)
{
    struct reader in = {0};
    int r = read_document(&in, VALUE, text, size);

    if (r == 0)
        *ret_value = take_val(in.frames[0].v);
    reader_finish(&in, ret_error);
    return r;
}

bool xml_text_is_valid(const char *text, size_t len)
{
    const char *end = text + len;

    if (!str_is_utf8(text, len))
        return false;
    /* U+FFFE is EF BF BE, U+FFFF is EF BF BF. */
    while ((text = memchr(text, 0xef, (size_t)(end - text)))) {
        if ((uint8_t)text[1] == 0xbf && (uint8_t)text[2] >= 0xbe)
            return false;
        text += 3;
    }
    return true;
}

/* How a byte is written: as it is, dropped, after a look, or as one of these. */
enum { PLAIN, DROPPED, HIGH, AMP, LT, GT, QUOT, CR };
static const uint8_t in_text[256] = {[0 ... 8] = DROPPED,
                                     [0x0b ... 0x0c] = DROPPED,
                                     ['\r'] = CR,
                                     [0x0e ... 0x1f] = DROPPED,
                                     ['&'] = AMP,
                                     ['<'] = LT,
                                     ['>'] = GT,
                                     ['"'] = QUOT,
                                     [0x80 ... 0xff] = HIGH};
static const char *const replacements[] = {[DROPPED] = "",
                                           [HIGH] = "\xef\xbf\xbd",
                                           [AMP] = "&amp;",
                                           [LT] = "&lt;",
                                           [GT] = "&gt;",
                                           [QUOT] = "&quot;",
                                           /* a bare CR would be read as LF */[CR] =
                                               "&#13;"};

void xml_add_text(struct buf *out, const char *text, size_t len)
{
    size_t run = 0, i = 0;

    while (i < len) {
        uint8_t how = in_text[(uint8_t)text[i]];
        size_t n = 1;

        if (how == PLAIN) {
            i++;
            continue;
        }
        if (how == HIGH) {
            n = str_utf8_sequence(text + i, len - i);
            if (n && xml_text_is_valid(text + i, n)) {
                i += n;
                continue;
            }
            how = n ? DROPPED : HIGH;
            n = n ? n : 1;
        }
        buf_add(out, text + run, i - run);
        buf_add_str(out, replacements[how]);
        i += n;
        run = i;
    }
    buf_add(out, text + run, len - run);
}

void xml_add_float(struct buf *out, double d)
{
    buf_addf(out, "%.16g", d);
}

static void add_member(struct buf *out, const struct val *key, const struct val *value)
{
    buf_add_str(out, "<member><name>");
    if (key->kind == VAL_INT)
        buf_add_int(out, key->i);
    else
        xml_add_text(out, val_text(key), val_len(key));
    buf_add_str(out, "</name>");
    xml_add(out, value);
    buf_add_str(out, "</member>");
}

void xml_add(struct buf *out, const struct val *v)
{
    buf_add_str(out, "<value>");
    switch (v->kind) {
    case VAL_VOID:
        break;
    case VAL_INT:
        buf_add_int(out, v->i);
        break;
    case VAL_BOOL:
        buf_add_str(out, v->b ? "<boolean>1</boolean>" : "<boolean>0</boolean>");
        break;
    case VAL_FLOAT:
        buf_add_str(out, "<double>");
        xml_add_float(out, v->d);
        buf_add_str(out, "</double>");
        break;
    case VAL_STR:
        xml_add_text(out, val_text(v), val_len(v));
        break;
    case VAL_SET:
        buf_add_str(out, "<array><data>");
        for (size_t i = 0; i < val_count(v); i++)
            xml_add(out, val_at(v, i));
        buf_add_str(out, "</data></array>");
        break;
    case VAL_MAP:
        buf_add_str(out, "<struct>");
        for (size_t i = 0; i < val_count(v); i++)
            add_member(out, val_key_at(v, i), val_value_at(v, i));
        buf_add_str(out, "</struct>");
        break;
    }
    buf_add_str(out, "</value>");
}

void xml_add_call(struct buf *out, const char *method, const struct val *params)
{
    buf_add_str(out, "<?xml version=\"1.0\"?><methodCall><methodName>");
    xml_add_text(out, method, strlen(method));
    buf_add_str(out, "</methodName><params>");
    for (size_t i = 0; i < val_count(params); i++) {
        buf_add_str(out, "<param>");
        xml_add(out, val_at(params, i));
        buf_add_str(out, "</param>");
    }
    buf_add_str(out, "</params></methodCall>");
}
