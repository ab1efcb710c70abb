// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <systemd/sd-event.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/log.h"
#include "vm/backend/sim/sim.h"
#include "wire/json.h"

/* From a request to end until it is done. */
#define OBEY_MS 20

static int on_host(sd_event_source *source, int fd, uint32_t events, void *arg);

static bool has(struct sim_vm *vm, enum sim_guest_habit habit)
{
    return sim_script_guest(vm->sim->script, habit, vm->name, NULL);
}

void sim_guest_plug(struct sim_vm *vm)
{
    int ends[2], r = 0;

    if (has(vm, SIM_GUEST_NONE))
        return;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0) {
        log_warn(VM, "the simulated VM %s has no agent: %m", vm->id->uuid);
        return;
    }
    vm->guest_fd = ends[0];
    r = sd_event_add_io(vm->sim->loop, &vm->guest_source, vm->guest_fd, EPOLLIN, on_host,
                        vm);
    if (r < 0)
        log_warn(VM, "the agent of the simulated VM %s does not hear: %s", vm->id->uuid,
                 strerror(-r));
    sim_guest_follow(vm);
    vm_report_agent_stream(vm->handle, ends[1]);
}

void sim_guest_unplug(struct sim_vm *vm)
{
    vm->guest_source = sd_event_source_disable_unref(vm->guest_source);
    cleanup_close(&vm->guest_fd);
    vm->guest_fd = -1;
    guest_line_cutter_fini(&vm->guest_lines);
    while (vm->consoles) {
        struct sim_console *console = vm->consoles;

        vm->consoles = console->next;
        sd_event_source_disable_unref(console->source);
        close(console->fd);
        free(console);
    }
}

void sim_guest_follow(struct sim_vm *vm)
{
    if (vm->guest_source)
        sd_event_source_set_enabled(vm->guest_source, vm->state == VM_STATE_RUNNING &&
                                                              !has(vm, SIM_GUEST_SILENT)
                                                          ? SD_EVENT_ON
                                                          : SD_EVENT_OFF);
}

