// SPDX-License-Identifier: GPL-2.0-or-later
/* Tokens and events: what db_events_since tells, over reopening and over another history.
 */
#include "test-db.h"

static struct db_subscription classes_of(int cls)
{
    struct db_subscription sub = {0};

    sub.classes[cls / 8] |= (uint8_t)(1u << (cls % 8));
    return sub;
}

/* The events of one class after 'since'. */
static struct db_events events_of(struct db *db, int cls, const struct db_token *since)
{
    struct db_subscription sub = classes_of(cls);
    struct db_events events;

    db_events_since(db, &sub, since, &events);
    return events;
}

#define autoevents CLEANUP(db_events_fini) struct db_events

static bool is_event(const struct db_events *events, size_t i, enum db_event_kind kind,
                     const char *ref)
{
    return i < events->n && events->at[i].kind == kind && STREQ(events->at[i].ref, ref) &&
           (events->at[i].row != NULL) == (kind != DB_DEL);
}

static bool find_event(const struct db_events *events, enum db_event_kind kind,
                       const char *ref)
{
    for (size_t i = 0; i < events->n; i++)
        if (is_event(events, i, kind, ref))
            return true;
    return false;
}

static void rename_vm(struct db *db, const char *ref, const char *name)
{
    CHECK_OK(db_set(db, CLASS_VM, ref, F_VM_NAME_LABEL, val_str(name)));
}

DB_TEST(the_empty_token_shows_every_row_as_added)
{
    struct ref a = made_vm(fx->db, "a"), b = made_vm(fx->db, "b");
    struct db_token start = {0};
    autoevents events = events_of(fx->db, CLASS_VM, &start);

    CHECK_INT(events.n, ==, 2);
    CHECK(is_event(&events, 0, DB_ADD, a.text) && is_event(&events, 1, DB_ADD, b.text));
    CHECK_INT(events.counts[CLASS_VM], ==, 2);
}

DB_TEST(any_number_of_changes_is_one_event)
{
    struct ref vm = made_vm(fx->db, "a");
    struct db_token before = db_now(fx->db);

    rename_vm(fx->db, vm.text, "b");
    rename_vm(fx->db, vm.text, "c");
    autoevents events = events_of(fx->db, CLASS_VM, &before);
    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_MOD, vm.text));
    CHECK_STR(row_name_label(events.at[0].row), "c");
    autoevents none = events_of(fx->db, CLASS_VM, &events.token);
    CHECK_INT(none.n, ==, 0);
}

DB_TEST(what_came_and_went_in_between_is_never_seen)
{
    struct db_token before = db_now(fx->db);
    struct ref vm = made_vm(fx->db, "short");

    delete_one(fx->db, CLASS_VM, vm.text);
    autoevents events = events_of(fx->db, CLASS_VM, &before);
    CHECK_INT(events.n, ==, 0);
}

DB_TEST(a_new_child_shows_in_its_parent)
{
    struct ref vm = made_vm(fx->db, "parent");
    struct db_token before = db_now(fx->db);
    struct ref vbd = made_vbd(fx->db, vm.text);
    autoevents events = events_of(fx->db, CLASS_VM, &before);

    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_MOD, vm.text));
    CHECK(val_set_has(row_get(events.at[0].row, F_VM_VBDS), vbd.text));
}

DB_TEST(a_token_is_good_across_a_restart)
{
    struct ref kept = made_vm(fx->db, "kept"), changed = made_vm(fx->db, "old"),
               gone = made_vm(fx->db, "gone");
    struct db_token before = db_now(fx->db);
    char text[DB_TOKEN_LEN + 1];
    struct db_token read;

    rename_vm(fx->db, changed.text, "new");
    fixture_reopen(fx);
    delete_one(fx->db, CLASS_VM, gone.text);
    fixture_reopen(fx);
    db_token_text(&before, text);
    CHECK_INT(db_token_parse(text, &read), ==, 0);
    autoevents events = events_of(fx->db, CLASS_VM, &read);
    /* VM has volatile fields, which started anew: its rows may all show as modified, none
     * as added; 'kept' tells nothing false. */
    CHECK(find_event(&events, DB_MOD, changed.text));
    CHECK(find_event(&events, DB_DEL, gone.text));
    for (size_t i = 0; i < events.n; i++)
        CHECK(events.at[i].kind != DB_ADD);
    CHECK(exists(fx->db, CLASS_VM, kept.text));
    autoevents later = events_of(fx->db, CLASS_VM, &events.token);
    CHECK_INT(later.n, ==, 0);
}

