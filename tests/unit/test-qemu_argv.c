// SPDX-License-Identifier: GPL-2.0-or-later
#include "vm/backend/qemu/argv.h"

#include "base/buf.h"
#include "lib/test.h"

static void inspect(int fd, struct qemu_layer_mode *mode)
{
    mode->is_direct = true;
}

static struct vm_layer layers[] = {
    {50, VM_IMAGE_QCOW2, "11111111-2222-3333-4444-555555555555"},
    {51, VM_IMAGE_RAW, "66666666-7777-8888-9999-aaaaaaaaaaaa"},
};

/* A VM with a disk of two layers, an empty drive and an interface, and the machine it is.
 */
struct fixture {
    struct vm_disk disks[2];
    struct vm_nic nic;
    struct vm_config config;
    struct qemu_platform platform;
    struct qemu_machine machine;
};

static void set_up(struct fixture *f)
{
    *f = (struct fixture){
        .disks = {{.device = 0,
                   .is_writable = true,
                   .is_bootable = true,
                   .layers = layers,
                   .n_layers = 2},
                  {.device = 3, .is_cdrom = true}},
        .nic = {.device = 2, .mac = "02:00:00:00:00:07", .mode = "user"},
        .config = {.name = (char *)"web",
                   .memory = 256 << 20,
                   .vcpus = 1,
                   .vcpus_max = 2,
                   .boot_order = "dc",
                   .n_disks = 2,
                   .n_nics = 1},
        .machine = {.program = "/usr/bin/qemu",
                    .uuid = "u",
                    .type = "q35",
                    .qmp_fd = 40,
                    .serial_fd = 41,
                    .agent_fd = 42,
                    .console_fd = 43,
                    .code_fd = -1,
                    .vars_fd = -1,
                    .inspect = inspect},
    };
    f->nic.attachment = val_map(0);
    f->config.platform = val_map(0);
    f->config.disks = f->disks;
    f->config.nics = &f->nic;
    f->machine.config = &f->config;
    f->machine.platform = &f->platform;
    CHECK_OK(qemu_platform_parse(&f->config.platform, &f->platform));
}

/* Whether 'word' is an argument behind 'option'. */
static bool has(const struct qemu_argv *argv, const char *option, const char *word)
{
    for (size_t i = 0; i + 2 < argv->args.n; i++)
        if (STREQ(argv->args.at[i], option) && strstr(argv->args.at[i + 1], word))
            return true;
    printf("# no %s with %s\n", option, word);
    return false;
}

TEST(a_vm_that_goes_on_waits_for_its_memory_in_the_machine_it_was)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    f.config.is_resumed = true;
    f.machine.type = "pc-q35-7.2";
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-incoming", "defer"));
    CHECK(has(&argv, "-machine", "pc-q35-7.2,"));
    val_unref(&f.nic.attachment);
    val_unref(&f.config.platform);
}

TEST(a_disk_is_a_chain_of_named_nodes_the_lowest_first)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-blockdev",
              "\"driver\":\"raw\",\"node-name\":\"l0-ZmZmZnd3iIiZmaqqqqqqqg\""));
    CHECK(has(&argv, "-blockdev", "\"backing\":\"l0-ZmZmZnd3iIiZmaqqqqqqqg\""));
    CHECK(has(&argv, "-device", "drive=l0-ERERESIiMzNERFVVVVVVVQ,id=disk0"));
    CHECK(has(&argv, "-device", "ide-cd,bus=ide.0,id=cd3"));
}

TEST(a_layer_is_known_again_by_its_nodes_name)
{
    static const char *const ids[] = {"00000000-0000-0000-0000-000000000000",
                                      "ffffffff-ffff-ffff-ffff-ffffffffffff",
                                      "01234567-89ab-4def-8123-456789abcdef"};
    static const char *const others[] = {"",
                                         "l25-",
                                         "l25-ZmZmZnd3iIiZmaqqqqqqqgA",
                                         "l25-ZmZmZnd3iIiZmaqqqqqq!g",
                                         "l2-ZmZmZnd3iIiZmaqqqqqqqg",
                                         "f25-ZmZmZnd3iIiZmaqqqqqqqg",
                                         "#block123"};
    char name[QEMU_NODE_NAME_SIZE];
    struct uuid id;

    for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
        qemu_node_name('l', 255, ids[i], name);
        CHECK(qemu_node_parse(name, 'l', 255, &id));
        CHECK_STR(id.text, ids[i]);
    }
    for (size_t i = 0; i < ARRAY_SIZE(others); i++)
        CHECK(!qemu_node_parse(others[i], 'l', 25, &id));
}