/* A host that does not read loses the line, as it would from a real guest. */
static void say(struct sim_vm *vm, const struct buf *line)
{
    if (vm->guest_fd >= 0 &&
        send(vm->guest_fd, line->data, line->size, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        log_debug(VM, "the simulated VM %s is not heard: %m", vm->id->uuid);
}

static void say_report(struct sim_vm *vm)
{
    autobuf line = BUF_INIT;

    buf_add_str(&line, "{\"type\":\"report\",\"agent\":\"" LATCHKEY_VERSION "\",\"os\":{"
                       "\"name\":\"Simulated guest\",\"uname\":\"0\",\"distro\":\"sim\","
                       "\"major\":\"1\"},\"host_name\":\"sim\",\"networks\":{");
    for (size_t i = 0; i < vm->nics.n; i++)
        buf_addf(&line, "%s\"%zu/ip\":\"10.0.2.%zu\",\"%zu/ipv4/0\":\"10.0.2.%zu\"",
                 i ? "," : "", i, 15 + i, i, 15 + i);
    buf_add_str(&line, "},\"macs\":{");
    for (size_t i = 0; i < vm->nics.n; i++)
        buf_addf(&line, "%s\"%zu\":\"%s\"", i ? "," : "", i, vm->nics.at[i].mac.text);
    buf_addf(&line,
             "},\"other\":{\"feature-shutdown\":\"1\",\"feature-poweroff\":\"1\","
             "\"feature-reboot\":\"1\"},\"memory\":{\"total_kib\":%" PRIu64
             ",\"free_kib\":%" PRIu64 "}}\n",
             vm->memory >> 10, vm->memory >> 11);
    say(vm, &line);
}

/* What the script has the guest do by itself, once it runs. */
static void begin_habits(struct sim_vm *vm)
{
    for (int habit = SIM_GUEST_POWEROFF; habit < N_SIM_GUEST_HABITS; habit++) {
        uint64_t ms;

        if (!sim_script_guest(vm->sim->script, (enum sim_guest_habit)habit, vm->name, &ms))
            continue;
        sim_happen_later(vm, (enum sim_guest_habit)habit, ms);
        return;
    }
}

void sim_guest_boot(struct sim_vm *vm)
{
    sim_guest_follow(vm);
    begin_habits(vm);
    if (!has(vm, SIM_GUEST_SILENT))
        say_report(vm);
}

void sim_guest_tick(struct sim_vm *vm)
{
    if (vm->state == VM_STATE_RUNNING && !has(vm, SIM_GUEST_SILENT))
        say_report(vm);
}

void sim_guest_press(struct sim_vm *vm)
{
    if (!has(vm, SIM_GUEST_DEAF))
        sim_happen_later(vm, SIM_GUEST_POWEROFF, OBEY_MS);
}

/* ---- what the host says ---- */

static void obey(struct sim_vm *vm, const char *mode)
{
    bool reboots = STREQ(mode, "reboot");
    autobuf line = BUF_INIT;

    if (has(vm, SIM_GUEST_DEAF))
        return;
    if (!reboots && !STREQ(mode, "poweroff")) {
        buf_add_str(&line, "{\"type\":\"error\",\"reason\":\"EOPNOTSUPP\"}\n");
        say(vm, &line);
        return;
    }
    buf_addf(&line, "{\"type\":\"shutdown\",\"mode\":\"%s\"}\n", mode);
    say(vm, &line);
    sim_happen_later(vm, reboots ? SIM_GUEST_REBOOT : SIM_GUEST_POWEROFF, OBEY_MS);
}

static void hear(struct sim_vm *vm, const struct buf *line)
{
    autoval struct val object = val_void();
    const char *type;

    if (json_parse(line->data, line->size, 0, &object, NULL) < 0 || object.kind != VAL_MAP)
        return;
    type = val_find_text(&object, "type", "");
    if (STREQ(type, "report"))
        say_report(vm);
    else if (STREQ(type, "shutdown"))
        obey(vm, val_find_text(&object, "mode", ""));
}

static int on_host(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    struct sim_vm *vm = arg;
    autobuf line = BUF_INIT;
    char piece[1024];
    ssize_t r = read(fd, piece, sizeof(piece));

    if (r == 0 || (r < 0 && errno != EAGAIN && errno != EINTR)) {
        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        return 0;
    }
    if (r > 0)
        guest_line_add(&vm->guest_lines, piece, (size_t)r);
    while (guest_line_next(&vm->guest_lines, &line))
        hear(vm, &line);
    return 0;
}

/* ---- consoles ---- */

static void close_console(struct sim_console *console)
{
    struct sim_console **at = &console->vm->consoles;

    while (*at != console)
        at = &(*at)->next;
    *at = console->next;
    sd_event_source_disable_unref(console->source);
    close(console->fd);
    free(console);
}

static int on_typed(sd_event_source *source, int fd, uint32_t events, void *arg)
{
    char typed[256];
    ssize_t n = read(fd, typed, sizeof(typed));

    if (n > 0)
        n = send(fd, typed, (size_t)n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        close_console(arg);
    return 0;
}

struct err *sim_console_open(struct sim_vm *vm, enum vm_console kind, int *ret_fd)
{
    struct sim_console *console;
    autobuf banner = BUF_INIT;
    int ends[2], r;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) < 0)
        return err_errno(errno, "opening a console of the simulated VM %s", vm->id->uuid);
    console = xcalloc(1, sizeof(*console));
    console->fd = ends[0];
    console->vm = vm;
    r = sd_event_add_io(vm->sim->loop, &console->source, console->fd, EPOLLIN, on_typed,
                        console);
    if (r < 0) {
        close(ends[0]);
        close(ends[1]);
        free(console);
        return err_errno(-r, "opening a console of the simulated VM %s", vm->id->uuid);
    }
    console->next = vm->consoles;
    vm->consoles = console;
    if (kind == VM_CONSOLE_RFB)
        buf_add_str(&banner, "RFB 003.008\n");
    else
        buf_addf(&banner, "%s\r\n", vm->name);
    if (send(console->fd, banner.data, banner.size, MSG_NOSIGNAL) < 0)
        log_debug(VM, "greeting on a console: %m");
    *ret_fd = ends[1];
    return NULL;
}
