// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/xml.h"

#include <errno.h>

#include "base/alloc.h"
#include "base/err.h"
#include "lib/test.h"
#include "wire/json.h"

/* What a <value> means, as JSON. */
static const char *meaning(const char *text)
{
    static struct buf out;
    autoval struct val v = val_void();

    buf_clear(&out);
    if (xml_parse_value(text, strlen(text), &v, NULL) < 0)
        return "refused";
    json_add(&out, &v);
    return buf_str(&out);
}

TEST(every_scalar_form_is_read)
{
    static const char *const forms[][2] = {
        {"<value>text</value>", "\"text\""},
        {"<value> two  words </value>", "\" two  words \""},
        {"<value/>", "\"\""},
        {"<value></value>", "\"\""},
        {"<value> </value>", "\" \""},
        {"<value><string>a</string></value>", "\"a\""},
        {"<value>\n <string> a </string>\n</value>", "\" a \""},
        {"<value><string/></value>", "\"\""},
        {"<value>12</value>", "\"12\""},
        {"<value><i4>12</i4></value>", "12"},
        {"<value><int> -3\n</int></value>", "-3"},
        {"<value><i8>+9223372036854775807</i8></value>", "9223372036854775807"},
        {"<value><boolean>1</boolean></value>", "true"},
        {"<value><boolean> 0 </boolean></value>", "false"},
        {"<value><double>5.0</double></value>", "5.0"},
        {"<value><double>-1e3</double></value>", "-1000.0"},
        {"<value><dateTime.iso8601> 20261122T10:08:05Z </dateTime.iso8601></value>",
         "\"20261122T10:08:05Z\""},
        {"<value><base64>\n Zm9v\n YmFy </base64></value>", "\"foobar\""},
        {"<value><nil/></value>", "null"},
        {"<value>&lt;&amp;&gt;&quot;&apos;&#233;&#x1F600;</value>",
         "\"<&>\\\"'\xc3\xa9\xf0\x9f\x98\x80\""},
        {"<value><![CDATA[<a>]]></value>", "\"<a>\""},
        {"<value>a<!-- not this -->b</value>", "\"ab\""},
        {"<?xml version='1.0'?><value>x</value>", "\"x\""},
        {"\xef\xbb\xbf<?xml version=\"1.0\" encoding='latin1' standalone='no' "
         "?>\r\n<value>x</value>",
         "\"x\""},
        {"<?a b?><!-- - --><value a='>' b = \"&lt;'\" ><?c?>x</value >\n<!----><?d e ?>",
         "\"x\""},
        {"<value>a\r\nb\rc\n</value>", "\"a\\nb\\nc\\n\""},
        {"<value><![CDATA[\r]]]>\r\n]]&amp;]] <![CDATA[]]>]</value>", "\"\\n]\\n]]&]] ]\""},
        {"<value>&#13;&#x0d;&#9;</value>", "\"\\r\\r\\t\""},
        {"<value>\x7f\xef\xbf\xbd</value>", "\"\\u007f\xef\xbf\xbd\""},
    };

    for (size_t i = 0; i < ARRAY_SIZE(forms); i++)
        CHECK_STR(meaning(forms[i][0]), forms[i][1]);
}

TEST(containers_are_read)
{
    CHECK_STR(meaning("<value><array><data></data></array></value>"), "[]");
    CHECK_STR(meaning("<value><array><data><value>a</value> <value><i4>1</i4></value>"
                      "</data></array></value>"),
              "[\"a\",1]");
    CHECK_STR(meaning("<value><struct></struct></value>"), "{}");
    CHECK_STR(meaning("<value><struct><member><name> k </name><value>v</value></member>\n"
                      "<member><name/><value><struct/></value></member></struct></value>"),
              "{\" k \":\"v\",\"\":{}}");
}