TEST(descriptors_are_numbered_as_they_are_passed)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK_INT(argv.fds.n, ==, 6);
    CHECK_INT(argv.fds.at[0], ==, 40);
    CHECK(has(&argv, "-chardev", "id=qmp,fd=3,"));
    CHECK_INT(argv.fds.at[4], ==, 51); /* the lower layer */
    CHECK_INT(argv.fds.at[5], ==, 50);
    CHECK(argv.args.at[argv.args.n - 1] == NULL);
}

TEST(boot_order_is_by_letter_then_by_device)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-device", "id=cd3,bootindex=3"));
    CHECK(has(&argv, "-device", "serial=lk-0,bootindex=256"));
}

TEST(a_name_cannot_add_options)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    f.config.name = (char *)"a,process=x";
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-name", "guest=a,,process=x,debug-threads=on"));
}

TEST(uefi_needs_its_two_parts_and_bios_none)
{
    autoargv bios = {0}, uefi = {0};
    struct fixture f;

    set_up(&f);
    CHECK_OK(qemu_argv_build(&f.machine, &bios));
    f.config.firmware = VM_FIRMWARE_UEFI;
    f.machine.code_fd = 44;
    f.machine.vars_fd = 45;
    CHECK_OK(qemu_argv_build(&f.machine, &uefi));
    CHECK(has(&uefi, "-machine", "pflash0=code,pflash1=vars"));
    CHECK_INT(uefi.fds.n, ==, bios.fds.n + 2);
}

TEST(emulation_and_kvm_are_told_apart)
{
    autoargv tcg = {0}, kvm = {0};
    struct fixture f;

    set_up(&f);
    CHECK_OK(qemu_argv_build(&f.machine, &tcg));
    f.machine.has_kvm = true;
    CHECK_OK(qemu_argv_build(&f.machine, &kvm));
    CHECK(has(&tcg, "-accel", "tcg") && has(&kvm, "-accel", "kvm"));
    CHECK(
        has(&kvm, "-cpu", "host,vmx=off,svm=off")); /* no nesting unless it is asked for */
}

TEST(what_cannot_be_is_refused)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    snprintf(f.nic.mode, sizeof(f.nic.mode), "bridge");
    CHECK_ERR(qemu_argv_build(&f.machine, &argv), ERR_NOT_IMPLEMENTED);
    set_up(&f);
    f.platform.cores_per_socket = 3;
    CHECK_ERR(qemu_argv_build(&f.machine, &argv),
              ERR_VCPU_MAX_NOT_CORES_PER_SOCKET_MULTIPLE);
}

TEST(a_seed_is_in_a_drive_of_its_own)
{
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    f.config.has_seed = true;
    f.config.seed_fd = 60;
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-device", "ide-cd,bus=ide.1,id=seed,drive=seed"));
    CHECK(has(&argv, "-blockdev", "\"node-name\":\"seed\""));
    CHECK(has(&argv, "-blockdev", "\"read-only\":true"));
    CHECK_INT(argv.fds.at[6], ==, 60);
}

TEST(ports_lead_to_an_interface_from_the_loopback_address)
{
    struct val forward = val_map(3), list = val_set(1);
    autoargv argv = {0};
    struct fixture f;

    set_up(&f);
    val_put_str(&forward, "protocol", val_str("udp"));
    val_put_str(&forward, "host_port", val_int(2222));
    val_put_str(&forward, "guest_port", val_int(22));
    val_push(&list, forward);
    val_put_str(&f.nic.attachment, "forward", list);
    CHECK_OK(qemu_argv_build(&f.machine, &argv));
    CHECK(has(&argv, "-netdev", "user,id=net2,hostfwd=udp:127.0.0.1:2222-:22"));
    val_unref(&f.nic.attachment);
    f.nic.attachment = val_map(1);
    val_put_str(&f.nic.attachment, "forward", val_str("tcp:1:2"));
    CHECK_ERR(qemu_argv_build(&f.machine, &argv), ERR_INVALID_VALUE);
    val_unref(&f.nic.attachment);
}

/* A machine with one key of platform, or none. */
static void build_with(const char *key, const char *value, struct qemu_argv *argv)
{
    struct fixture f;

    set_up(&f);
    val_unref(&f.config.platform);
    f.config.platform = val_map(1);
    val_put_str(&f.config.platform, key, val_str(value));
    f.machine.has_kvm = true;
    CHECK_OK(qemu_platform_parse(&f.config.platform, &f.platform));
    CHECK_OK(qemu_argv_build(&f.machine, argv));
    val_unref(&f.config.platform);
    val_unref(&f.nic.attachment);
}