DB_TEST(generations_never_go_back)
{
    struct db_token last = db_now(fx->db);

    for (int i = 0; i < 3; i++) {
        struct db_token now;

        made_vm(fx->db, "a");
        now = db_now(fx->db);
        CHECK_INT(now.generation, >, last.generation);
        fixture_reopen(fx);
        CHECK_INT(db_now(fx->db).generation, >=, now.generation);
        last = db_now(fx->db);
    }
}

DB_TEST(a_token_of_another_epoch_shows_every_row_as_added)
{
    struct ref vm = made_vm(fx->db, "a");
    struct db_token other = db_now(fx->db);

    other.epoch++;
    autoevents events = events_of(fx->db, CLASS_VM, &other);
    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_ADD, vm.text));
    CHECK_INT(events.token.epoch, ==, db_now(fx->db).epoch);
}

DB_TEST(a_token_from_beyond_what_is_known_shows_every_row_as_added)
{
    struct ref vm = made_vm(fx->db, "a");
    struct db_token beyond = db_now(fx->db);

    beyond.generation += 1000000;
    autoevents events = events_of(fx->db, CLASS_VM, &beyond);
    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_ADD, vm.text));
}

DB_TEST(touching_is_an_event_and_no_change)
{
    struct ref vm = made_vm(fx->db, "a");
    struct db_token before = db_now(fx->db);
    struct target target = {CLASS_VM, vm.text};

    CHECK_OK(db_run(fx->db, touch_row, &target));
    autoevents events = events_of(fx->db, CLASS_VM, &before);
    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_MOD, vm.text));
}

DB_TEST(one_row_can_be_subscribed_to)
{
    struct ref a = made_vm(fx->db, "a"), b = made_vm(fx->db, "b");
    struct db_token before = db_now(fx->db);
    struct db_subscription sub = {0};

    sub.rows = xcalloc(1, sizeof(*sub.rows));
    sub.rows[0].cls = CLASS_VM;
    sub.rows[0].ref = a.text;
    sub.n_rows = 1;
    rename_vm(fx->db, a.text, "x");
    rename_vm(fx->db, b.text, "y");
    autoevents events;
    db_events_since(fx->db, &sub, &before, &events);
    free(sub.rows);
    CHECK_INT(events.n, ==, 1);
    CHECK(is_event(&events, 0, DB_MOD, a.text));
}

TEST(a_token_has_one_form_whose_order_is_its_age)
{
    struct db_token a = {1, 9, 1, 0}, b = {1, 10, 1, 0}, read;
    char a_text[DB_TOKEN_LEN + 1], b_text[DB_TOKEN_LEN + 1];
    static const char *const bad[] = {"x",
                                      "1,2",
                                      "0000000000000000000,00000000000000000000",
                                      "00000000000000000001;00000000000000000001",
                                      "0000000000000000000100000000000000000000001",
                                      "-0000000000000000001,00000000000000000001"};

    db_token_text(&a, a_text);
    db_token_text(&b, b_text);
    CHECK(strcmp(a_text, b_text) < 0);
    CHECK_INT(db_token_parse(b_text, &read), ==, 0);
    CHECK_INT(read.generation, ==, 10);
    CHECK_INT(db_token_parse("", &read), ==, 0);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
        CHECK(db_token_parse(bad[i], &read) < 0);
}

TEST_MAIN
