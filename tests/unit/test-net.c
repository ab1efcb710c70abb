// SPDX-License-Identifier: GPL-2.0-or-later
/* The core of lk-netd over a backend that counts and fails as told. */
#include "net/net.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/fd.h"
#include "lib/scratch.h"
#include "lib/test.h"

#define VM_A  "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"
#define VM_B  "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0002"
#define NET_A "0f0e0d0c-0000-4000-8000-00000000000a"
#define NET_B "0f0e0d0c-0000-4000-8000-00000000000b"
#define MAC_A "52:54:00:00:00:0a"
#define MAC_B "52:54:00:00:00:0b"

static struct {
    int n_attached, n_detached;
    bool fails;
    struct net_interface last_detached;
} seen;

static struct err *test_attach(void *state, const struct net_interface *interface,
                               struct val *entry)
{
    if (seen.fails)
        return err_params(ERR_INTERNAL_ERROR, "told to fail", NULL);
    seen.n_attached++;
    val_put_str(entry, "mode", val_str("test"));
    return NULL;
}

static struct err *test_detach(void *state, const struct net_interface *interface)
{
    if (seen.fails)
        return err_params(ERR_INTERNAL_ERROR, "told to fail", NULL);
    seen.n_detached++;
    seen.last_detached = *interface;
    return NULL;
}

static struct net_backend backend = {
    .name = "test", .attach = test_attach, .detach = test_detach};

static struct net *net;

static void reopen(void)
{
    net_free(net);
    net = NULL;
    CHECK_OK(net_new(&backend, scratch(), &net));
    CHECK_OK(net_resume(net));
}

/* Nothing attached, and nothing seen. */
static void begin(void)
{
    autoval struct val list = val_void();

    reopen();
    seen.fails = false;
    list = net_list(net);
    for (size_t i = 0; i < val_count(&list); i++) {
        const struct val *one = val_at(&list, i);
        struct uuid vm = uuid_lower(val_find_text(one, "vm", ""));

        CHECK_OK(net_detach(net, &vm, (unsigned)val_find(one, "device")->i));
    }
    memset(&seen, 0, sizeof(seen));
}

static struct err *attach(const char *vm, unsigned device, const char *network,
                          const char *mac)
{
    struct net_interface interface = {uuid_lower(vm), device, uuid_lower(network), {""}};
    autoval struct val entry = val_void();
    struct err *e;

    CHECK(mac_parse(mac, &interface.mac));
    e = net_attach(net, &interface, &entry);
    if (e)
        return e;
    CHECK_STR(val_find_text(&entry, "mode", ""), "test");
    CHECK_STR(val_find_text(&entry, "mac", ""), mac);
    CHECK_INT(val_find(&entry, "device")->i, ==, device);
    return NULL;
}

static struct err *detach(const char *vm, unsigned device)
{
    struct uuid uuid = uuid_lower(vm);

    return net_detach(net, &uuid, device);
}

static size_t count(void)
{
    autoval struct val list = net_list(net);

    return val_count(&list);
}

TEST(interfaces_of_vms_are_told_apart_by_vm_and_device)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_OK(attach(VM_A, 1, NET_A, MAC_A));
    CHECK_OK(attach(VM_B, 0, NET_B, MAC_B));
    CHECK_INT(count(), ==, 3);
    CHECK_OK(detach(VM_A, 0));
    CHECK_INT(count(), ==, 2);
    CHECK_STR(seen.last_detached.vm.text, VM_A);
    CHECK_INT(seen.last_detached.device, ==, 0);
}

TEST(attaching_again_changes_nothing_of_what_is_there)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_INT(seen.n_detached, ==, 0);
    CHECK_INT(count(), ==, 1);
}

TEST(another_network_or_address_takes_the_place_of_the_old)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_OK(attach(VM_A, 0, NET_B, MAC_A));
    CHECK_STR(seen.last_detached.network.text, NET_A);
    CHECK_OK(attach(VM_A, 0, NET_B, MAC_B));
    CHECK_STR(seen.last_detached.mac.text, MAC_A);
    CHECK_INT(seen.n_detached, ==, 2);
    CHECK_INT(count(), ==, 1);
}

