// sherpa-onnx's C interface as release 2.0.1 lays it out, for what is used of it. The library is
// optional, so it is not linked but loaded while the program runs; whoever loads it asks for its
// version before anything else, as these layouts change between releases.
#ifndef CSHERPAONNX_SHIM_H
#define CSHERPAONNX_SHIM_H

#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define CSHERPAONNX_VERSION "2.0.1"

typedef struct CSherpaONNX_Recognizer CSherpaONNX_Recognizer;
typedef struct CSherpaONNX_Stream CSherpaONNX_Stream;
typedef struct CSherpaONNX_Voice CSherpaONNX_Voice;

// Takes samples of -1…1 and how far the text is; 0 stops the synthesis, 1 goes on.
typedef int32_t (*CSherpaONNX_Progress)(const float *samples, int32_t count, float done, void *owner);

typedef struct {
    int32_t sampleRate, featureCount;
    struct {
        const char *encoder, *decoder, *joiner;
        const char *paraformerEncoder, *paraformerDecoder;
        const char *zipformer2CTC;
        const char *tokens;
        int32_t threadCount;
        const char *provider;
        int32_t debug;
        const char *modelType, *modelingUnit, *bpeVocabulary, *tokenOctets;
        int32_t tokenOctetCount;
        const char *nemoCTC;
        const char *toneCTC;
    } model;
    const char *decodingMethod;
    int32_t maximumPaths, detectsEndpoints;
    float endpointRule1, endpointRule2, endpointRule3;
    const char *hotwordFile;
    float hotwordScore;
    struct { const char *graph; int32_t maximumActive; } ctcGraph;
    const char *ruleFSTs, *ruleFARs;
    float blankPenalty;
    const char *hotwords;
    int32_t hotwordOctetCount;
    struct { const char *unused, *lexicon, *ruleFSTs; } homophones;
} CSherpaONNX_RecognizerConfig;

typedef struct {
    const char *text, *tokens;
    const char *const *tokenList;
    float *times;
    int32_t count;
    const char *json;
} CSherpaONNX_Result;

typedef struct {
    struct {
        struct {
            const char *model, *lexicon, *tokens, *data;
            float noise, durationNoise, length;
            const char *unused;
        } vits;
        int32_t threadCount, debug;
        const char *provider;
        struct {
            const char *acousticModel, *vocoder, *lexicon, *tokens, *data;
            float noise, length;
            const char *unused;
        } matcha;
        struct {
            const char *model, *voices, *tokens, *data;
            float length;
            const char *unused, *lexicon, *language;
        } kokoro;
        struct {
            const char *model, *voices, *tokens, *data;
            float length;
            const char *lexicon;
        } kitten;
        struct {
            const char *tokens, *encoder, *decoder, *vocoder, *data, *lexicon;
            float featureScale, timeShift, level, guidance;
        } zipvoice;
        struct { const char *files[7]; int32_t cacheCapacity; } pocket;
        struct { const char *files[7]; } supertonic;
    } model;
    const char *ruleFSTs;
    int32_t maximumSentences;
    const char *ruleFARs;
    float silenceScale;
} CSherpaONNX_VoiceConfig;

typedef struct {
    float silenceScale, speed;
    int32_t speaker;
    const float *reference;
    int32_t referenceLength, referenceRate;
    const char *referenceText;
    int32_t stepCount;
    const char *extra;
    const int32_t *phonemes;
    const int32_t *phonemeCounts;
    int32_t sentenceCount;
    const char *const *tokens;
    const int32_t *tokenCounts;
    int32_t tokenSentenceCount;
} CSherpaONNX_Speaking;

typedef struct {
    const float *samples;
    int32_t count, sampleRate;
} CSherpaONNX_Audio;

#if UINTPTR_MAX == UINT64_MAX
// What the release's own header gives with a 64-bit C compiler.
_Static_assert(sizeof(CSherpaONNX_RecognizerConfig) == 272, "layout of 2.0.1");
_Static_assert(offsetof(CSherpaONNX_RecognizerConfig, decodingMethod) == 144, "layout of 2.0.1");
_Static_assert(sizeof(CSherpaONNX_Result) == 48, "layout of 2.0.1");
_Static_assert(sizeof(CSherpaONNX_VoiceConfig) == 456, "layout of 2.0.1");
_Static_assert(offsetof(CSherpaONNX_VoiceConfig, ruleFSTs) == 424, "layout of 2.0.1");
_Static_assert(sizeof(CSherpaONNX_Speaking) == 104, "layout of 2.0.1");
#endif

