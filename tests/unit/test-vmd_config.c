// SPDX-License-Identifier: GPL-2.0-or-later
/* src/vm/config.c */
#include "vm/config.h"

#include "base/alloc.h"
#include "lib/test.h"
#include "wire/json.h"

#define LAYER(fd)                                                                          \
    "{\"fd\":" fd ",\"format\":\"qcow2\",\"id\":\"A3B5CBD1-62f0-4ca1-9b0f-6d6f1a3c0001\"}"
#define DISK(device, layers)                                                               \
    "{\"device\":" device ",\"type\":\"disk\",\"mode\":\"rw\",\"bootable\":true,"          \
    "\"layers\":[" layers "]}"
#define DRIVE(device, layers)                                                              \
    "{\"device\":" device ",\"type\":\"cdrom\",\"mode\":\"ro\",\"bootable\":false,"        \
    "\"layers\":[" layers "]}"
#define NIC(device, mac)                                                                   \
    "{\"device\":" device ",\"mac\":\"" mac "\",\"mode\":\"user\",\"restrict\":\"no\"}"

static const int fds[] = {70, 71, 72};

/* A good config in which the member 'name' is 'value' (JSON), or missing when NULL. */
static struct val config_with(const char *name, const char *value)
{
    static const char *const members[][2] = {
        {"name", "\"demo\""},
        {"memory", "268435456"},
        {"vcpus", "1"},
        {"vcpus_max", "2"},
        {"firmware", "\"bios\""},
        {"boot_order", "\"cd\""},
        {"platform", "{\"nx\":\"true\"}"},
        {"disks", "[" DISK("0", LAYER("0") "," LAYER("2")) "," DRIVE("3", "") "]"},
        {"nics", "[" NIC("0", "52:54:00:AB:cd:ef") "]"},
    };
    autobuf text = BUF_INIT;
    struct val config = val_void();
    bool replaced = false;

    buf_add_char(&text, '{');
    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        bool is_it = name && STREQ(name, members[i][0]);

        replaced |= is_it;
        if (!is_it || value)
            buf_addf(&text, "%s\"%s\":%s", text.size > 1 ? "," : "", members[i][0],
                     is_it ? value : members[i][1]);
    }
    if (name && value && !replaced)
        buf_addf(&text, ",\"%s\":%s", name, value);
    buf_add_char(&text, '}');
    assert_msg(json_parse(buf_str(&text), text.size, 0, &config, NULL) == 0,
               "the test's own JSON is wrong");
    return config;
}

static struct err *parse_with(const char *name, const char *value, struct vm_config *config)
{
    autoval struct val text = config_with(name, value);

    return vm_config_parse(&text, fds, ARRAY_SIZE(fds), config);
}

#define CHECK_REFUSED(name, value, field)                                                  \
    do {                                                                                   \
        struct vm_config config_ = {0};                                                    \
        struct err *refusal_ = parse_with(name, value, &config_);                          \
        CHECK(refusal_);                                                                   \
        CHECK_STR(err_code_text(refusal_), "INVALID_VALUE");                               \
        CHECK_INT(err_n_params(refusal_), ==, 2);                                          \
        CHECK_STR(err_param_at(refusal_, 0), field);                                       \
        err_free(refusal_);                                                                \
    } while (0)

TEST(a_whole_config_is_typed)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0};

    CHECK_OK(parse_with(NULL, NULL, &config));
    CHECK_STR(config.name, "demo");
    CHECK_INT(config.memory, ==, 268435456);
    CHECK_INT(config.vcpus, ==, 1);
    CHECK_INT(config.vcpus_max, ==, 2);
    CHECK_INT(config.firmware, ==, VM_FIRMWARE_BIOS);
    CHECK_STR(config.boot_order, "cd");
    CHECK_STR(val_find_text(&config.platform, "nx", ""), "true");
    CHECK_INT(config.n_disks, ==, 2);
    CHECK(config.disks[0].is_writable && config.disks[0].is_bootable);
    CHECK(!config.disks[0].is_cdrom);
    CHECK_INT(config.disks[0].n_layers, ==, 2);
    CHECK_INT(config.disks[0].layers[0].fd, ==, 70);
    CHECK_INT(config.disks[0].layers[1].fd, ==, 72);
    CHECK_STR(config.disks[0].layers[0].id, "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001");
    CHECK(config.disks[1].is_cdrom && !config.disks[1].is_writable);
    CHECK_INT(config.disks[1].device, ==, 3);
    CHECK_INT(config.disks[1].n_layers, ==, 0);
    CHECK_INT(config.n_nics, ==, 1);
    CHECK_STR(config.nics[0].mac, "52:54:00:ab:cd:ef");
    CHECK_STR(config.nics[0].mode, "user");
    CHECK_STR(val_find_text(&config.nics[0].attachment, "restrict", ""), "no");
}

