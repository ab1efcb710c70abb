// SPDX-License-Identifier: GPL-2.0-or-later
/* How fast XML-RPC is read and written in memory: MB of processor time's second.
 *
 * usage: wire-speed METHOD XML-ANSWER JSON-ANSWER ROUNDS
 *
 * Both files are the whole answers of the manager to METHOD.  Reading is raced against
 * expat that only calls empty functions, writing against a copy of the same bytes, turn by
 * turn after a turn that does not count; a line of JSON for each turn. */
#include <expat.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/alloc.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/fd.h"
#include "model/codec.h"
#include "wire/envelope.h"

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static double mb_per_s(size_t size, double began)
{
    return (double)size / 1e6 / (cpu_seconds() - began);
}

static void must(bool true_one, const char *what)
{
    if (true_one)
        return;
    fprintf(stderr, "wire-speed: %s\n", what);
    exit(1);
}

static double read_ours(const struct buf *text)
{
    struct envelope_reply reply;
    double began = cpu_seconds(), rate;

    must(envelope_parse_reply(PROTOCOL_XML, text->data, text->size, &reply, NULL) == 0 &&
             reply.success,
         "the answer in XML is none");
    rate = mb_per_s(text->size, began);
    val_unref(&reply.value);
    return rate;
}

static void XMLCALL on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
}

static void XMLCALL on_end(void *arg, const XML_Char *name)
{
}

static void XMLCALL on_text(void *arg, const XML_Char *text, int len)
{
}

static double read_expat(const struct buf *text)
{
    double began = cpu_seconds(), rate;
    XML_Parser parser = XML_ParserCreate("UTF-8");

    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    must(XML_Parse(parser, text->data, (int)text->size, 1) == XML_STATUS_OK,
         "expat refuses the answer in XML");
    rate = mb_per_s(text->size, began);
    XML_ParserFree(parser);
    return rate;
}

static double write_ours(const struct type *type, const struct val *value, struct buf *out)
{
    double began = cpu_seconds();

    buf_clear(out);
    codec_xml(type, value, out);
    return mb_per_s(out->size, began);
}

static double write_copy(const struct buf *text, struct buf *out)
{
    double began = cpu_seconds();

    buf_clear(out);
    buf_add(out, text->data, text->size);
    return mb_per_s(out->size, began);
}

static struct val read_typed(const struct type *type, const struct buf *json)
{
    struct envelope_reply reply;
    struct val value;
    struct err *e;

    must(envelope_parse_reply(PROTOCOL_JSON_2, json->data, json->size, &reply, NULL) == 0 &&
             reply.success,
         "the answer in JSON is none");
    e = codec_decode(type, &reply.value, "the answer", &value);
    must(!e, "the answer is not of the method's type");
    val_unref(&reply.value);
    return value;
}

int main(int argc, char **argv)
{
    autobuf xml = BUF_INIT, json = BUF_INIT, out = BUF_INIT, copy = BUF_INIT;
    autoval struct val value = val_void();
    const struct method_def *method;

    /* Memory that is freed is kept: what the kernel takes for a page's first touch is not
     * what is measured. */
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_MMAP_THRESHOLD, INT_MAX);
    must(argc == 5, "usage: wire-speed METHOD XML-ANSWER JSON-ANSWER ROUNDS");
    method = method_by_name(argv[1]);
    must(method, "there is no such method");
    must(fd_read_file(AT_FDCWD, argv[2], SIZE_MAX / 4, &xml) == 0 &&
             fd_read_file(AT_FDCWD, argv[3], SIZE_MAX / 4, &json) == 0,
         "an answer cannot be read");
    value = read_typed(method->result, &json);
    for (long n = strtol(argv[4], NULL, 10), i = 0; i <= n; i++) {
        double ours = read_ours(&xml), expat = read_expat(&xml);
        double written = write_ours(method->result, &value, &out),
               copied = write_copy(&out, &copy);

        if (i > 0)
            printf("{\"read\":%.1f,\"expat\":%.1f,\"written\":%.1f,\"copied\":%.1f}\n",
                   ours, expat, written, copied);
    }
    must(memmem(xml.data, xml.size, out.data, out.size),
         "what is written is not what was read");
    return 0;
}
