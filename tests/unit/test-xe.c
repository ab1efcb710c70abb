// SPDX-License-Identifier: GPL-2.0-or-later
/* The xe command from its words to its output, byte for byte, and the calls it costs. */
#include "lib/test.h"

#include "base/err.h"
#include "cli/tables.h"
#include "cli/verbs.h"
#include "xe_fixture.h"

#define VM1 "11111111-1111-4111-8111-111111111111"
#define VM2 "22222222-2222-4222-8222-222222222222"

#define VM_RECORD(ref, uuid, name, state)                                                  \
    "\"" ref "\":{\"uuid\":\"" uuid "\",\"name_label\":\"" name                            \
    "\",\"power_state\":\"" state                                                          \
    "\",\"is_a_template\":false,\"is_control_domain\":false,"                              \
    "\"memory_static_max\":1048576,\"HVM_shadow_multiplier\":1.0,"                         \
    "\"tags\":[\"a\",\"b\"],\"allowed_operations\":[\"start\",\"clone\"],"                 \
    "\"current_operations\":{\"OpaqueRef:t\":\"copy\"},"                                   \
    "\"other_config\":{\"k\":\"v\",\"l\":\"w, x\"},\"guest_metrics\":\"OpaqueRef:NULL\","  \
    "\"resident_on\":\"OpaqueRef:h\"}"
#define ONE VM_RECORD("OpaqueRef:1", VM1, "web", "Halted")
#define TWO VM_RECORD("OpaqueRef:2", VM2, "db, old", "Running")

static const struct fake_answer server[] = {
    {"VM.get_all_records_where", VM1, "{" ONE "}"},
    {"VM.get_all_records_where", VM2, "{" TWO "}"},
    {"VM.get_all_records_where", "99999999", "{}"},
    {"VM.get_all_records_where", NULL, "{" ONE "," TWO "}"},
    {"VM.get_by_uuid", NULL, "![\"UUID_INVALID\",\"VM\",\"9\"]"},
    {"host.get_all_records_where", NULL,
     "{\"OpaqueRef:h\":{\"uuid\":\"cccccccc-1111-4111-8111-111111111111\"}}"},
    {"VM.start", "OpaqueRef:1", "\"\""},
    {"VM.start", "OpaqueRef:2",
     "![\"VM_BAD_POWER_STATE\",\"OpaqueRef:2\",\"halted\",\"running\"]"},
    {"VM.pause", NULL, "![\"SR_BACKEND_FAILURE_40\",\"\",\"no room\",\"x\"]"},
    {"VM.unpause", NULL, "![\"HANDLE_INVALID\"]"},
    {"VM.set_name_label", NULL, "\"\""},
    {"VM.set_memory_static_max", NULL, "\"\""},
    {"VM.add_to_other_config", NULL, "\"\""},
    {"VM.remove_from_other_config", NULL, "\"\""},
    {"VM.add_tags", NULL, "\"\""},
    {"VBD.get_all_records", NULL,
     "{\"OpaqueRef:b1\":{\"uuid\":\"b1\",\"VM\":\"OpaqueRef:1\",\"empty\":true},"
     "\"OpaqueRef:b2\":{\"uuid\":\"b2\",\"VM\":\"OpaqueRef:1\",\"empty\":false},"
     "\"OpaqueRef:b3\":{\"uuid\":\"b3\",\"VM\":\"OpaqueRef:gone\",\"empty\":false}}"},
    {NULL, NULL, NULL},
};

static void check_fails(struct outcome outcome, const char *errors)
{
    CHECK_STR(outcome.errors, errors);
    CHECK_STR(outcome.out, "");
    CHECK_INT(outcome.status, ==, 1);
    outcome_fini(&outcome);
}

static void check_prints(struct outcome outcome, const char *text)
{
    CHECK_STR(outcome.errors, "");
    CHECK_STR(outcome.out, text);
    CHECK_INT(outcome.status, ==, 0);
    outcome_fini(&outcome);
}

/* ---- lists ---- */

TEST(a_list_has_the_columns_of_its_class_in_the_layout_of_xe)
{
    check_prints(fake_run(server, "", "vm-list", "uuid=" VM1, NULL),
                 "uuid ( RO)           : " VM1 "\n"
                 "     name-label ( RW): web\n"
                 "    power-state ( RO): halted\n"
                 "\n\n");
}

