// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/xml.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/alloc.h"
#include "base/str.h"
#include "wire/base64.h"
#include "wire/xml_scan.h"

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

#define IN(element) (1u << (element))

#define NAMED(name) name, sizeof(name) - 1

static const struct {
    const char *name;
    size_t len;
    enum element element;
    uint32_t parents; /* bits of enum element */
    bool text;        /* its text means something */
} grammar[] = {
    {NAMED("value"), VALUE, IN(DOCUMENT) | IN(PARAM) | IN(DATA) | IN(MEMBER) | IN(FAULT),
     true},
    {NAMED("string"), STRING, IN(VALUE), true},
    {NAMED("member"), MEMBER, IN(STRUCT), false},
    {NAMED("name"), NAME, IN(MEMBER), true},
    {NAMED("struct"), STRUCT, IN(VALUE), false},
    {NAMED("array"), ARRAY, IN(VALUE), false},
    {NAMED("data"), DATA, IN(ARRAY), false},
    {NAMED("boolean"), BOOLEAN, IN(VALUE), true},
    {NAMED("int"), INT, IN(VALUE), true},
    {NAMED("i4"), INT, IN(VALUE), true},
    {NAMED("i8"), INT, IN(VALUE), true},
    {NAMED("double"), DOUBLE, IN(VALUE), true},
    {NAMED("dateTime.iso8601"), DATETIME, IN(VALUE), true},
    {NAMED("base64"), BASE64, IN(VALUE), true},
    {NAMED("nil"), NIL, IN(VALUE), false},
    {NAMED("param"), PARAM, IN(PARAMS), false},
    {NAMED("params"), PARAMS, IN(METHOD_CALL) | IN(METHOD_RESPONSE), false},
    {NAMED("methodCall"), METHOD_CALL, IN(DOCUMENT), false},
    {NAMED("methodName"), METHOD_NAME, IN(METHOD_CALL), true},
    {NAMED("methodResponse"), METHOD_RESPONSE, IN(DOCUMENT), false},
    {NAMED("fault"), FAULT, IN(METHOD_RESPONSE), false},
};

/* An element that is open. */
struct frame {
    const char *tag; /* its name, where it stands in the text; NULL for the document */
    size_t tag_len;
    enum element element;
    bool text;       /* from its grammar row */
    unsigned n;      /* elements closed in it */
    struct val v;    /* what was read in it so far */
    struct val name; /* MEMBER: its name; METHOD_CALL: the method */
};

/* A value in a value costs at most three elements: <struct><member><value>; the outermost
 * four are <methodCall><params><param><value>. */
#define MAX_FRAMES (XML_MAX_DEPTH * 3 + 5)

/* Names of members that are kept to be shared: those of one record come again in the next.
 */
#define N_NAMES 128

struct reader {
    struct xml_scanner scanner;
    enum element root; /* the one wanted */
    struct frame frames[MAX_FRAMES];
    size_t n; /* open ones; frames[0] is the document */
    /* The text read last: while it is one piece it is not copied. */
    const char *piece;
    size_t piece_len;
    struct buf pieces;
    struct val names[N_NAMES]; /* of members, where name_value() looks; void: none yet */
    bool fault;                /* a <fault> was read */
    int r;                     /* the first error, once there is one, and its place */
    struct xml_error error;
};

static void fail(struct reader *in, int r, const char *what)
{
    if (in->r < 0)
        return;
    in->r = r;
    in->error = (struct xml_error){.what = what, .line = 1, .column = 1};
    for (const char *c = in->scanner.begin; c < in->scanner.place; c++) {
        in->error.line += *c == '\n';
        in->error.column = *c == '\n' ? 1 : in->error.column + 1;
    }
}

static void clear_text(struct reader *in)
{
    in->piece_len = 0;
    buf_clear(&in->pieces);
}

static const char *text_of(const struct reader *in, size_t *ret_len)
{
    *ret_len = in->pieces.size ? in->pieces.size : in->piece_len;
    return in->pieces.size ? in->pieces.data : in->piece_len ? in->piece : "";
}

/* What text_of() gives, in memory of our own. */
static void own_text(struct reader *in)
{
    if (in->pieces.size)
        return;
    buf_add(&in->pieces, in->piece, in->piece_len);
    in->piece_len = 0;
}

/* Cuts the space from both ends of the text read last. */
static const char *trimmed(struct reader *in)
{
    static const char space[] = " \t\r\n";
    const char *text;
    size_t len;

    own_text(in);
    text = buf_str(&in->pieces) + strspn(buf_str(&in->pieces), space);
    len = strlen(text);
    while (len && strchr(space, text[len - 1]))
        len--;
    if (in->pieces.data)
        in->pieces.data[text + len - in->pieces.data] = '\0';
    return text;
}

