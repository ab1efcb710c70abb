// SPDX-License-Identifier: GPL-2.0-or-later
/* A guest that is nothing but a writer: it boots from its first disk in a moment also where
 * it is emulated, drives the virtio-scsi controller by itself and obeys lines at the first
 * serial port as disk-writer.c does, but for "loop".  Its writes stay in the disk's cache
 * until "flush", as those of any guest.
 *
 * One processor, memory as it lies, and one interrupt: that of the serial port, so that it
 * sleeps until it is spoken to.  A request is written down, notified, and looked for until
 * it is done. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TARGET 1 /* the disk: device number 1 of the VM */

#define SECTOR 512u
#define BUFFER                                                                             \
    ((unsigned char *)0x200000) /* in what memory there is beyond the program              \
                                 */
#define BUFFER_SIZE   0x100000u
#define RING          ((unsigned char *)0x400000)
#define MAX_LINE      128
#define CRC32_POLYNOM 0xedb88320u

/* ---- ports ---- */

static void out8(uint16_t port, uint8_t v)
{
    __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}

static void out16(uint16_t port, uint16_t v)
{
    __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}

static void out32(uint16_t port, uint32_t v)
{
    __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}

static uint8_t in8(uint16_t port)
{
    uint8_t v;

    __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

static uint16_t in16(uint16_t port)
{
    uint16_t v;

    __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

static uint32_t in32(uint16_t port)
{
    uint32_t v;

    __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}

/* The compiler calls these by itself. */
void *memset(void *to, int c, size_t n)
{
    unsigned char *p = to;

    while (n--)
        *p++ = (unsigned char)c;
    return to;
}

void *memcpy(void *to, const void *from, size_t n)
{
    unsigned char *p = to;
    const unsigned char *q = from;

    while (n--)
        *p++ = *q++;
    return to;
}

/* ---- the serial port ---- */

#define COM1       0x3f8
#define LINE_STATE (COM1 + 5)

static void say_char(char c)
{
    while (!(in8(LINE_STATE) & 0x20))
        ;
    out8(COM1, (uint8_t)c);
}

static void say(const char *text)
{
    while (*text)
        say_char(*text++);
}

static void say_number(uint32_t n, uint32_t base)
{
    char digits[11];
    int i = sizeof(digits) - 1;

    digits[i] = '\0';
    do {
        digits[--i] = "0123456789abcdef"[n % base];
        n /= base;
    } while (n);
    say(" ");
    say(digits + i);
}

#define PIC        0x20
#define SERIAL_IRQ 4
#define VECTORS    0x20 /* of the first interrupt */

extern char on_interrupt[]; /* disk-guest.S */
static uint64_t gates[VECTORS + 8];

static void wake_by_serial_port(void)
{
    static const uint8_t pic_words[] = {VECTORS, 4, 1, (uint8_t) ~(1u << SERIAL_IRQ)};
    uint32_t handler = (uint32_t)on_interrupt;
    struct __attribute__((packed)) {
        uint16_t limit;
        uint32_t base;
    } table = {sizeof(gates) - 1, (uint32_t)gates};

    gates[VECTORS + SERIAL_IRQ] = (uint64_t)(handler & 0xffff0000u) << 32 |
                                  UINT64_C(0x8e0000080000) | (handler & 0xffffu);
    __asm__ volatile("lidt %0" : : "m"(table));
    out8(PIC, 0x11);
    for (size_t i = 0; i < sizeof(pic_words); i++)
        out8(PIC + 1, pic_words[i]);
    out8(COM1 + 1, 1); /* when there is something to read */
    out8(COM1 + 4, 0xb);
}

static void read_line(char line[MAX_LINE])
{
    int n = 0;

    for (;;) {
        char c;

        while (!(in8(LINE_STATE) & 1))
            __asm__ volatile("sti; hlt; cli");
        c = (char)in8(COM1);
        if (c == '\n')
            break;
        if (n < MAX_LINE - 1)
            line[n++] = c;
    }
    line[n] = '\0';
}

/* ---- the controller: virtio-scsi by its older interface ---- */

enum {
    GUEST_FEATURES = 4,
    QUEUE_PAGE = 8,
    QUEUE_SIZE = 12,
    QUEUE_SELECT = 14,
    QUEUE_NOTIFY = 16,
    STATUS = 18
};
enum { ACKNOWLEDGE = 1, DRIVER = 2, DRIVER_OK = 4 };
enum { NEXT = 1, DEVICE_WRITES = 2 }; /* of a descriptor */

#define REQUEST_QUEUE  2
#define GOOD           0
#define CHECK          2
#define UNIT_ATTENTION 6

struct descriptor {
    uint64_t address;
    uint32_t length;
    uint16_t flags, next;
};

struct ring_available {
    uint16_t flags, n, at[];
};

struct ring_used {
    uint16_t flags;
    volatile uint16_t n;
};

struct __attribute__((packed)) request {
    uint8_t lun[8];
    uint64_t tag;
    uint8_t attribute, priority, number;
    uint8_t command[32];
};

struct __attribute__((packed)) response {
    uint32_t sense_length, residual;
    uint16_t qualifier;
    uint8_t status, response, sense[96];
};

static uint16_t io;
static uint32_t queue_size;
static struct request request;
static struct response response;

static uint32_t pci_read(uint32_t device, uint32_t where)
{
    out32(0xcf8, 0x80000000u | device << 11 | where);
    return in32(0xcfc);
}

static struct descriptor *descriptors(void)
{
    return (struct descriptor *)RING;
}

static struct ring_available *available(void)
{
    return (struct ring_available *)(RING + queue_size * sizeof(struct descriptor));
}

static struct ring_used *used(void)
{
    uintptr_t end = (uintptr_t)available() + 6 + 2 * queue_size;

    return (struct ring_used *)((end + 4095) & ~(uintptr_t)4095);
}

static bool find_controller(void)
{
    for (uint32_t device = 0; device < 32; device++) {
        if (pci_read(device, 0) != 0x10041af4)
            continue;
        io = (uint16_t)(pci_read(device, 16) & ~3u);
        out32(0xcf8, 0x80000000u | device << 11 | 4);
        out16(0xcfc, 5); /* its ports, and it may read memory by itself */
        return true;
    }
    return false;
}

static void begin_controller(void)
{
    out8((uint16_t)(io + STATUS), 0);
    out8((uint16_t)(io + STATUS), ACKNOWLEDGE | DRIVER);
    out32((uint16_t)(io + GUEST_FEATURES), 0);
    out16((uint16_t)(io + QUEUE_SELECT), REQUEST_QUEUE);
    queue_size = in16((uint16_t)(io + QUEUE_SIZE));
    memset(RING, 0, 65536);
    available()->flags = 1; /* no interrupts */
    out32((uint16_t)(io + QUEUE_PAGE), (uint32_t)RING >> 12);
    out8((uint16_t)(io + STATUS), ACKNOWLEDGE | DRIVER | DRIVER_OK);
}

static void describe(uint16_t i, void *data, uint32_t length, uint16_t flags)
{
    descriptors()[i] =
        (struct descriptor){(uintptr_t)data, length, flags, (uint16_t)(i + 1)};
}

/* One command with 'length' bytes of BUFFER, that the device reads or writes. */
static void submit(uint32_t length, bool device_writes)
{
    uint16_t before = used()->n;

    response.response = 0xff;
    describe(0, &request, sizeof(request), NEXT);
    if (device_writes) {
        describe(1, &response, sizeof(response), DEVICE_WRITES | (length ? NEXT : 0));
        describe(2, BUFFER, length, DEVICE_WRITES);
    } else {
        describe(1, length ? (void *)BUFFER : &response, length ? length : sizeof(response),
                 length ? NEXT : DEVICE_WRITES);
        describe(2, &response, sizeof(response), DEVICE_WRITES);
    }
    available()->at[available()->n % queue_size] = 0;
    __asm__ volatile("" : : : "memory");
    available()->n++;
    __asm__ volatile("" : : : "memory");
    out16((uint16_t)(io + QUEUE_NOTIFY), REQUEST_QUEUE);
    while (used()->n == before)
        ;
    __asm__ volatile("" : : : "memory");
}

static void put(uint8_t *at, uint32_t n)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(n >> (24 - 8 * i));
}

/* 0, or what went wrong. */
static int run(const uint8_t command[16], uint32_t length, bool device_writes)
{
    memset(&request, 0, sizeof(request));
    request.lun[0] = 1;
    request.lun[1] = TARGET;
    request.lun[2] = 0x40;
    memcpy(request.command, command, 16);
    for (int i = 0; i < 4; i++) {
        submit(length, device_writes);
        if (response.response == 0 && response.status == GOOD)
            return 0;
        /* It has news first: that it was reset, that it grew. */
        if (response.response != 0 || response.status != CHECK ||
            (response.sense[2] & 15) != UNIT_ATTENTION)
            break;
    }
    return response.response ? 1000 + response.response : 100 + (response.sense[2] & 15);
}

/* A command of ten bytes about sectors. */
static int run10(uint8_t code, uint32_t offset, uint32_t length, bool device_writes)
{
    uint8_t command[16] = {code};
    uint32_t n = length / SECTOR;

    put(command + 2, offset / SECTOR);
    command[7] = (uint8_t)(n >> 8);
    command[8] = (uint8_t)n;
    return run(command, length, device_writes);
}

/* ---- the commands ---- */

static int write_tags(uint32_t offset, uint32_t length, uint32_t seed)
{
    uint32_t *at = (uint32_t *)BUFFER;

    if (length > BUFFER_SIZE)
        return 22;
    for (uint32_t done = 0; done < length; done += SECTOR)
        for (int i = 0; i < 32; i++, at += 4) {
            at[0] = seed;
            at[1] = 0;
            at[2] = (offset + done) / SECTOR;
            at[3] = 0;
        }
    return run10(0x2a, offset, length, false);
}

static int flush(void)
{
    return run10(0x35, 0, 0, false);
}

static int discard(uint32_t offset, uint32_t length)
{
    uint8_t command[16] = {0x42, [8] = 24};

    memset(BUFFER, 0, 24);
    BUFFER[1] = 22;
    BUFFER[3] = 16;
    put(BUFFER + 12, offset / SECTOR);
    put(BUFFER + 16, length / SECTOR);
    return run(command, 24, false);
}

static int zero(uint32_t offset, uint32_t length)
{
    uint8_t command[16] = {0x93, 8}; /* WRITE SAME, which may unmap */

    memset(BUFFER, 0, SECTOR);
    put(command + 6, offset / SECTOR);
    put(command + 10, length / SECTOR);
    return run(command, SECTOR, false);
}

static uint32_t crc32_more(uint32_t crc, uint32_t size)
{
    static uint32_t table[256];

    for (uint32_t i = 0; !table[255] && i < 256; i++) {
        uint32_t c = i;

        for (int bit = 0; bit < 8; bit++)
            c = c & 1 ? c >> 1 ^ CRC32_POLYNOM : c >> 1;
        table[i] = c;
    }
    crc = ~crc;
    for (uint32_t i = 0; i < size; i++)
        crc = crc >> 8 ^ table[(crc ^ BUFFER[i]) & 0xff];
    return ~crc;
}

/* The answer begins before its end is known, so that it needs no room. */
static int read_sums(uint32_t offset, uint32_t length, uint32_t grain)
{
    if (grain == 0)
        return 22;
    for (uint32_t done = 0; done < length; done += grain) {
        uint32_t crc = 0;

        for (uint32_t part = 0, size; part < grain; part += size) {
            int r;

            size = grain - part < BUFFER_SIZE ? grain - part : BUFFER_SIZE;
            r = run10(0x28, offset + done + part, size, true);
            if (r)
                return r;
            crc = crc32_more(crc, size);
        }
        if (done == 0)
            say("ok");
        say_number(crc, 16);
    }
    return 0;
}

static int tell_size(void)
{
    const uint8_t command[16] = {0x25};
    uint32_t last = 0;
    int r = run(command, 8, true);

    for (int i = 0; i < 4; i++)
        last = last << 8 | BUFFER[i];
    if (r)
        return r;
    say("ok");
    say_number((last + 1) * SECTOR, 10);
    return 0;
}

static const char *number(const char *text, uint32_t *n)
{
    *n = 0;
    while (*text == ' ')
        text++;
    while (*text >= '0' && *text <= '9')
        *n = *n * 10 + (uint32_t)(*text++ - '0');
    return text;
}

/* 0 when all is well and "ok" is to be said, -1 when it was. */
static int obey(const char *line)
{
    const char *at = line;
    uint32_t n[3];

    while (*at > ' ')
        at++;
    for (int i = 0; i < 3; i++)
        at = number(at, &n[i]);
    switch (line[0]) {
    case 'w':
        return write_tags(n[0], n[1], n[2]);
    case 'f':
        return flush();
    case 'd':
        return discard(n[0], n[1]);
    case 'z':
        return zero(n[0], n[1]);
    case 'r': {
        int r = read_sums(n[0], n[1], n[2]);

        return r ? r : -1;
    }
    case 's': {
        int r = tell_size();

        return r ? r : -1;
    }
    default:
        return 22;
    }
}

void guest(void)
{
    if (!find_controller()) {
        say("no controller\n");
        return;
    }
    begin_controller();
    wake_by_serial_port();
    say("LATCHKEY-GUEST-READY\n");
    for (;;) {
        char line[MAX_LINE];
        int r;

        read_line(line);
        r = line[0] ? obey(line) : -2;
        if (r == -2)
            continue;
        if (r > 0) {
            say("failed");
            say_number((uint32_t)r, 10);
        } else if (r == 0) {
            say("ok");
        }
        say("\n");
    }
}