TEST(detaching_twice_is_fine_and_asks_the_backend_once)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_OK(detach(VM_A, 0));
    CHECK_OK(detach(VM_A, 0));
    CHECK_OK(detach(VM_B, 7));
    CHECK_INT(seen.n_detached, ==, 1);
}

TEST(a_failed_attach_leaves_nothing)
{
    begin();
    seen.fails = true;
    CHECK_ERR(attach(VM_A, 0, NET_A, MAC_A), ERR_INTERNAL_ERROR);
    CHECK_INT(count(), ==, 0);
    seen.fails = false;
    reopen();
    CHECK_INT(count(), ==, 0);
    CHECK_INT(seen.n_attached, ==, 0);
}

TEST(a_failed_detach_keeps_it_for_another_try)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    seen.fails = true;
    CHECK_ERR(detach(VM_A, 0), ERR_INTERNAL_ERROR);
    CHECK_INT(count(), ==, 1);
    seen.fails = false;
    CHECK_OK(detach(VM_A, 0));
    CHECK_INT(count(), ==, 0);
}

TEST(a_new_process_attaches_again_what_was_attached)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_OK(attach(VM_B, 3, NET_B, MAC_B));
    reopen();
    CHECK_INT(seen.n_attached, ==, 4);
    CHECK_INT(count(), ==, 2);
    CHECK_OK(detach(VM_B, 3));
    CHECK_STR(seen.last_detached.mac.text, MAC_B);
}

TEST(what_fails_to_be_attached_again_stays_on_record)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    seen.fails = true;
    reopen();
    CHECK_INT(count(), ==, 1);
    seen.fails = false;
    reopen();
    CHECK_INT(count(), ==, 1);
}

/* Replaces the one record of an attached interface by 'text'. */
static void spoil_record(const char *text)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_INT(fd_replace_file(AT_FDCWD, scratch_path("net/" VM_A ".0.json"), text,
                              strlen(text), 0600),
              ==, 0);
}

TEST(records_of_another_boot_and_what_is_no_record_are_dropped)
{
    static const char *const texts[] = {
        "{\"boot_id\": \"" NET_A "\", \"vm\": \"" VM_A "\", \"device\": 0, "
        "\"network\": \"" NET_A "\", \"mac\": \"" MAC_A "\"}",
        "{\"vm\": \"" VM_A "\"}",
        "[]",
        "",
        "half of a recor",
    };

    for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
        spoil_record(texts[i]);
        reopen();
        CHECK_INT(count(), ==, 0);
        CHECK(access(scratch_path("net/" VM_A ".0.json"), F_OK) < 0);
    }
}

TEST(ports_are_kept_over_a_restart_and_refused_where_nobody_forwards_them)
{
    struct net_interface interface = {
        uuid_lower(VM_A), 0, uuid_lower(NET_A), {MAC_A}, {{{false, 2222, 22}}, 1}};
    autoval struct val entry = val_void(), list = val_void();

    begin();
    CHECK_ERR(net_attach(net, &interface, &entry), ERR_VALUE_NOT_SUPPORTED);
    CHECK_INT(count(), ==, 0);
    backend.can_forward = true;
    CHECK_OK(net_attach(net, &interface, &entry));
    reopen();
    list = net_list(net);
    CHECK_STR(val_find_text(val_at(&list, 0), "forward", ""), "tcp:2222:22");
    backend.can_forward = false;
}

TEST(a_record_under_another_ones_name_is_dropped)
{
    begin();
    CHECK_OK(attach(VM_A, 0, NET_A, MAC_A));
    CHECK_INT(
        rename(scratch_path("net/" VM_A ".0.json"), scratch_path("net/" VM_A ".1.json")),
        ==, 0);
    reopen();
    CHECK_INT(count(), ==, 0);
    net_free(net);
}

TEST(every_backend_of_the_table_is_found_by_its_name)
{
    size_t n = 0;

    for (; net_backends[n]; n++)
        CHECK(net_backend_by_name(net_backends[n]->name) == net_backends[n]);
    CHECK_INT(n, >=, 2);
    CHECK(!net_backend_by_name("no such"));
}

TEST_MAIN