TEST(columns_come_in_the_order_of_the_class_whatever_params_says)
{
    check_prints(fake_run(server, "", "vm-list", "uuid=" VM1,
                          "params=power-state,no-such,name-label", NULL),
                 "name-label ( RW)     : web\n"
                 "    power-state ( RO): halted\n"
                 "\n\n");
}

TEST(sets_maps_and_references_are_written_as_xe_writes_them)
{
    check_prints(
        fake_run(server, "", "vm-list", "uuid=" VM1,
                 "params=tags,other-config,allowed-operations,current-operations,"
                 "resident-on,live,HVM-shadow-multiplier,ha-always-run",
                 NULL),
        "allowed-operations (SRO)            : start; clone\n"
        "            current-operations (SRO): copy\n"
        "         HVM-shadow-multiplier ( RW): 1.000\n"
        "                   resident-on ( RO): cccccccc-1111-4111-8111-111111111111\n"
        "                  other-config (MRW): k: v; l: w, x\n"
        "    ha-always-run ( RW) [DEPRECATED]: \n"
        "                          live ( RO): <not in database>\n"
        "                          tags (SRW): a, b\n"
        "\n\n");
}

TEST(minimal_prints_the_first_field_and_escapes_commas)
{
    check_prints(fake_run(server, "", "vm-list", "--minimal", NULL), VM1 "," VM2 "\n");
    check_prints(fake_run(server, "", "vm-list", "--minimal", "params=name-label", NULL),
                 "web,db\\, old\n");
    check_prints(fake_run(server, "", "vm-list", "--minimal", "name-label=none", NULL),
                 "\n");
}

TEST(an_empty_list_prints_nothing)
{
    check_prints(fake_run(server, "", "vm-list", "name-label=none", NULL), "");
}

TEST(costly_fields_are_not_computed_for_lists)
{
    check_prints(
        fake_run(server, "", "vm-list", "uuid=" VM1, "params=possible-hosts", NULL),
        "possible-hosts ( RO)    : <expensive field>\n\n\n");
}

/* ---- filters ---- */

TEST(filters_compare_the_text_that_is_shown)
{
    check_prints(fake_run(server, "", "vm-list", "power-state=running", "--minimal", NULL),
                 VM2 "\n");
    check_prints(fake_run(server, "", "vm-list", "tags:contains=b", "--minimal", NULL),
                 VM1 "," VM2 "\n");
    check_prints(fake_run(server, "", "vm-list", "tags:contains=c", "--minimal", NULL),
                 "\n");
    check_prints(fake_run(server, "", "vm-list", "other-config:k=v", "--minimal", NULL),
                 VM1 "," VM2 "\n");
    check_prints(fake_run(server, "", "vm-list", "other-config-k=w", "--minimal", NULL),
                 "\n");
    check_prints(fake_run(server, "", "vm-list",
                          "resident-on=cccccccc-1111-4111-8111-111111111111", "--minimal",
                          NULL),
                 VM1 "," VM2 "\n");
}

TEST(what_the_server_can_compare_it_is_asked_to)
{
    autooutcome o =
        fake_run(server, "", "vm-list", "power-state=running", "name-label=db, old", NULL);

    CHECK_STR(
        buf_str(&fake.calls),
        "VM.get_all_records_where [\"OpaqueRef:session\",\"field \\\"is_a_template\\\" = "
        "\\\"false\\\" and field \\\"power_state\\\" = \\\"Running\\\" and field "
        "\\\"name__label\\\" = \\\"db, old\\\"\"]\n");
}

TEST(what_its_language_cannot_say_is_compared_here)
{
    autooutcome o = fake_run(server, "", "vm-list", "name-label=say \"hi\"", NULL);

    CHECK(!strstr(buf_str(&fake.calls), "hi"));
    CHECK_STR(o.out, "");
}

