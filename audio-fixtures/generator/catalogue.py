"""Every fixture of the folder, in the order in which they are made (clean before mixed)."""

from . import recipes, synthesis
from .recipes import ComputedFixture, MixedFixture, alsa_clip, asterisk_prompt, generated, spoken

# What the caller says in the demo call. Of nine English voices at two speeds, PocketSphinx with one
# loose grammar of the whole dialogue heard this one best (83 % of the sentences exactly).
DEMO_VOICES = {"en": ("en-us", 160), "es": ("es", 150)}
DEMO_ENGLISH = {
    "book": "i would like to book an oil change",
    "day": "on tuesday at half past ten",
    "name": "my name is john",
    "yes": "yes please",
    "goodbye": "thank you goodbye",
    "hours": "what are your opening hours",
    "prices": "wait what are your prices",
}
DEMO_SPANISH = {
    "book": "quisiera un cambio de aceite",
    "day": "el martes a las diez y media",
    "name": "maría",
    "yes": "sí por favor",
    "goodbye": "gracias adiós",
    "hours": "cuál es su horario",
    "prices": "espere cuáles son sus precios",
}

RECORDED_ENGLISH = {
    "hello-world": "Hello world.",
    "goodbye": "Goodbye.",
    "auth-thankyou": "Thank you.",
    "one-moment-please": "One moment, please.",
    "please-try-again": "Please try again.",
    "pls-hold-while-try": "Please hold while we try to connect you.",
    "queue-youarenext": "Your call is now first in line and will be answered by the next "
    "available representative.",
    "cannot-complete-as-dialed": "Your call cannot be completed as dialed.",
}
RECORDED_SPANISH = {
    "hello-world": "Hola mundo.",
    "vm-goodbye": "Hasta pronto.",
    "auth-thankyou": "Gracias.",
    "please-try-again": "Por favor, intente de nuevo.",
    "queue-thankyou": "Muchas gracias por su paciencia.",
    "queue-youarenext": "Su llamada es la primera en línea y será atendida por el próximo "
    "representante.",
    "demo-nomatch": "Lo siento, pero no hay una correspondencia con esas palabras claves.",
}
RECORDED_CLIPS = {
    "Front_Center": "Front center.",
    "Rear_Left": "Rear left.",
    "Side_Right": "Side right.",
}

SPOKEN_ENGLISH = {
    "cancel": ("en-us", 160, "i need to cancel my appointment"),
    "next-friday": ("en-gb", 150, "next friday at three in the afternoon"),
    "order-status": ("en-us+f3", 150, "where is my order number four two seven"),
    "human": ("en-gb", 160, "can i speak to a person please"),
    "number": ("en-us+f3", 140, "my number is five five five, one two, three four"),
    "hesitation": ("en-us", 140, "i would like, to change, the time"),
    "backchannel-uh-huh": ("en-us", 150, "uh-huh"),
}
SPOKEN_SPANISH = {
    "cancel": ("es", 160, "necesito cancelar mi cita"),
    "next-friday": ("es-419", 150, "el viernes que viene a las tres de la tarde"),
    "order-status": ("es+f3", 150, "dónde está mi pedido cuatro dos siete"),
    "human": ("es-419", 160, "quiero hablar con una persona por favor"),
    "number": ("es+f3", 140, "mi número es seis uno dos, tres cuatro, cinco seis"),
    "hesitation": ("es", 140, "quisiera, cambiar, la hora"),
    "backchannel-aja": ("es", 150, "ajá"),
}


def speech():
    for language, sentences in (("en", DEMO_ENGLISH), ("es", DEMO_SPANISH)):
        voice, speed = DEMO_VOICES[language]
        for name, text in sentences.items():
            yield spoken(f"demo/{language}-{name}.wav", language, voice, speed, text)
    for language, prompts in (("en", RECORDED_ENGLISH), ("es", RECORDED_SPANISH)):
        for name, text in prompts.items():
            yield asterisk_prompt(name, language, text)
    for name, text in RECORDED_CLIPS.items():
        yield alsa_clip(name, text)
    for language, sentences in (("en", SPOKEN_ENGLISH), ("es", SPOKEN_SPANISH)):
        for name, (voice, speed, text) in sentences.items():
            kind = "backchannel" if name.startswith("backchannel") else "speech"
            path = f"speech/{language}/spoken-{name}.wav"
            yield spoken(path, language, voice, speed, text, kind)