TEST(what_is_not_an_xml_rpc_value_is_refused)
{
    static const char *const texts[] = {
        "",
        "x",
        "<value>",
        "<value></valu>",
        "<value>a</value>b",
        "<value/><value/>",
        "<string>a</string>",
        "<value><i4></i4></value>",
        "<value><i4>1x</i4></value>",
        "<value><i4>9223372036854775808</i4></value>",
        "<value><i4>+-1</i4></value>",
        "<value><boolean>2</boolean></value>",
        "<value><boolean>true</boolean></value>",
        "<value><double>x</double></value>",
        "<value><base64>Zg=</base64></value>",
        "<value><base64>/w==</base64></value>",
        "<value><base64>AA==</base64></value>",
        "<value>a<string>b</string></value>",
        "<value><string>b</string>a</value>",
        "<value><string>a</string><string>b</string></value>",
        "<value><nil>x</nil></value>",
        "<value><array>x</array></value>",
        "<value><array><value/></array></value>",
        "<value><array><data/><data/></array></value>",
        "<value><data/></value>",
        "<value><struct><value/></struct></value>",
        "<value><struct><member><name>a</name></member></struct></value>",
        "<value><struct><member><value>a</value></member></struct></value>",
        "<value><struct><member><value>a</value><name>a</name></member></struct></value>",
        "<value><struct><member><name>a</name><name>b</name><value/></member></struct></"
        "value>",
        "<value><struct><member><name>a</name><value/><value/></member></struct></value>",
        "<value><unknown/></value>",
        "<value><VALUE/></value>",
        "<value>\xff</value>",
        "<value>\xed\xa0\x80</value>",
        "<value>&#0;</value>",
        "<value>&#1;</value>",
        "<value>\x01</value>",
        "<value>&unknown;</value>",
        "<value>&#xFFFE;</value>",
        "<!DOCTYPE value><value/>",
        "<!DOCTYPE value [<!ENTITY a 'b'>]><value>&a;</value>",
        "<!DOCTYPE value SYSTEM 'file:///etc/passwd'><value/>",
        "<?xml version='1.0' encoding='UTF-16'?><value/>x",
        " <?xml version='1.0'?><value/>",
        "<?xml encoding='UTF-8'?><value/>",
        "<?xml version='1.0' standalone='no' encoding='UTF-8'?><value/>",
        "<?xml version='1.0\"?><value/>",
        "<?xml version='1.0'><value/>",
        "<?xml?><value/>",
        "<?XML a?><value/>",
        "<value/><?a",
        "<value/><!-- a -- b -->",
        "<value/><!-- a --->",
        "<value/><!-- \xff -->",
        "<value/><!-- \x01 -->",
        "<value/><![CDATA[ ]]>",
        "<value/>&#32;",
        "<value>]]></value>",
        "<value><![CDATA[a]]</value>",
        "<value><![CDATA[\xc3]]></value>",
        "<value><string>a</value></string>",
        "<value><i4>1</int></value>",
        "<value></ value>",
        "< value/>",
        "<value / >",
        "<value a/>",
        "<value a=b/>",
        "<value a='<'/>",
        "<value a='&b;'/>",
        "<value a='b'c='d'/>",
        "<value a='b",
        "<value>&#;</value>",
        "<value>&#x;</value>",
        "<value>&#x110000;</value>",
        "<value>&#xD800;</value>",
        "<value>&#65</value>",
        "<value>&lt</value>",
        "<value>&</value>",
        "</value>",
        "<value/></value>",
        "<",
        "<!",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        if (strcmp(meaning(texts[i]), "refused") != 0)
            TEST_FAIL("%s is read as %s", texts[i], meaning(texts[i]));
    /* A NUL, which no text of C can hold. */
    CHECK_INT(xml_parse_value("<value>\0</value>", 16, &(struct val){0}, NULL), ==,
              -EINVAL);
    CHECK_INT(xml_parse_value("<value a='\0'/>", 14, &(struct val){0}, NULL), ==, -EINVAL);
}

/* Every beginning of a text ends too early, and none is read past its end (the sanitizer
 * looks: each has memory of its own size). */
TEST(a_text_that_is_cut_off_is_refused)
{
    static const char text[] =
        "<?xml version='1.0'?><value a='&#x41;'><!-- b --><![CDATA[c]]>"
        "\xc3\xa9&amp;</value>";

    for (size_t size = 0; size < strlen(text); size++) {
        autofree char *cut = xmalloc(size ? size : 1);
        autoval struct val v = val_void();

        memcpy(cut, text, size);
        CHECK_INT(xml_parse_value(cut, size, &v, NULL), ==, -EINVAL);
    }
}

TEST(a_call_is_read)
{
    static const char text[] =
        "<?xml version='1.0'?>\n<methodCall>\n<methodName> VM.start "
        "</methodName>\n<params>\n"
        "<param>\n<value><string>s</string></value>\n</param>\n"
        "<param><value><boolean>1</boolean></value></param></params>\n</methodCall>\n";
    static const char bare[] =
        "<methodCall><methodName>system.listMethods</methodName></methodCall>";
    autofree char *method = NULL, *other = NULL;
    autoval struct val params = val_void(), none = val_void();
    autobuf out = BUF_INIT;

    CHECK_INT(xml_parse_call(text, strlen(text), &method, &params, NULL), ==, 0);
    CHECK_STR(method, "VM.start");
    json_add(&out, &params);
    CHECK_STR(buf_str(&out), "[\"s\",true]");
    CHECK_INT(xml_parse_call(bare, strlen(bare), &other, &none, NULL), ==, 0);
    CHECK_INT(val_count(&none), ==, 0);
}

TEST(what_is_not_a_call_is_refused_with_its_place)
{
    static const char *const texts[] = {
        "<methodCall/>",
        "<methodCall><params/></methodCall>",
        "<methodCall><methodName>a</methodName><params/><params/></methodCall>",
        "<methodCall><methodName>a</methodName><methodName>b</methodName></methodCall>",
        "<methodCall><methodName>a</methodName><params><param/></params></methodCall>",
        "<methodCall><methodName>a</methodName><params><value/></params></methodCall>",
        "<methodResponse><params><param><value/></param></params></methodResponse>",
        "<value/>",
    };
    struct xml_error error;
    char *method = NULL;
    autoval struct val params = val_void();

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
        CHECK_INT(xml_parse_call(texts[i], strlen(texts[i]), &method, &params, &error), ==,
                  -EINVAL);
    CHECK_INT(xml_parse_call("<methodCall>\n<x/>", 17, &method, &params, &error), ==,
              -EINVAL);
    CHECK_STR(error.what, "an element XML-RPC does not have");
    CHECK_INT(error.line, ==, 2);
    CHECK_INT(error.column, ==, 1);
    CHECK_INT(xml_parse_call("<methodCall>\n<", 14, &method, &params, &error), ==, -EINVAL);
}

TEST(a_response_is_read_and_a_fault_told_apart)
{
    static const char good[] =
        "<methodResponse><params><param><value>x</value></param></params></methodResponse>",
                      fault[] = "<methodResponse><fault><value><i4>4</i4></value></fault>"
                                "</methodResponse>",
                      two[] =
                          "<methodResponse><params><param><value/></param><param><value/>"
                          "</param></params></methodResponse>";
    autoval struct val v = val_void(), w = val_void();
    bool is_fault;

    CHECK_INT(xml_parse_response(good, strlen(good), &is_fault, &v, NULL), ==, 0);
    CHECK(!is_fault);
    CHECK_STR(val_text(&v), "x");
    CHECK_INT(xml_parse_response(fault, strlen(fault), &is_fault, &w, NULL), ==, 0);
    CHECK(is_fault);
    CHECK_INT(w.i, ==, 4);
    CHECK_INT(xml_parse_response(two, strlen(two), &is_fault, &w, NULL), ==, -EINVAL);
}

static int parse_nested(unsigned depth)
{
    autobuf text = BUF_INIT;
    autoval struct val v = val_void();

    for (unsigned i = 1; i < depth; i++)
        buf_add_str(&text, "<value><struct><member><name>n</name>");
    buf_add_str(&text, "<value/>");
    for (unsigned i = 1; i < depth; i++)
        buf_add_str(&text, "</member></struct></value>");
    return xml_parse_value(text.data, text.size, &v, NULL);
}

TEST(nesting_ends_at_the_limit)
{
    CHECK_INT(parse_nested(XML_MAX_DEPTH), ==, 0);
    CHECK_INT(parse_nested(XML_MAX_DEPTH + 3), ==, -E2BIG);
    CHECK_INT(parse_nested(100000), ==, -E2BIG);
}

TEST(text_is_escaped_and_what_xml_cannot_carry_dropped)
{
    static const char text[] = "a<b>&\"'\x01\x1f\t\n\r\xc3\xa9\xef\xbf\xbe\xff"
                               "c\0d";
    autobuf out = BUF_INIT;

    xml_add_text(&out, text, sizeof(text) - 1);
    CHECK_STR(buf_str(&out), "a&lt;b&gt;&amp;&quot;'\t\n&#13;\xc3\xa9\xef\xbf\xbd"
                             "cd");
}

TEST(text_fit_for_xml_is_told_from_other_text)
{
    CHECK(xml_text_is_valid("", 0));
    CHECK(xml_text_is_valid("a\x01\xef\xbf\xbd\xef\xbb\xbf", 8));
    CHECK(!xml_text_is_valid("\xef\xbf\xbe", 3));
    CHECK(!xml_text_is_valid("abc\xef\xbf\xbf", 6));
    CHECK(!xml_text_is_valid("\xef\xbf", 2));
    CHECK(!xml_text_is_valid("\0", 1));
}

TEST(a_value_survives_writing_and_reading)
{
    static const char json[] =
        "{\"text\":\"a<&>\\r\\n \",\"set\":[\"\",true,false,0.1,[]],\"map\":{},\"<\":\"\"}";
    autoval struct val v = val_void(), back = val_void();
    autobuf out = BUF_INIT;

    CHECK_INT(json_parse(json, strlen(json), 0, &v, NULL), ==, 0);
    xml_add(&out, &v);
    CHECK_INT(xml_parse_value(out.data, out.size, &back, NULL), ==, 0);
    CHECK(val_equal(&v, &back));
}

TEST(a_call_survives_writing_and_reading)
{
    autoval struct val params = val_set(0), back = val_void();
    autofree char *method = NULL;
    autobuf out = BUF_INIT;

    val_push(&params, val_str("s"));
    val_push(&params, val_int(12));
    xml_add_call(&out, "VM.start", &params);
    CHECK_INT(xml_parse_call(out.data, out.size, &method, &back, NULL), ==, 0);
    CHECK_STR(method, "VM.start");
    CHECK_STR(val_text(val_at(&back, 1)), "12");
}

TEST_MAIN
