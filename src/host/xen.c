// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/xen.h"

#ifdef HAVE_XEN
#include <inttypes.h>
#include <libxl.h>
#include <string.h>
#include <xentoollog.h>

#include "base/buf.h"
#include "base/log.h"
#include "host/read.h"

#define PAGE_SIZE        4096
#define CAPABILITIES     "proc/xen/capabilities"
#define MAX_CAPABILITIES 64

static bool is_control_domain(int root_fd)
{
    autobuf text = BUF_INIT;

    host_read_text(root_fd, CAPABILITIES, MAX_CAPABILITIES, &text);
    return strstr(buf_str(&text), "control_d");
}

/* A context for each question: they come a few times a minute. */
static int ask(libxl_physinfo *ret_info)
{
    xentoollog_logger_stdiostream *logger =
        xtl_createlogger_stdiostream(stderr, XTL_ERROR, 0);
    libxl_ctx *ctx = NULL;
    int rc = libxl_ctx_alloc(&ctx, LIBXL_VERSION, 0, (struct xentoollog_logger *)logger);

    if (!rc)
        rc = libxl_get_physinfo(ctx, ret_info);
    libxl_ctx_free(ctx);
    xtl_logger_destroy((struct xentoollog_logger *)logger);
    return rc;
}

bool host_xen_memory(int root_fd, struct host_memory *ret_memory)
{
    libxl_physinfo info;
    int rc;

    if (!is_control_domain(root_fd))
        return false;
    libxl_physinfo_init(&info);
    rc = ask(&info);
    if (rc)
        log_warn(HOST, "Xen does not say how much memory there is: %s",
                 libxl_error_to_string(rc));
    else
        *ret_memory = (struct host_memory){
            .total = (int64_t)info.total_pages * PAGE_SIZE,
            .free = (int64_t)(info.free_pages + info.scrub_pages) * PAGE_SIZE,
        };
    libxl_physinfo_dispose(&info);
    return rc == 0;
}

#else
bool host_xen_memory(int root_fd, struct host_memory *ret_memory)
{
    return false;
}
#endif