TEST(a_list_costs_one_call_for_each_class_it_shows_not_for_each_object)
{
    autooutcome o = fake_run(server, "", "vbd-list", NULL);

    CHECK_STR(o.errors, "");
    CHECK(strstr(o.out, "vm-name-label ( RO): web\n"));
    CHECK(strstr(o.out, "vm-uuid ( RO): <invalid reference>\n"));
    CHECK_STR(buf_str(&fake.calls),
              "VBD.get_all_records [\"OpaqueRef:session\"]\n"
              "VM.get_all_records_where [\"OpaqueRef:session\",\"field \\\"_ref\\\" = "
              "\\\"OpaqueRef:1\\\" or field \\\"_ref\\\" = \\\"OpaqueRef:gone\\\"\"]\n");
}

TEST(an_unknown_filter_is_refused)
{
    check_fails(fake_run(server, "", "vm-list", "colour=red", NULL),
                "Error: Unknown field 'colour'\n");
}

/* ---- one field ---- */

TEST(param_get_prints_the_value_alone)
{
    check_prints(
        fake_run(server, "", "vm-param-get", "uuid=" VM1, "param-name=power-state", NULL),
        "halted\n");
    check_prints(fake_run(server, "", "vm-param-get", "uuid=" VM1,
                          "param-name=other-config", "param-key=l", NULL),
                 "w, x\n");
    check_prints(fake_run(server, "", "vm-param-get", "uuid=" VM1,
                          "param-name=other-config", "param-key=l", "--minimal", NULL),
                 "w\\, x\n");
}

TEST(param_get_says_what_is_wrong)
{
    check_fails(fake_run(server, "", "vm-param-get", "param-name=uuid", NULL),
                "Required parameter not found: uuid\nFor usage run: 'xe help'\n");
    check_fails(
        fake_run(server, "", "vm-param-get", "uuid=" VM1, "param-name=colour", NULL),
        "Error code: Missing parameter\nError parameters: colour\n");
    check_fails(fake_run(server, "", "vm-param-get", "uuid=" VM1, "param-name=other-config",
                         "param-key=m", NULL),
                "Error: Key m not found in map\n");
}

TEST(a_wrong_uuid_is_the_servers_word)
{
    autooutcome o = fake_run(server, "", "vm-param-list",
                             "uuid=99999999-9999-4999-8999-999999999999", NULL);

    CHECK(strstr(o.errors, "\ntype: VM\nuuid: 9\n"));
    CHECK_INT(o.status, ==, 1);
}

TEST(param_set_reads_values_by_the_type_of_the_message)
{
    autooutcome o = fake_run(server, "", "vm-param-set", "uuid=" VM1, "name-label=new",
                             "memory-static-max=2MiB", "other-config:k=z", NULL);

    CHECK_STR(o.errors, "");
    CHECK(
        strstr(buf_str(&fake.calls),
               "VM.set_name_label [\"OpaqueRef:session\",\"OpaqueRef:1\",\"new\"]\n"
               "VM.set_memory_static_max [\"OpaqueRef:session\",\"OpaqueRef:1\",2097152]\n"
               "VM.remove_from_other_config [\"OpaqueRef:session\",\"OpaqueRef:1\",\"k\"]\n"
               "VM.add_to_other_config "
               "[\"OpaqueRef:session\",\"OpaqueRef:1\",\"k\",\"z\"]\n"));
}

TEST(param_set_refuses_what_cannot_be_set)
{
    check_fails(
        fake_run(server, "", "vm-param-set", "uuid=" VM1, "power-state=running", NULL),
        "Error: Field 'power-state' is read-only.\n");
    check_fails(fake_run(server, "", "vm-param-set", "uuid=" VM1, "order=second", NULL),
                "Error: Parameter 'order' is 'second': a whole number, for sizes with KiB, "
                "MiB, GiB or TiB is wanted\n");
}

TEST(param_add_and_remove_change_sets_and_maps)
{
    autooutcome added = fake_run(server, "", "vm-param-add", "uuid=" VM1,
                                 "param-name=other-config", "m=n", NULL);

    CHECK_STR(added.errors, "");
    CHECK(strstr(buf_str(&fake.calls),
                 "VM.add_to_other_config "
                 "[\"OpaqueRef:session\",\"OpaqueRef:1\",\"m\",\"n\"]\n"));
    check_prints(fake_run(server, "", "vm-param-add", "uuid=" VM1, "param-name=tags",
                          "param-key=c", NULL),
                 "");
    check_fails(fake_run(server, "", "vm-param-remove", "uuid=" VM1, "param-name=tags",
                         "param-key=c", NULL),
                "Error: Key c is not in the set\n");
}

