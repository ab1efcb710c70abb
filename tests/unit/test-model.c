// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/model.h"

#include "lib/test.h"

TEST(every_method_is_found_by_its_name)
{
    for (size_t i = 0; i < n_methods; i++)
        CHECK(method_by_name(methods[i].wire_name) == &methods[i]);
    CHECK(!method_by_name(""));
    CHECK(!method_by_name("VM"));
    CHECK(!method_by_name("VM.Start"));
    CHECK(!method_by_name("VM_start"));
}

TEST(methods_of_a_class_stand_together)
{
    size_t n = 0;

    for (int c = 0; c < N_CLASSES; c++) {
        CHECK_INT(classes[c].first_method, ==, n);
        for (n = classes[c].first_method;
             n < (size_t)classes[c].first_method + classes[c].n_methods; n++)
            CHECK_INT(methods[n].cls, ==, c);
    }
    CHECK_INT(n, ==, n_methods);
}

TEST(a_class_is_found_by_its_name_and_by_events_in_any_case)
{
    for (int c = 0; c < N_CLASSES; c++) {
        CHECK(class_by_name(classes[c].name) == &classes[c]);
        CHECK(class_by_lower(classes[c].lower) == &classes[c]);
        CHECK(class_by_lower(classes[c].name) == &classes[c]);
        CHECK_INT(class_index(&classes[c]), ==, c);
    }
    CHECK(class_by_name("VM") == &classes[CLASS_VM]);
    CHECK(!class_by_name("vm"));
    CHECK(!class_by_name(""));
    CHECK(!class_by_lower("vms"));
}

TEST(every_field_is_found_by_both_names)
{
    for (int c = 0; c < N_CLASSES; c++) {
        const struct class_def *cls = &classes[c];

        for (int f = 0; f < cls->n_fields; f++) {
            CHECK(field_by_name(cls, cls->fields[f].name) == &cls->fields[f]);
            CHECK(field_by_db_name(cls, cls->fields[f].db_name) == &cls->fields[f]);
            CHECK_INT(field_index(cls, &cls->fields[f]), ==, f);
        }
        CHECK(!field_by_name(cls, ""));
        CHECK(!field_by_name(cls, "no_such_field"));
    }
    CHECK_STR(classes[CLASS_VM].fields[F_VM_NAME_LABEL].db_name, "name__label");
    CHECK_INT(field_index(&classes[CLASS_VM], classes[CLASS_HOST].fields), ==, -1);
    CHECK(!field_by_name(&classes[CLASS_CONSOLE], "power_state"));
}

TEST(a_link_is_known_at_both_ends)
{
    for (int c = 0; c < N_CLASSES; c++) {
        for (int f = 0; f < classes[c].n_fields; f++) {
            const struct field_def *field = &classes[c].fields[f], *other;

            if (field->relation == REL_NONE)
                continue;
            other = &classes[field->rel_class].fields[field->rel_field];
            CHECK_INT(other->rel_class, ==, c);
            CHECK_INT(other->rel_field, ==, f);
            CHECK((field->relation == REL_DERIVED) != (other->relation == REL_DERIVED));
            CHECK_INT(field->type->kind, ==,
                      field->relation == REL_PARENT ? TYPE_REF : TYPE_SET);
        }
    }
    CHECK_INT(classes[CLASS_VBD].fields[F_VBD_VM].relation, ==, REL_PARENT);
    CHECK_INT(classes[CLASS_VM].fields[F_VM_VBDS].relation, ==, REL_DERIVED);
    CHECK_INT(classes[CLASS_VM].fields[F_VM_GROUPS].relation, ==, REL_MANY);
}

TEST(enum_values_survive_the_way_to_text_and_back)
{
    for (size_t e = 0; e < n_enums; e++) {
        for (int i = 0; i < enums[e].n_values; i++)
            CHECK_INT(enum_parse(&enums[e], enum_text(&enums[e], i)), ==, i);
        CHECK_INT(enum_parse(&enums[e], ""), ==, -1);
    }
}

