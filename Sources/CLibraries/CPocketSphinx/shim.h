// PocketSphinx 5prealpha; only what Swift cannot call itself.
#ifndef CPOCKETSPHINX_SHIM_H
#define CPOCKETSPHINX_SHIM_H

#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sys/prctl.h>

// The library prints its settings and several lines per utterance. Without a call-back it formats
// no message (whole process); without a file it prints no settings (calling thread).
static inline void CPocketSphinx_silence(void) {
    err_set_callback(NULL, NULL);
    err_set_logfp(NULL);
}

// cmd_ln_init is variadic. `dictionary` may be an empty file, as words can be added later.
static inline ps_decoder_t *CPocketSphinx_decoder(
    const char *acousticModel, const char *dictionary, const char *wordInsertion,
    const char *silenceProbability, const char *beam, const char *wordBeam) {
    cmd_ln_t *config = cmd_ln_init(
        NULL, ps_args(), TRUE, "-hmm", acousticModel, "-dict", dictionary, "-samprate", "16000",
        "-wip", wordInsertion, "-silprob", silenceProbability, "-beam", beam, "-pbeam", beam,
        "-wbeam", wordBeam, NULL);
    if (config == NULL) return NULL;
    ps_decoder_t *decoder = ps_init(config);
    cmd_ln_free_r(config);
    return decoder;
}

// prctl is variadic; the kernel keeps 15 octets.
static inline void CPocketSphinx_name_thread(const char *name) {
    prctl(PR_SET_NAME, name, 0, 0, 0);
}

#endif
