// libwebsockets, as pkg-config finds it; Swift calls it directly. Swift does not import the padding
// macro, so it stands here as a function.
#ifndef CWEBSOCKETS_SHIM_H
#define CWEBSOCKETS_SHIM_H

#include <libwebsockets.h>

/// Octets that must be free in front of what `lws_write` is given.
static inline size_t CWebSockets_padding(void) { return LWS_PRE; }

#endif