/* ---- commands ---- */

TEST(a_command_for_vms_takes_a_name_a_uuid_or_filters)
{
    check_prints(fake_run(server, "", "vm-start", "vm=web", NULL), "");
    CHECK(strstr(buf_str(&fake.calls),
                 "VM.start [\"OpaqueRef:session\",\"OpaqueRef:1\",false,false]\n"));
    check_prints(fake_run(server, "", "vm-start", "uuid=" VM1, "--force", NULL), "");
    CHECK(strstr(buf_str(&fake.calls),
                 "VM.start [\"OpaqueRef:session\",\"OpaqueRef:1\",false,true]\n"));
    check_fails(fake_run(server, "", "vm-start", "vm=none", NULL),
                "Error: No matching VMs found\n");
    check_fails(fake_run(server, "", "vm-start", NULL),
                "Error: Multiple matches VMs found. --multiple required to complete the "
                "operation\n");
}

TEST(with_multiple_one_failure_does_not_keep_the_others)
{
    autooutcome o = fake_run(server, "", "vm-start", "--multiple", NULL);

    CHECK_INT(o.status, ==, 1);
    CHECK_STR(o.errors, "");
    CHECK(strstr(o.out, "operation failed on " VM2 ": "));
    CHECK(strstr(o.out, "\nexpected: halted\nactual: running\n"));
    CHECK(strstr(buf_str(&fake.calls), "VM.start [\"OpaqueRef:session\",\"OpaqueRef:1\""));
}

TEST(an_error_names_its_object_by_uuid_and_name)
{
    autooutcome o = fake_run(server, "", "vm-start", "uuid=" VM2, NULL);

    CHECK(strstr(o.errors, "\nvm: " VM2 " (db, old)\nexpected: halted\nactual: running\n"));
    CHECK_INT(o.status, ==, 1);
}

TEST(an_error_without_a_row_is_shown_with_code_and_parameters)
{
    check_fails(fake_run(server, "", "vm-pause", "uuid=" VM1, NULL),
                "Error code: SR_BACKEND_FAILURE_40\nError parameters: , no room, x\n");
}

TEST(an_error_short_of_parameters_says_so)
{
    autooutcome o = fake_run(server, "", "vm-unpause", "uuid=" VM1, NULL);

    CHECK(strstr(o.errors, "\nclass: <unknown>\nhandle: <unknown>\n"));
}

TEST(what_is_no_command_is_refused)
{
    check_fails(fake_run(server, "", "vm-fly", NULL),
                "Unknown command: vm-fly\nFor usage run: 'xe help'\n");
    check_fails(fake_run(server, "", "vm-start", "fast", "now", NULL),
                "Syntax error: fast\nFor usage run: 'xe help'\n");
    CHECK_STR(buf_str(&fake.calls), "");
}

/* ---- help ---- */

TEST(help_of_a_command_names_its_arguments)
{
    check_prints(
        fake_run(server, "", "help", "vm-memory-limits-set", NULL),
        "command name            : vm-memory-limits-set\n"
        "        reqd params     : static-min, static-max, dynamic-min, dynamic-max\n"
        "        optional params : <vm-selectors>\n"
        "        description     : Sets all four limits of a VM's memory.\n"
        "\n\n");
    check_prints(fake_run(server, "", "help", "vm-fly", NULL),
                 "Unknown command 'vm-fly'\n");
}

TEST(help_lists_all_commands_for_completion)
{
    autooutcome o = fake_run(server, "", "help", "--all", "--minimal", NULL);

    CHECK(strstr(o.out, ",vm-param-clear,"));
    CHECK(strstr(o.out, ",vm-start,"));
    CHECK(!strchr(o.out, ' '));
    CHECK_STR(buf_str(&fake.calls), "");
}

TEST(each_command_written_by_hand_has_its_function)
{
    for (size_t i = 0; i < xe_n_commands; i++) {
        CHECK_INT(xe_commands[i].code, ==, verb_by_name(xe_commands[i].name) != NULL);
        CHECK(xe_commands[i].code + (xe_commands[i].n_calls > 0) +
                  (xe_commands[i].missing != NULL) ==
              1);
    }
}

TEST_MAIN
