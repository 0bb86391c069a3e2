// libuv. C passes every handle as the `uv_handle_t *` it starts with; Swift cannot see that, so one
// typed function per kind of handle stands here.
#ifndef CUV_SHIM_H
#define CUV_SHIM_H

#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <uv.h>

static inline void CUV_close_timer(uv_timer_t *timer) { uv_close((uv_handle_t *)timer, NULL); }

static inline void CUV_close_prepare(uv_prepare_t *prepare) {
    uv_close((uv_handle_t *)prepare, NULL);
}

static inline void CUV_close_poll(uv_poll_t *poll, uv_close_cb closed) {
    uv_close((uv_handle_t *)poll, closed);
}

/// An eventfd(2) that neither blocks nor goes to child processes; -1: none, see `errno`.
static inline int CUV_open_event(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

/// Names the calling thread; libuv 1.44 cannot, and Swift's Glibc hides the GNU call.
static inline void CUV_name_thread(const char *name) { prctl(PR_SET_NAME, name); }

#endif
