// SPDX-License-Identifier: GPL-2.0-or-later
#include "rpc_fixture.h"

static struct fixture f;

/* Calls 'method' and checks that the answer has 'part' in it. */
static void expect(const char *method, const char *params, const char *part)
{
    autofree char *text = call_json(&f, method, params);

    CHECK_HAS(text, part);
}

/* The result of a call that answers text or a reference; heap. */
static char *result(const char *method, const char *params)
{
    autofree char *text = call_json(&f, method, params);
    char *value = between(text, "\"result\":\"", "\"");

    if (!value)
        TEST_FAIL("%s: %s", method, text ? text : "(no answer)");
    return value;
}

static void start(void)
{
    static const struct store_faults none;

    fixture_start(&f, &none);
}

TEST(a_call_is_answered_in_the_protocol_it_came_in)
{
    autofree char *v1 = NULL, *xml = NULL;

    start();
    v1 = ask_end(&f,
                 ask_begin(&f, RPC_JSON,
                           "{\"method\":\"system.isAlive\",\"params\":[],\"id\":\"a\"}"));
    CHECK_STR(v1, "{\"result\":true,\"error\":null,\"id\":\"a\"}");
    expect("system.isAlive", "", "{\"jsonrpc\":\"2.0\",\"result\":true,\"id\":1}");
    xml = ask_end(&f, ask_begin(&f, RPC_XML,
                                "<methodCall><methodName>system.isAlive</methodName>"
                                "</methodCall>"));
    CHECK_HAS(xml, "<name>Status</name><value>Success</value>");
    fixture_stop(&f);
}

TEST(what_is_no_call_is_an_error_of_the_transport)
{
    struct ask *ask;

    start();
    ask = ask_begin(&f, RPC_JSON, "{\"a\":");
    CHECK(ask_wait(&f, ask, ANSWER_LIMIT_MS));
    CHECK_INT(ask->status, ==, 500);
    free(ask_end(&f, ask));
    fixture_stop(&f);
}

TEST(unknown_removed_and_miscounted_calls_are_refused)
{
    start();
    expect("No.such_method", "",
           "\"MESSAGE_METHOD_UNKNOWN\",\"data\":[\"No.such_method\"]");
    expect("VM.get_record", "%S",
           "\"MESSAGE_PARAMETER_COUNT_MISMATCH\",\"data\":[\"VM.get_record\",\"1\",\"0\"]");
    expect("VM.get_all", "", "\"MESSAGE_PARAMETER_COUNT_MISMATCH\"");
    expect("Async.VM.get_all", "%S", "\"Fault\"");
    fixture_stop(&f);
}

TEST(an_underscore_may_stand_for_the_dot)
{
    start();
    expect("VM_guest_metrics_get_all", "%S", "\"result\":[]");
    expect("pool_get_all", "%S", "\"result\":[\"OpaqueRef:");
    fixture_stop(&f);
}

TEST(a_session_is_needed)
{
    start();
    expect("VM.get_all", "\"OpaqueRef:nobody\"",
           "\"SESSION_INVALID\",\"data\":[\"OpaqueRef:nobody\"]");
    expect("VM.get_all", "5", "\"FIELD_TYPE_ERROR\"");
    fixture_stop(&f);
}

TEST(a_message_without_a_body_says_its_name)
{
    start();
    expect("host.bugreport_upload", "%S,\"OpaqueRef:NULL\",\"\",{}",
           "\"NOT_IMPLEMENTED\",\"data\":[\"host.bugreport_upload\"]");
    fixture_stop(&f);
}

TEST(a_set_field_reads_back)
{
    autofree char *pool = NULL, *set = NULL, *get = NULL;

    start();
    pool = xstrdup(f.manager.self.pool_ref);
    set = xasprintf("%%S,\"%s\",\"ünïcode\"", pool);
    get = xasprintf("%%S,\"%s\"", pool);
    expect("pool.set_name_label", set, "\"result\":\"\"");
    expect("pool.get_name_label", get, "\"result\":\"ünïcode\"");
    expect("pool.get_record", get, "\"name_label\":\"ünïcode\"");
    fixture_stop(&f);
}

TEST(a_map_key_is_added_once)
{
    autofree char *add = NULL, *get = NULL, *remove_key = NULL;
    const char *pool;

    start();
    pool = f.manager.self.pool_ref;
    add = xasprintf("%%S,\"%s\",\"k\",\"v\"", pool);
    get = xasprintf("%%S,\"%s\"", pool);
    remove_key = xasprintf("%%S,\"%s\",\"k\"", pool);
    expect("pool.add_to_gui_config", add, "\"result\":\"\"");
    expect("pool.add_to_gui_config", add,
           "\"MAP_DUPLICATE_KEY\",\"data\":[\"pool\",\"gui_config\"");
    expect("pool.get_gui_config", get, "{\"k\":\"v\"}");
    expect("pool.remove_from_gui_config", remove_key, "\"result\":\"\"");
    expect("pool.remove_from_gui_config", remove_key, "\"result\":\"\"");
    expect("pool.get_gui_config", get, "\"result\":{}");
    fixture_stop(&f);
}