TEST(every_member_is_needed_and_no_other_is_taken)
{
    static const char *const members[] = {"name",      "memory",   "vcpus",
                                          "vcpus_max", "firmware", "platform",
                                          "disks",     "nics",     "boot_order"};

    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        CHECK_REFUSED(members[i], NULL, members[i]);
        CHECK_REFUSED(members[i], "true", members[i]);
    }
    CHECK_REFUSED("cmdline", "\"quiet\"", "cmdline");
}

TEST(a_guest_is_a_whole_machine_unless_it_says_otherwise)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0};
    CLEANUP(vm_config_fini) struct vm_config pvh = {0};

    CHECK_OK(parse_with(NULL, NULL, &config));
    CHECK_INT(config.type, ==, VM_TYPE_HVM);
    CHECK_STR(config.kernel, "");
    CHECK_OK(parse_with("type", "\"pvh\"", &pvh));
    CHECK_INT(pvh.type, ==, VM_TYPE_PVH);
    CHECK_REFUSED("type", "\"pv-in-pvh\"", "type");
}

TEST(what_a_firmware_kept_is_its_bytes)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0}, without = {0};

    CHECK_OK(parse_with("nvram", "\"TEtGMQQAAAABAAAAAQAAAHg=\"", &config)); /* vm/flash.c */
    CHECK_INT(config.flash.size, ==, 4);
    CHECK(memcmp(config.flash.data, "\xffx\xff\xff", 4) == 0);
    CHECK_OK(parse_with(NULL, NULL, &without));
    CHECK_INT(without.flash.size, ==, 0);
}

TEST(the_texts_of_a_boot_are_bounded_and_printable)
{
    static const char *const members[] = {"kernel", "ramdisk", "kernel_args"};
    CLEANUP(vm_config_fini) struct vm_config config = {0};
    autobuf text = BUF_INIT;

    CHECK_OK(parse_with("kernel_args", "\"console=hvc0 quiet\"", &config));
    CHECK_STR(config.kernel_args, "console=hvc0 quiet");
    buf_add_char(&text, '"');
    for (int i = 0; i < 2048; i++)
        buf_add_char(&text, 'a');
    buf_add_char(&text, '"');
    for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
        CHECK_REFUSED(members[i], buf_str(&text), members[i]);
        CHECK_REFUSED(members[i], "\"a\\nb\"", members[i]);
        CHECK_REFUSED(members[i], "7", members[i]);
    }
}

TEST(sizes_have_limits)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0};

    CHECK_REFUSED("memory", "0", "memory");
    CHECK_REFUSED("memory", "-1048576", "memory");
    CHECK_REFUSED("memory", "9223372036854775807", "memory");
    CHECK_REFUSED("vcpus", "0", "vcpus");
    CHECK_REFUSED("vcpus", "3", "vcpus");
    CHECK_REFUSED("vcpus_max", "513", "vcpus_max");
    CHECK_OK(parse_with("memory", "1000000000", &config));
    CHECK_INT(config.memory, ==, 953 << 20);
}

TEST(words_are_from_their_lists)
{
    CHECK_REFUSED("firmware", "\"openfirmware\"", "firmware");
    CHECK_REFUSED("boot_order", "\"ca\"", "boot_order");
    CHECK_REFUSED("boot_order", "\"cc\"", "boot_order");
    CHECK_REFUSED("platform", "{\"nx\":true}", "platform");
    CHECK_REFUSED("nvram", "\"AAAA\"", "nvram");
    CHECK_REFUSED("nvram", "7", "nvram");
    for (const char *const *order = (const char *const[]){"\"\"", "\"n\"", "\"ndc\"", NULL};
         *order; order++) {
        CLEANUP(vm_config_fini) struct vm_config config = {0};

        CHECK_OK(parse_with("boot_order", *order, &config));
    }
}

TEST(a_name_is_shown_without_control_characters_and_cut_between_characters)
{
    CLEANUP(vm_config_fini) struct vm_config config = {0};
    CLEANUP(vm_config_fini) struct vm_config cut = {0};
    autobuf text = BUF_INIT;

    CHECK_OK(parse_with("name", "\"-a\\u001b[2J\\nb\\u007f\\u009bc,\\u00e9\"", &config));
    CHECK_STR(config.name, "-a [2J b  c,\xc3\xa9");
    buf_add_char(&text, '"');
    for (int i = 0; i < 200; i++)
        buf_add_str(&text, "\\u00e9");
    buf_add_char(&text, '"');
    CHECK_OK(parse_with("name", buf_str(&text), &cut));
    CHECK_INT(strlen(cut.name), ==, 254);
}

