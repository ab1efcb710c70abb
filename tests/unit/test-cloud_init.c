// SPDX-License-Identifier: GPL-2.0-or-later
/* src/api/cloud_init.c */
#include "api/cloud_init.h"

#include "base/alloc.h"
#include "lib/test.h"

#define UUID "a3b5cbd1-62f0-4ca1-9b0f-6d6f1a3c0001"
#define KEY  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIPmD someone@somewhere"

static struct val config_of(const char *key, const char *value)
{
    struct val config = val_map(2);

    val_put_str(&config, "mac_seed", val_str("1"));
    if (key)
        val_put_str(&config, key, val_str(value));
    return config;
}

/* Whether the seed of a VM called 'name' has 'text' in it. */
static bool seed_has(const struct val *config, const char *name, const char *text)
{
    autobuf image = BUF_INIT;

    CHECK_OK(cloud_init_seed(config, UUID, name, &image));
    return memmem(image.data, image.size, text, strlen(text)) != NULL;
}

TEST(a_vm_without_a_key_of_it_has_no_seed)
{
    autoval struct val none = config_of(NULL, NULL);
    autoval struct val some = config_of("cloud-init-hostname", "web");
    autoval struct val on = config_of("cloud-init", "true");
    autoval struct val off = val_map_with(&some, "cloud-init", val_str("false"));

    CHECK(!cloud_init_is_wanted(&none));
    CHECK(cloud_init_is_wanted(&some));
    CHECK(cloud_init_is_wanted(&on));
    CHECK(!cloud_init_is_wanted(&off));
}

TEST(the_vm_is_the_instance_and_its_name_the_host_name_if_it_can_be)
{
    autoval struct val none = config_of(NULL, NULL);
    autoval struct val host = config_of("cloud-init-hostname", "db.example.org");

    CHECK(seed_has(&none, "web",
                   "{\"instance-id\":\"" UUID "\",\"local-hostname\":\"web\"}"));
    CHECK(seed_has(&none, "My VM", "{\"instance-id\":\"" UUID "\"}"));
    CHECK(seed_has(&host, "web", "\"local-hostname\":\"db.example.org\""));
}

TEST(keys_are_one_a_line_whatever_ends_it)
{
    autoval struct val keys = config_of(
        "cloud-init-ssh-keys", "\n" KEY "\r\n\r\necdsa-sha2-nistp256 AAAAE2 \"x\"");

    CHECK(seed_has(&keys, "web",
                   "\"public-keys\":[\"" KEY
                   "\",\"ecdsa-sha2-nistp256 AAAAE2 \\\"x\\\"\"]"));
}

TEST(user_data_goes_as_it_is)
{
    autoval struct val none = config_of(NULL, NULL);
    autoval struct val user =
        config_of("cloud-init-user-data", "#!/bin/sh\necho \"a: b\" >/etc/x\n");

    CHECK(seed_has(&none, "web", "#cloud-config\n{}\n"));
    CHECK(seed_has(&user, "web", "#!/bin/sh\necho \"a: b\" >/etc/x\n"));
    CHECK(!seed_has(&user, "web", "#cloud-config"));
    CHECK(!seed_has(&user, "web", "network-config"));
}

TEST(what_a_guest_could_take_amiss_is_refused)
{
    autofree char *long_text = xcalloc(1, (64u << 10) + 2);
    const struct {
        const char *key, *value;
    } bad[] = {
        {"cloud-init", "maybe"},
        {"cloud-init-hostname", ""},
        {"cloud-init-hostname", "a\nusers: []"},
        {"cloud-init-hostname", "-a"},
        {"cloud-init-hostname", "a-"},
        {"cloud-init-hostname", "a..b"},
        {"cloud-init-hostname", "a."},
        {"cloud-init-hostname", "\xc3\xa4"},
        {"cloud-init-hostname", "a_b"},
        {"cloud-init-ssh-keys", "-----BEGIN OPENSSH PRIVATE KEY-----"},
        {"cloud-init-ssh-keys", KEY "\nnonsense"},
        {"cloud-init-ssh-keys", "ssh-ed25519"},
        {"cloud-init-ssh-keys", "ssh-ed25519 AAAA\tx"},
        {"cloud-init-user-data", long_text},
        {"cloud-init-network-config", long_text},
    };

    memset(long_text, 'x', (64u << 10) + 1);
    for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
        autoval struct val config = config_of(bad[i].key, bad[i].value);
        autobuf image = BUF_INIT;

        CHECK_ERR(cloud_init_check(&config), ERR_VALUE_NOT_SUPPORTED);
        CHECK_ERR(cloud_init_seed(&config, UUID, "web", &image), ERR_VALUE_NOT_SUPPORTED);
        CHECK_INT(image.size, ==, 0);
    }
}

TEST(other_keys_are_nobodys_business)
{
    autoval struct val config = config_of("cloud-init-unheard-of", "\n");

    CHECK_OK(cloud_init_check(&config));
    CHECK(!cloud_init_is_wanted(&config));
}

TEST_MAIN