TEST(dead_references_are_refused)
{
    autofree char *set = NULL;

    start();
    expect("VM.get_record", "%S,\"OpaqueRef:gone\"",
           "\"HANDLE_INVALID\",\"data\":[\"VM\",\"OpaqueRef:gone\"]");
    expect("VM.get_by_uuid", "%S,\"gone\"", "\"UUID_INVALID\",\"data\":[\"VM\",\"gone\"]");
    set = xasprintf("%%S,\"%s\",\"OpaqueRef:gone\"", f.manager.self.pool_ref);
    expect("pool.set_crash_dump_SR", set, "\"HANDLE_INVALID\"");
    fixture_stop(&f);
}

TEST(a_generated_constructor_and_destructor)
{
    autofree char *ref = NULL, *params = NULL;

    start();
    ref = result("secret.create", "%S,{\"value\":\"v\",\"other_config\":{\"a\":\"b\"}}");
    params = xasprintf("%%S,\"%s\"", ref);
    expect("secret.get_record", params, "\"a\":\"b\"");
    expect("secret.destroy", params, "\"result\":\"\"");
    expect("secret.destroy", params, "\"HANDLE_INVALID\"");
    fixture_stop(&f);
}

TEST(an_asynchronous_call_answers_its_task_and_keeps_the_result)
{
    autofree char *task = NULL, *params = NULL, *state = NULL;

    start();
    task = result("Async.secret.create", "%S,{\"value\":\"v\"}");
    params = xasprintf("%%S,\"%s\"", task);
    for (int i = 0; i < 1000; i++) {
        free(state);
        state = call_json(&f, "task.get_record", params);
        if (strstr(state, "\"success\""))
            break;
    }
    CHECK_HAS(state, "\"status\":\"success\"");
    CHECK_HAS(state, "\"result\":\"<value>OpaqueRef:");
    expect("task.destroy", params, "\"result\":\"\"");
    expect("task.get_status", params, "\"HANDLE_INVALID\"");
    fixture_stop(&f);
}

TEST(a_low_role_may_read_and_not_write)
{
    autofree char *set = NULL;

    start();
    set = xasprintf("%%S,\"%s\",\"x\"", f.manager.self.pool_ref);
    fixture_become(&f, ROLE_READ_ONLY);
    expect("pool.get_all", "%S", "\"result\":[");
    expect("pool.set_name_label", set,
           "\"RBAC_PERMISSION_DENIED\",\"data\":[\"pool.set_name_label\"");
    fixture_stop(&f);
}

TEST(a_folder_may_be_set_by_an_operator_but_no_other_key)
{
    autofree char *folder = NULL, *other = NULL, *whole = NULL;

    start();
    folder = xasprintf("%%S,\"%s\",\"folder\",\"/a\"", f.manager.self.host_ref);
    other = xasprintf("%%S,\"%s\",\"other\",\"/a\"", f.manager.self.host_ref);
    whole = xasprintf("%%S,\"%s\",{\"folder\":\"/b\"}", f.manager.self.host_ref);
    fixture_become(&f, ROLE_VM_OPERATOR);
    expect("host.add_to_other_config", folder, "\"result\":\"\"");
    expect("host.add_to_other_config", other, "\"RBAC_PERMISSION_DENIED\"");
    expect("host.set_other_config", whole, "\"RBAC_PERMISSION_DENIED\"");
    fixture_stop(&f);
}

TEST(lists_can_be_filtered)
{
    start();
    expect("role.get_all_records_where",
           "%S,\"field \\\"name__label\\\" = \\\"read-only\\\"\"",
           "\"name_label\":\"read-only\"");
    expect("role.get_all_records_where", "%S,\"false\"", "\"result\":{}");
    expect("role.get_all_where", "%S,\"nonsense (\"", "\"INVALID_VALUE\"");
    fixture_stop(&f);
}

TEST(all_still_works_when_the_store_conflicts)
{
    static const struct store_faults faults = {.conflict_percent = 30, .max_delay_ms = 3};
    autofree char *set = NULL, *get = NULL;

    fixture_start(&f, &faults);
    get = xasprintf("%%S,\"%s\"", f.manager.self.pool_ref);
    for (int i = 0; i < 20; i++) {
        autofree char *name = xasprintf("\"result\":\"n%d\"", i);

        free(set);
        set = xasprintf("%%S,\"%s\",\"n%d\"", f.manager.self.pool_ref, i);
        expect("pool.set_name_label", set, "\"result\":\"\"");
        expect("pool.get_name_label", get, name);
    }
    fixture_stop(&f);
}

TEST_MAIN