// The functions of a loaded library; it is never unloaded.
typedef struct {
    const char *(*version)(void);
    const CSherpaONNX_Recognizer *(*createRecognizer)(const CSherpaONNX_RecognizerConfig *);
    void (*destroyRecognizer)(const CSherpaONNX_Recognizer *);
    const CSherpaONNX_Stream *(*createStream)(const CSherpaONNX_Recognizer *);
    void (*destroyStream)(const CSherpaONNX_Stream *);
    void (*acceptWaveform)(const CSherpaONNX_Stream *, int32_t, const float *, int32_t);
    int32_t (*isReady)(const CSherpaONNX_Recognizer *, const CSherpaONNX_Stream *);
    void (*decode)(const CSherpaONNX_Recognizer *, const CSherpaONNX_Stream *);
    const CSherpaONNX_Result *(*result)(const CSherpaONNX_Recognizer *, const CSherpaONNX_Stream *);
    void (*destroyResult)(const CSherpaONNX_Result *);
    const CSherpaONNX_Voice *(*createVoice)(const CSherpaONNX_VoiceConfig *);
    void (*destroyVoice)(const CSherpaONNX_Voice *);
    int32_t (*voiceRate)(const CSherpaONNX_Voice *);
    int32_t (*speakerCount)(const CSherpaONNX_Voice *);
    const CSherpaONNX_Audio *(*speak)(
        const CSherpaONNX_Voice *, const char *, const CSherpaONNX_Speaking *,
        CSherpaONNX_Progress, void *);
    void (*destroyAudio)(const CSherpaONNX_Audio *);
} CSherpaONNX_Library;

// Returns why the library cannot be used, a text that is valid until the thread's next call of
// this kind, or NULL. Only the version may be asked for before it is known to be the right one.
static inline const char *CSherpaONNX_load(CSherpaONNX_Library *library, const char *path) {
    void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) return dlerror();
    const struct { const char *name; void **place; } symbols[] = {
        {"SherpaOnnxGetVersionStr", (void **)&library->version},
        {"SherpaOnnxCreateOnlineRecognizer", (void **)&library->createRecognizer},
        {"SherpaOnnxDestroyOnlineRecognizer", (void **)&library->destroyRecognizer},
        {"SherpaOnnxCreateOnlineStream", (void **)&library->createStream},
        {"SherpaOnnxDestroyOnlineStream", (void **)&library->destroyStream},
        {"SherpaOnnxOnlineStreamAcceptWaveform", (void **)&library->acceptWaveform},
        {"SherpaOnnxIsOnlineStreamReady", (void **)&library->isReady},
        {"SherpaOnnxDecodeOnlineStream", (void **)&library->decode},
        {"SherpaOnnxGetOnlineStreamResult", (void **)&library->result},
        {"SherpaOnnxDestroyOnlineRecognizerResult", (void **)&library->destroyResult},
        {"SherpaOnnxCreateOfflineTts", (void **)&library->createVoice},
        {"SherpaOnnxDestroyOfflineTts", (void **)&library->destroyVoice},
        {"SherpaOnnxOfflineTtsSampleRate", (void **)&library->voiceRate},
        {"SherpaOnnxOfflineTtsNumSpeakers", (void **)&library->speakerCount},
        {"SherpaOnnxOfflineTtsGenerateWithConfig", (void **)&library->speak},
        {"SherpaOnnxDestroyOfflineTtsGeneratedAudio", (void **)&library->destroyAudio},
    };
    for (size_t index = 0; index < sizeof(symbols) / sizeof(symbols[0]); index++) {
        *symbols[index].place = dlsym(handle, symbols[index].name);
        // An older release: its version says more than the name of what it has not.
        if (*symbols[index].place == NULL && index == 0) return dlerror();
    }
    return NULL;
}

static inline const char *CSherpaONNX_version(const CSherpaONNX_Library *library) {
    return library->version();
}

// Greedy search without endpoints: where an utterance ends is decided elsewhere. Paths that a
// model has not are NULL.
static inline const CSherpaONNX_Recognizer *CSherpaONNX_recognizer(
    const CSherpaONNX_Library *library, const char *encoder, const char *decoder,
    const char *joiner, const char *zipformer2CTC, const char *nemoCTC, const char *toneCTC,
    const char *tokens, int32_t sampleRate) {
    CSherpaONNX_RecognizerConfig config;
    memset(&config, 0, sizeof(config));
    config.sampleRate = sampleRate;
    config.featureCount = 80;
    config.model.encoder = encoder;
    config.model.decoder = decoder;
    config.model.joiner = joiner;
    config.model.zipformer2CTC = zipformer2CTC;
    config.model.nemoCTC = nemoCTC;
    config.model.toneCTC = toneCTC;
    config.model.tokens = tokens;
    config.model.threadCount = 1;
    config.model.provider = "cpu";
    config.decodingMethod = "greedy_search";
    return library->createRecognizer(&config);
}