TEST(enum_values_are_read_in_any_case_but_for_two_enums)
{
    const struct enum_def *power = classes[CLASS_VM].fields[F_VM_POWER_STATE].type->enm;
    const struct enum_def *bond = classes[CLASS_BOND].fields[F_BOND_MODE].type->enm;

    CHECK_INT(enum_parse(power, "rUNNING"), ==, E_VM_POWER_STATE_RUNNING);
    CHECK_INT(enum_parse(bond, "active-backup"), ==, E_BOND_MODE_ACTIVE_BACKUP);
    CHECK_INT(enum_parse(bond, "Active-Backup"), ==, -1);
}

TEST(a_message_row_says_what_the_text_says)
{
    const struct method_def *m = method_by_name("VM.start");

    CHECK_INT(m->kind, ==, METHOD_CUSTOM);
    CHECK_INT(m->n_params, ==, 3);
    CHECK_INT(m->n_required, ==, 3);
    CHECK_STR(m->params[0].name, "vm");
    CHECK_STR(m->params[0].type->text, "ref(VM)");
    CHECK_INT(m->params[0].type->cls, ==, CLASS_VM);
    CHECK_INT(m->result->kind, ==, TYPE_VOID);
    CHECK_INT(m->flags, ==, METHOD_SESSION | METHOD_ASYNC | METHOD_EFFECT);
    CHECK_INT(m->errors[0], ==, ERR_VM_BAD_POWER_STATE);
    CHECK(m->roles & ROLE_VM_OPERATOR);
    CHECK(!(m->roles & ROLE_READ_ONLY));

    m = method_by_name("VM.set_name_label");
    CHECK_INT(m->kind, ==, METHOD_SET);
    CHECK_INT(m->field, ==, F_VM_NAME_LABEL);

    m = method_by_name("host.notify");
    CHECK_INT(m->roles, ==, 0);
    CHECK(m->flags & METHOD_POOL_INTERNAL);
    CHECK(!(method_by_name("session.login_with_password")->flags & METHOD_SESSION));
    CHECK(method_by_name("VMPP.protect_now")->flags & METHOD_REMOVED);
    CHECK(!(method_by_name("VDI.resize_online")->flags & METHOD_REMOVED));
}

TEST(key_rules_hold_for_adding_and_removing)
{
    const struct method_def *m = method_by_name("VM.add_to_other_config");
    const struct field_def *field = &classes[CLASS_VM].fields[F_VM_OTHER_CONFIG];

    CHECK_INT(m->n_key_rules, ==, field->n_key_rules);
    CHECK(m->n_key_rules > 0 && m->key_rules == field->key_rules);
    CHECK_INT(method_by_name("VM.get_other_config")->n_key_rules, ==, 0);
}

TEST(permissions_and_alerts_are_found_by_name)
{
    for (size_t i = 0; i < n_permissions; i++)
        CHECK(permission_by_name(permissions[i].name) == &permissions[i]);
    for (size_t i = 0; i < n_alerts; i++)
        CHECK(alert_by_name(alerts[i].name) == &alerts[i]);
    CHECK(!permission_by_name("http/"));
    CHECK_INT(permission_by_name("http/get_export")->roles & ROLE_VM_ADMIN, ==,
              ROLE_VM_ADMIN);
    CHECK_INT(alert_by_name("VM_STARTED")->priority, ==, 5);
}

TEST(error_codes_are_found_by_name)
{
    for (int code = 1; code < N_ERR_CODES; code++)
        CHECK_INT(err_code_by_name(err_code_name((enum err_code)code)), ==, code);
    CHECK_INT(err_code_by_name("NO_SUCH_CODE"), ==, ERR_UNKNOWN);
    CHECK_INT(err_code_n_params[ERR_VM_BAD_POWER_STATE], ==, 3);
}

TEST_MAIN