def noise_and_silence():
    yield generated("silence/digital.wav", "silence", "2 s of zeros", "trim 0 2")
    yield generated(
        "silence/line.wav", "silence", "line noise at -65 dBFS RMS",
        "synth 2 whitenoise vol 0.00097",
    )  # fmt: skip
    yield generated(
        "noise/pink.wav", "noise", "pink noise, peak -6 dBFS", "synth 4 pinknoise norm -6"
    )
    yield generated(
        "noise/white.wav", "noise", "white noise, peak -6 dBFS", "synth 4 whitenoise norm -6"
    )
    yield generated(
        "noise/hum-50hz.wav", "noise", "mains hum, 50 Hz and odd harmonics",
        "synth 4 square 50 vol 0.3 lowpass 400 norm -20",
    )  # fmt: skip
    yield generated(
        "noise/burst.wav", "noise", "0.5 s of pink noise between silences of 1 s",
        "synth 0.5 pinknoise norm -6 pad 1 1",
    )  # fmt: skip


def coughs():
    for number, (seed, count, decibels) in enumerate(((11, 1, -6), (12, 2, -6), (13, 3, -12)), 1):
        yield ComputedFixture(
            f"cough/cough-{number}.wav", "cough",
            f"{count} synthesised cough(s), loudest sample {decibels} dBFS, seed {seed}",
            recipes.MIT,
            signal=lambda seed=seed, count=count, decibels=decibels: synthesis.coughs(
                seed, count, decibels
            ),
            extra={"seed": seed},
        )  # fmt: skip


def tones():
    yield ComputedFixture(
        "tone/dtmf.wav", "tone", "the 16 DTMF digits (ITU-T Q.23), 80 ms on, 80 ms off",
        recipes.MIT, signal=lambda: synthesis.dtmf("1234567890*#ABCD"),
        extra={"digits": "1234567890*#ABCD"},
    )  # fmt: skip
    yield generated(
        "tone/440hz.wav", "tone", "440 Hz sine at -20 dBFS peak", "synth 1 sine 440 vol 0.1"
    )
    yield generated(
        "tone/beep.wav", "tone", "answering machine beep: 0.4 s of 1000 Hz after 0.5 s",
        "synth 0.4 sine 1000 vol 0.35 fade t 0.005 0.4 0.005 pad 0.5 0.5",
    )  # fmt: skip
    yield generated(
        "tone/ringback-us.wav", "tone", "North American ringback: 440 Hz with 480 Hz, 2 s on",
        "synth 2 sine 440 synth 2 sine mix 480 vol 0.2 pad 0 1",
    )  # fmt: skip


def mixtures():
    for clean in (
        "speech/en/prompt-pls-hold-while-try.wav",
        "speech/en/spoken-next-friday.wav",
        "speech/es/prompt-queue-thankyou.wav",
        "speech/es/spoken-next-friday.wav",
    ):
        for noise in ("pink", "white"):
            for decibels in (20, 10, 5):
                yield mixed("mixed", "mixed", clean, f"noise/{noise}.wav", decibels, 1_000, 500)


def interruptions():
    """What a caller does while the agent speaks: 2 s of line noise, then the sound."""
    for clean in (
        "demo/en-prices.wav",
        "demo/es-prices.wav",
        "speech/en/spoken-backchannel-uh-huh.wav",
        "speech/es/spoken-backchannel-aja.wav",
    ):
        kind = "backchannel" if "backchannel" in clean else "interruption"
        for noise, decibels in (("silence/line.wav", 40), ("noise/pink.wav", 15)):
            yield mixed("interruption", kind, clean, noise, decibels, 2_000, 1_000)


def mixed(folder, kind, clean, noise, decibels, lead_ms, tail_ms):
    source = SOURCES[clean]
    stem = clean.removesuffix(".wav").replace("demo/", "").replace("speech/", "")
    name = f"{stem.replace('/', '-')}-{noise.split('/')[1].removesuffix('.wav')}-{decibels}db"
    return MixedFixture(
        f"{folder}/{name}.wav", kind,
        f"{clean} {lead_ms} ms after the start of {noise} at {decibels} dB, G.711 µ-law",
        source.licence, source.language, source.transcript, source.attribution, clean,
        extra={"noise": noise, "snr_db": decibels, "lead_ms": lead_ms, "tail_ms": tail_ms},
        noise=noise, snr_decibels=decibels, lead_ms=lead_ms, tail_ms=tail_ms,
    )  # fmt: skip


SOURCES = {fixture.path: fixture for fixture in speech()}
FIXTURES = [
    *SOURCES.values(),
    *noise_and_silence(),
    *coughs(),
    *tones(),
    *mixtures(),
    *interruptions(),
]
