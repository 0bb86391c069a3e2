// libspeexdsp's resampler; its API is plain C that Swift calls directly.
#ifndef CSPEEXDSP_SHIM_H
#define CSPEEXDSP_SHIM_H

#include <speex/speex_resampler.h>

#endif