/* The grammar's row of the element that the scanner is at, or ARRAY_SIZE(grammar). */
static size_t find_row(const struct xml_scanner *scanner)
{
    size_t i = 0;

    while (i < ARRAY_SIZE(grammar) &&
           (grammar[i].len != scanner->len ||
            memcmp(grammar[i].name, scanner->text, scanner->len) != 0))
        i++;
    return i;
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

static void on_start(struct reader *in)
{
    struct frame *parent = &in->frames[in->n - 1], *frame = parent + 1;
    size_t i = find_row(&in->scanner), len;
    const char *text = text_of(in, &len);

    if (i == ARRAY_SIZE(grammar))
        return fail(in, -EINVAL, "an element XML-RPC does not have");
    if (!(grammar[i].parents & IN(parent->element)) ||
        !has_place(parent, grammar[i].element))
        return fail(in, -EINVAL, "an element stands in a wrong place");
    if (parent->element == DOCUMENT && grammar[i].element != in->root)
        return fail(in, -EINVAL, "another kind of XML-RPC document");
    if (parent->text && !xml_is_space(text, len))
        return fail(in, -EINVAL, "text stands beside an element");
    if (in->n == MAX_FRAMES)
        return fail(in, -E2BIG, "values are nested too deep");
    clear_text(in);
    *frame = (struct frame){.tag = in->scanner.text,
                            .tag_len = in->scanner.len,
                            .element = grammar[i].element,
                            .text = grammar[i].text};
    if (frame->element == DATA || frame->element == PARAMS)
        frame->v = val_set(0);
    else if (frame->element == STRUCT)
        frame->v = val_map(0);
    in->scanner.open = frame->tag;
    in->scanner.open_len = frame->tag_len;
    in->n++;
}

static void on_text(struct reader *in)
{
    const struct xml_scanner *scanner = &in->scanner;
    const struct frame *frame = &in->frames[in->n - 1];
    /* Outside of the root nothing is text that is not space by itself. */
    bool is_plain = frame->element != DOCUMENT || !strchr("<&", *scanner->place);

    if (!frame->text || frame->n > 0) {
        if (!is_plain || !xml_is_space(scanner->text, scanner->len))
            fail(in, -EINVAL, "text stands between elements");
    } else if (in->piece_len == 0 && in->pieces.size == 0 &&
               scanner->text != scanner->character) {
        in->piece = scanner->text;
        in->piece_len = scanner->len;
    } else {
        own_text(in);
        buf_add(&in->pieces, scanner->text, scanner->len);
    }
}

static struct val text_value(struct reader *in)
{
    size_t len;
    const char *text = text_of(in, &len);

    return val_str_n(text, len);
}

static struct val name_value(struct reader *in)
{
    size_t len, place;
    const char *text = text_of(in, &len);
    struct val *kept;

    if (len == 0)
        return val_str("");
    place = len * 31 + (uint8_t)text[0] * 7 + (uint8_t)text[len - 1] * 3 +
            (uint8_t)text[len / 2];
    kept = &in->names[place % N_NAMES];
    if (kept->kind == VAL_VOID || val_len(kept) != len ||
        memcmp(val_text(kept), text, len) != 0) {
        val_unref(kept);
        *kept = val_str_n(text, len);
    }
    return val_ref(kept);
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

    own_text(in);
    for (size_t i = 0; i < in->pieces.size; i++)
        if (!xml_is_space(&in->pieces.data[i], 1))
            in->pieces.data[n++] = in->pieces.data[i];
    if (base64_decode(buf_str(&in->pieces), n, &text) < 0)
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
        return text_value(in);
    case NAME:
        return name_value(in);
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

static void on_end(struct reader *in)
{
    struct frame *frame = &in->frames[in->n - 1], *parent = frame - 1;
    struct val v;

    if (!is_complete(frame))
        return fail(in, -EINVAL, "an element lacks its content");
    v = element_value(in, frame);
    clear_text(in);
    in->n--;
    in->scanner.open = parent->tag;
    in->scanner.open_len = parent->tag_len;
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

static void read_pieces(struct reader *in)
{
    while (in->r == 0) {
        switch (xml_next(&in->scanner)) {
        case XML_START:
            on_start(in);
            break;
        case XML_END:
            on_end(in);
            break;
        case XML_TEXT:
            on_text(in);
            break;
        case XML_WRONG:
            fail(in, -EINVAL, in->scanner.what);
            break;
        case XML_DONE:
            if (in->n > 1 || in->frames[0].n == 0)
                fail(in, -EINVAL, "the text ends too early");
            return;
        }
    }
}

/* Reads the whole text; what the root held is then in frames[0].  'in' need not be clear:
 * its frames are larger than most texts. */
static int read_document(struct reader *in, enum element root, const char *text,
                         size_t size)
{
    in->root = root;
    in->frames[0] = (struct frame){.element = DOCUMENT};
    in->n = 1;
    in->piece_len = 0;
    in->pieces = (struct buf)BUF_INIT;
    memset(in->names, 0, sizeof(in->names)); /* void */
    in->fault = false;
    in->r = 0;
    xml_scan(&in->scanner, text, size);
    if (size > XML_MAX_SIZE)
        fail(in, -E2BIG, "the text is too large");
    else
        read_pieces(in);
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
    for (size_t i = 0; i < N_NAMES; i++)
        if (in->names[i].kind != VAL_VOID)
            val_unref(&in->names[i]);
    buf_fini(&in->pieces);
}

int xml_parse_call(const char *text, size_t size, char **ret_method, struct val *ret_params,
                   struct xml_error *ret_error)
{
    struct reader in;
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
    struct reader in;
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
    struct reader in;
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