static inline void CSherpaONNX_destroy_recognizer(
    const CSherpaONNX_Library *library, const CSherpaONNX_Recognizer *recognizer) {
    library->destroyRecognizer(recognizer);
}

static inline const CSherpaONNX_Stream *CSherpaONNX_stream(
    const CSherpaONNX_Library *library, const CSherpaONNX_Recognizer *recognizer) {
    return library->createStream(recognizer);
}

static inline void CSherpaONNX_destroy_stream(
    const CSherpaONNX_Library *library, const CSherpaONNX_Stream *stream) {
    library->destroyStream(stream);
}

// Returns how many pieces of audio were decoded.
static inline int32_t CSherpaONNX_accept(
    const CSherpaONNX_Library *library, const CSherpaONNX_Recognizer *recognizer,
    const CSherpaONNX_Stream *stream, int32_t sampleRate, const float *samples, int32_t count) {
    int32_t decoded = 0;
    library->acceptWaveform(stream, sampleRate, samples, count);
    for (; library->isReady(recognizer, stream); decoded++) library->decode(recognizer, stream);
    return decoded;
}

static inline const CSherpaONNX_Result *CSherpaONNX_result(
    const CSherpaONNX_Library *library, const CSherpaONNX_Recognizer *recognizer,
    const CSherpaONNX_Stream *stream) {
    return library->result(recognizer, stream);
}

static inline void CSherpaONNX_destroy_result(
    const CSherpaONNX_Library *library, const CSherpaONNX_Result *result) {
    library->destroyResult(result);
}

// One of the three models is given, with its voices where it has a file of them.
static inline const CSherpaONNX_Voice *CSherpaONNX_voice(
    const CSherpaONNX_Library *library, const char *vits, const char *kokoro, const char *kitten,
    const char *voices, const char *tokens, const char *lexicon, const char *language,
    const char *ruleFSTs) {
    CSherpaONNX_VoiceConfig config;
    memset(&config, 0, sizeof(config));
    config.model.threadCount = 1;
    config.model.provider = "cpu";
    if (vits != NULL) {
        config.model.vits.model = vits;
        config.model.vits.tokens = tokens;
        config.model.vits.lexicon = lexicon;
    } else if (kokoro != NULL) {
        config.model.kokoro.model = kokoro;
        config.model.kokoro.voices = voices;
        config.model.kokoro.tokens = tokens;
        config.model.kokoro.lexicon = lexicon;
        config.model.kokoro.language = language;
    } else {
        config.model.kitten.model = kitten;
        config.model.kitten.voices = voices;
        config.model.kitten.tokens = tokens;
        config.model.kitten.lexicon = lexicon;
    }
    config.ruleFSTs = ruleFSTs;
    config.maximumSentences = 1;
    return library->createVoice(&config);
}

static inline void CSherpaONNX_destroy_voice(
    const CSherpaONNX_Library *library, const CSherpaONNX_Voice *voice) {
    library->destroyVoice(voice);
}

static inline int32_t CSherpaONNX_voice_rate(
    const CSherpaONNX_Library *library, const CSherpaONNX_Voice *voice) {
    return library->voiceRate(voice);
}

static inline int32_t CSherpaONNX_speaker_count(
    const CSherpaONNX_Library *library, const CSherpaONNX_Voice *voice) {
    return library->speakerCount(voice);
}

// The phonemes of all sentences stand one behind the other; without any, the text is read.
// Returns 0 when nothing could be made of it.
static inline int32_t CSherpaONNX_speak(
    const CSherpaONNX_Library *library, const CSherpaONNX_Voice *voice, const char *text,
    int32_t speaker, const int32_t *phonemes, const int32_t *phonemeCounts,
    int32_t sentenceCount, CSherpaONNX_Progress progress, void *owner) {
    CSherpaONNX_Speaking speaking;
    memset(&speaking, 0, sizeof(speaking));
    speaking.silenceScale = 0.2f;
    speaking.speed = 1;
    speaking.speaker = speaker;
    if (sentenceCount > 0) {
        speaking.phonemes = phonemes;
        speaking.phonemeCounts = phonemeCounts;
        speaking.sentenceCount = sentenceCount;
    }
    const CSherpaONNX_Audio *audio = library->speak(voice, text, &speaking, progress, owner);
    if (audio == NULL) return 0;
    const int32_t count = audio->count;
    library->destroyAudio(audio);
    return count > 0;
}

#endif