TEST(each_platform_key_is_seen_in_the_machine)
{
    static const struct {
        const char *key, *value, *option, *word;
    } rows[] = {
        {"acpi", "false", "-machine", ",acpi=off"},
        {"acpi", "default", "-machine", ",acpi=on"},
        {"hpet", "0", "-machine", ",hpet=off"},
        {"apic", "no", "-cpu", ",apic=off"},
        {"pae", "off", "-cpu", ",pae=off"},
        {"nx", "False", "-cpu", ",nx=off"},
        {"viridian", "true", "-cpu", ",hv-relaxed=on"},
        {"vga", "std", "-device", "VGA,id=vga,addr=0x1,vgamem_mb=16"},
        {"vga", "cirrus", "-device", "cirrus-vga,id=vga,addr=0x1,vgamem_mb=4"},
        {"vga", "virtio", "-device", "virtio-vga,"},
        {"videoram", "9", "-device", "VGA,id=vga,addr=0x1,vgamem_mb=16"},
        {"videoram", "256", "-device", "vgamem_mb=256"},
        {"usb_tablet", "true", "-device", "usb-tablet,"},
        {"disk-bus", "sata", "-device", "ide-hd,bus=ide.0"},
        {"cores-per-socket", "2", "-smp", "sockets=1,cores=2"},
        {"timeoffset", "3600", "-rtc", "base=1970-01-01T01:00:00"},
        {"device-model", "qemu-trad", "-device", "usb-tablet,"},
        {"unheard-of", "x", "-device", "usb-tablet,"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        autoargv argv = {0};

        build_with(rows[i].key, rows[i].value, &argv);
        CHECK(has(&argv, rows[i].option, rows[i].word));
    }
}

static bool lacks(const struct qemu_argv *argv, const char *word)
{
    for (size_t i = 0; i + 1 < argv->args.n; i++)
        if (strstr(argv->args.at[i], word))
            return false;
    return true;
}

TEST(what_a_platform_key_takes_away_is_not_there)
{
    static const struct {
        const char *key, *value, *word;
    } rows[] = {
        {"usb", "false", "qemu-xhci"},      {"usb", "false", "usb-tablet"},
        {"usb_tablet", "false", "-tablet"}, {"vga", "none", "id=vga"},
        {"nested-virt", "1", "vmx=off"},    {"exp-nested-hvm", "true", "svm=off"},
        {"viridian", "auto", "hv-relaxed"},
    };

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        autoargv argv = {0}, usual = {0};

        build_with(rows[i].key, rows[i].value, &argv);
        build_with("unheard-of", "x", &usual);
        CHECK(lacks(&argv, rows[i].word));
        CHECK(STREQ(rows[i].key, "viridian") || !lacks(&usual, rows[i].word));
    }
}

TEST(a_cirrus_card_has_a_size_there_is)
{
    static const struct {
        const char *videoram, *word;
    } rows[] = {{"1", "=4"}, {"8", "=8"}, {"128", "=16"}};

    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct val map = val_map(2);
        autoargv argv = {0};
        struct fixture f;
        char word[64];

        set_up(&f);
        val_put_str(&map, "vga", val_str("cirrus"));
        val_put_str(&map, "videoram", val_str(rows[i].videoram));
        CHECK_OK(qemu_platform_parse(&map, &f.platform));
        CHECK_OK(qemu_argv_build(&f.machine, &argv));
        snprintf(word, sizeof(word), "cirrus-vga,id=vga,addr=0x1,vgamem_mb%s",
                 rows[i].word);
        CHECK(has(&argv, "-device", word));
        val_unref(&map);
        val_unref(&f.config.platform);
        val_unref(&f.nic.attachment);
    }
}

TEST(a_value_that_cannot_be_honoured_is_refused_with_its_key)
{
    static const struct {
        const char *key, *value;
    } bad[] = {{"vga", "plotter"},     {"videoram", "0"},           {"videoram", "257"},
               {"videoram", "8M"},     {"acpi", "perhaps"},         {"nested-virt", "2"},
               {"usb", "3.0"},         {"cores-per-socket", "two"}, {"disk-bus", "nvme"},
               {"vga", "default"},     {"cores-per-socket", "0"},   {"timeoffset", "1e9"},
               {"secureboot", "maybe"}};
    struct qemu_platform p;

    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        autoval struct val one = val_map(1);
        autobuf name = BUF_INIT;
        struct err *e;

        val_put_str(&one, bad[i].key, val_str(bad[i].value));
        buf_addf(&name, "platform:%s", bad[i].key);
        e = qemu_platform_parse(&one, &p);
        CHECK(e && err_code(e) == ERR_INVALID_VALUE);
        CHECK_STR(err_param_at(e, 0), buf_str(&name));
        CHECK_STR(err_param_at(e, 1), bad[i].value);
        err_free(e);
    }
}

TEST_MAIN