TEST(a_disk_that_cannot_be_is_refused_by_its_place)
{
    CHECK_REFUSED("disks", "[0]", "disks[0]");
    CHECK_REFUSED("disks", "[" DISK("0", "") "]", "disks[0].layers");
    CHECK_REFUSED("disks", "[" DISK("256", LAYER("0")) "]", "disks[0].device");
    CHECK_REFUSED("disks", "[" DISK("1", LAYER("0")) "," DRIVE("1", "") "]",
                  "disks[1].device");
    CHECK_REFUSED("disks",
                  "[{\"device\":0,\"type\":\"cdrom\",\"mode\":\"rw\",\"bootable\":false,"
                  "\"layers\":[]}]",
                  "disks[0].mode");
    CHECK_REFUSED("disks",
                  "[{\"device\":0,\"type\":\"floppy\",\"mode\":\"ro\",\"bootable\":false,"
                  "\"layers\":[]}]",
                  "disks[0].type");
    CHECK_REFUSED("disks",
                  "[{\"device\":0,\"type\":\"cdrom\",\"mode\":\"ro\",\"bootable\":false,"
                  "\"layers\":[],\"path\":\"/etc/shadow\"}]",
                  "disks[0].path");
}

TEST(a_layer_names_a_descriptor_of_its_own)
{
    CHECK_REFUSED("disks", "[" DISK("0", LAYER("3")) "]", "disks[0].layers[0].fd");
    CHECK_REFUSED("disks", "[" DISK("0", LAYER("-1")) "]", "disks[0].layers[0].fd");
    CHECK_REFUSED("disks",
                  "[" DISK("0", LAYER("0")) "," DISK("1", LAYER("1") "," LAYER("0")) "]",
                  "disks[1].layers[1].fd");
    CHECK_REFUSED("disks",
                  "[" DISK("0", "{\"fd\":0,\"format\":\"vmdk\",\"id\":"
                                "\"a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001\"}") "]",
                  "disks[0].layers[0].format");
    CHECK_REFUSED("disks",
                  "[" DISK("0", "{\"fd\":0,\"format\":\"raw\",\"id\":\"../x\"}") "]",
                  "disks[0].layers[0].id");
}

TEST(an_interface_that_cannot_be_is_refused_by_its_place)
{
    CHECK_REFUSED("nics", "[" NIC("64", "52:54:00:ab:cd:ef") "]", "nics[0].device");
    CHECK_REFUSED("nics",
                  "[" NIC("1", "52:54:00:ab:cd:ef") "," NIC("1", "52:54:00:ab:cd:ee") "]",
                  "nics[1].device");
    CHECK_REFUSED("nics", "[" NIC("0", "52:54:00:ab:cd") "]", "nics[0].mac");
    CHECK_REFUSED("nics", "[" NIC("0", "52:54:00:ab:cd:e,") "]", "nics[0].mac");
    CHECK_REFUSED("nics", "[" NIC("0", "53:54:00:ab:cd:ef") "]", "nics[0].mac");
    CHECK_REFUSED("nics",
                  "[{\"device\":0,\"mac\":\"52:54:00:ab:cd:ef\",\"mode\":\"user,id=x\"}]",
                  "nics[0].mode");
}

TEST(a_list_of_layers_stands_alone)
{
    autoval struct val list = val_void();
    autofree struct vm_layer *layers = NULL;
    const char *text = "[" LAYER("1") "," LAYER("0") "]";
    size_t n = 0;

    CHECK_INT(json_parse(text, strlen(text), 0, &list, NULL), ==, 0);
    CHECK_OK(vm_layers_parse(&list, fds, 2, &layers, &n));
    CHECK_INT(n, ==, 2);
    CHECK_INT(layers[0].fd, ==, 71);
    CHECK_ERR(vm_layers_parse(&list, fds, 1, &layers, &n), ERR_INVALID_VALUE);
}

TEST(a_seed_is_a_descriptor_and_need_not_be)
{
    struct vm_config config;

    CHECK_OK(parse_with(NULL, NULL, &config));
    CHECK(!config.has_seed);
    vm_config_fini(&config);
    CHECK_OK(parse_with("seed", "{\"fd\":1}", &config));
    CHECK(config.has_seed);
    CHECK_INT(config.seed_fd, ==, 71);
    vm_config_fini(&config);
    CHECK_REFUSED("seed", "{}", "seed.fd");
    CHECK_REFUSED("seed", "1", "seed");
    CHECK_REFUSED("seed", "{\"fd\":0}", "seed.fd"); /* a layer's */
    CHECK_REFUSED("seed", "{\"fd\":1,\"mode\":\"rw\"}", "seed.mode");
}

TEST_MAIN
