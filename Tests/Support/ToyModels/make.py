"""Writes toy models that sherpa-onnx loads as it does real ones, for the integration tests.

    python3 make.py FOLDER

makes FOLDER/transducer and FOLDER/ctc (recognisers) and FOLDER/letters and FOLDER/piper (voices).
The recognisers say "UNO" for a tone in the lower half of the mel bands and "DOS" for one in the
upper half, each once until the other comes. The voices speak a tone that lasts 50 ms for every
token and has 400 Hz, 200 Hz more for each further speaker. Standard library only: an ONNX file is
a protocol buffer (ONNX's onnx.proto, IR version 8, operator set 13), written here field by field.
"""

import math
import os
import struct
import sys

FLOAT, INT64 = 1, 7
BLANK, UNKNOWN, LOW, HIGH = range(4)
MEL_BANDS = 80
# A tone that the fixtures play has a log energy of some 5, silence one far below zero.
THRESHOLD = 0.0


def varint(number):
    octets = b""
    while True:
        number, octet = number >> 7, number & 0x7F
        octets += bytes([octet | (0x80 if number else 0)])
        if not number:
            return octets


def field(number, value):
    """One field: an integer as a varint, anything else with its length before it."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value & (1 << 64) - 1)
    octets = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(octets)) + octets


def attribute(name, value):
    if isinstance(value, list):
        return field(1, name) + b"".join(field(8, item) for item in value) + field(20, 7)
    return field(1, name) + field(3, value) + field(20, 2)


def node(operator, inputs, outputs, **attributes):
    return (
        b"".join(field(1, name) for name in inputs)
        + b"".join(field(2, name) for name in outputs)
        + field(4, operator)
        + b"".join(field(5, attribute(*item)) for item in attributes.items())
    )


def tensor(name, kind, shape, values):
    data = struct.pack("<%d%s" % (len(values), "f" if kind == FLOAT else "q"), *values)
    return (
        b"".join(field(1, length) for length in shape)
        + field(2, kind) + field(8, name) + field(9, data)
    )


def value(name, kind, shape):
    """An input or output; a text among the lengths is one that varies."""
    lengths = b"".join(
        field(1, field(2, length) if isinstance(length, str) else field(1, length))
        for length in shape
    )
    return field(1, name) + field(2, field(1, field(1, kind) + field(2, lengths)))


def model(path, nodes, inputs, outputs, constants, metadata):
    graph = (
        b"".join(field(1, item) for item in nodes) + field(2, "toy")
        + b"".join(field(5, tensor(*item)) for item in constants)
        + b"".join(field(11, value(*item)) for item in inputs)
        + b"".join(field(12, value(*item)) for item in outputs)
    )
    octets = field(1, 8) + field(2, "mediabridge-tests") + field(7, graph)
    octets += field(8, field(1, "") + field(2, 13))
    for key, text in metadata.items():
        octets += field(14, field(1, key) + field(2, str(text)))
    with open(path, "wb") as file:
        file.write(octets)


def lines(path, items):
    with open(path, "w", encoding="utf-8") as file:
        file.writelines(item + "\n" for item in items)


# Scores of a frame of features: [threshold, never, loudest low band, loudest high band].
SCORE_NODES = [
    node("Slice", ["x", "low_start", "low_end", "bands"], ["low"]),
    node("Slice", ["x", "low_end", "high_end", "bands"], ["high"]),
    node("ReduceMax", ["low"], ["low_peak"], axes=[2], keepdims=1),
    node("ReduceMax", ["high"], ["high_peak"], axes=[2], keepdims=1),
    node("Mul", ["low_peak", "zero"], ["nothing"]),
    node("Add", ["nothing", "threshold"], ["blank"]),
    node("Add", ["nothing", "never_score"], ["never"]),
    node("Concat", ["blank", "never", "low_peak", "high_peak"], ["frames"], axis=2),
]
SCORE_CONSTANTS = [
    ("low_start", INT64, [1], [0]),
    ("low_end", INT64, [1], [MEL_BANDS // 2]),
    ("high_end", INT64, [1], [MEL_BANDS]),
    ("bands", INT64, [1], [2]),
    ("zero", FLOAT, [1], [0.0]),
    ("threshold", FLOAT, [1], [THRESHOLD]),
    ("never_score", FLOAT, [1], [-1000.0]),
]


def subsampled(source, target, length, step):
    """Every `step`th of the first `length` frames."""
    nodes = [node("Slice", [source, "first", "last", "times", "step"], [target])]
    constants = [
        ("first", INT64, [1], [0]), ("last", INT64, [1], [length]),
        ("times", INT64, [1], [1]), ("step", INT64, [1], [step]),
    ]
    return nodes, constants


def recogniser_tokens(folder):
    lines(
        os.path.join(folder, "tokens.txt"),
        ["<blk> 0", "<unk> 1", "\u2581UNO 2", "\u2581DOS 3"],
    )


def transducer(folder):
    """An LSTM transducer of icefall's kind whose states pass through unused."""
    recogniser_tokens(folder)
    shape = [1, "N", 8]
    nodes, constants = subsampled("frames", "encoder_out", 8, 4)
    nodes = SCORE_NODES + nodes + [
        node("Identity", ["h"], ["new_h"]), node("Identity", ["c"], ["new_c"]),
    ]
    model(
        os.path.join(folder, "encoder.onnx"), nodes,
        [("x", FLOAT, ["N", 9, MEL_BANDS]), ("h", FLOAT, shape), ("c", FLOAT, shape)],
        [
            ("encoder_out", FLOAT, ["N", 2, 4]), ("new_h", FLOAT, shape),
            ("new_c", FLOAT, shape),
        ],
        SCORE_CONSTANTS + constants,
        {
            "model_type": "lstm", "version": 1, "num_encoder_layers": 1, "T": 9,
            "decode_chunk_len": 8, "rnn_hidden_size": 8, "d_model": 8,
        },
    )
    # What was said last loses all its score, so that a word comes once.
    model(
        os.path.join(folder, "decoder.onnx"),
        [
            node("Slice", ["y", "last", "end", "axis"], ["token"]),
            node("Gather", ["scores", "token"], ["rows"]),
            node("Squeeze", ["rows", "axis"], ["decoder_out"]),
        ],
        [("y", INT64, ["N", 2])], [("decoder_out", FLOAT, ["N", 4])],
        [
            ("last", INT64, [1], [1]), ("end", INT64, [1], [2]), ("axis", INT64, [1], [1]),
            (
                "scores", FLOAT, [4, 4],
                [-1000.0 if row == column and row >= LOW else 0.0
                 for row in range(4) for column in range(4)],
            ),
        ],
        {"context_size": 2, "vocab_size": 4},
    )
    model(
        os.path.join(folder, "joiner.onnx"),
        [node("Add", ["encoder_out", "decoder_out"], ["logit"])],
        [("encoder_out", FLOAT, ["N", 4]), ("decoder_out", FLOAT, ["N", 4])],
        [("logit", FLOAT, ["N", 4])], [], {"joiner_dim": 4},
    )


def ctc(folder):
    """A Zipformer CTC model of icefall's kind with one layer whose states pass through unused."""
    recogniser_tokens(folder)
    states = {
        "cached_key_0": [4, "N", 4], "cached_nonlin_attn_0": [1, "N", 4, 6],
        "cached_val1_0": [4, "N", 4], "cached_val2_0": [4, "N", 4],
        "cached_conv1_0": ["N", 8, 1], "cached_conv2_0": ["N", 8, 1],
        "embed_states": ["N", 128, 3, 19],
    }
    nodes, constants = subsampled("frames", "scores", 8, 4)
    nodes = SCORE_NODES + nodes + [node("LogSoftmax", ["scores"], ["log_probs"], axis=2)]
    nodes += [node("Identity", [name], ["new_" + name]) for name in states]
    nodes += [node("Identity", ["processed_lens"], ["new_processed_lens"])]
    inputs = [("x", FLOAT, ["N", 13, MEL_BANDS])]
    inputs += [(name, FLOAT, shape) for name, shape in states.items()]
    inputs += [("processed_lens", INT64, ["N"])]
    outputs = [("log_probs", FLOAT, ["N", 2, 4])]
    outputs += [("new_" + name, FLOAT, shape) for name, shape in states.items()]
    outputs += [("new_processed_lens", INT64, ["N"])]
    model(
        os.path.join(folder, "model.onnx"), nodes, inputs, outputs, SCORE_CONSTANTS + constants,
        {
            "model_type": "zipformer2", "version": 1, "encoder_dims": 8, "query_head_dims": 4,
            "value_head_dims": 4, "num_heads": 1, "num_encoder_layers": 1,
            "cnn_module_kernels": 3, "left_context_len": 4, "T": 13, "decode_chunk_len": 8,
        },
    )


def voice(folder, tokens, metadata, rate, speakers):
    lines(os.path.join(folder, "tokens.txt"), tokens)
    nodes = [
        node("Shape", ["input"], ["shape"]),
        node("Gather", ["shape", "last"], ["token_count"]),
        node("Mul", ["token_count", "token_length"], ["length"]),
        node("Range", ["start", "length", "one"], ["positions"]),
        node("Cast", ["positions"], ["times"], to=FLOAT),
        node("Cast", ["sid"], ["speaker"], to=FLOAT),
        node("Mul", ["speaker", "speaker_step"], ["shift"]),
        node("Add", ["shift", "base_step"], ["angle_step"]),
        node("Mul", ["times", "angle_step"], ["angles"]),
        node("Sin", ["angles"], ["wave"]),
        node("Mul", ["wave", "loudness"], ["loud_wave"]),
        node("Reshape", ["loud_wave", "audio_shape"], ["output"]),
    ]
    constants = [
        ("last", INT64, [], [1]), ("token_length", INT64, [], [rate // 20]),
        ("start", INT64, [], [0]), ("one", INT64, [], [1]),
        ("speaker_step", FLOAT, [1], [2 * math.pi * 200 / rate]),
        ("base_step", FLOAT, [1], [2 * math.pi * 400 / rate]),
        ("loudness", FLOAT, [1], [0.5]), ("audio_shape", INT64, [3], [1, 1, -1]),
    ]
    model(
        os.path.join(folder, "model.onnx"), nodes,
        [
            ("input", INT64, [1, "L"]), ("input_lengths", INT64, [1]), ("scales", FLOAT, [3]),
            ("sid", INT64, [1]),
        ],
        [("output", FLOAT, [1, 1, "T"])], constants,
        {"model_type": "vits", "n_speakers": speakers, "sample_rate": rate} | metadata,
    )


def letters(folder):
    """A voice that reads letters itself."""
    tokens = ["_ 0", "  1"] + [
        "%s %d" % (letter, index + 2)
        for index, letter in enumerate("abcdefghijklmnopqrstuvwxyz'\u00e1\u00e9\u00ed\u00f3\u00fa\u00f1.,?!")
    ]
    voice(
        folder, tokens,
        {
            "comment": "coqui", "frontend": "characters", "language": "Spanish", "add_blank": 0,
            "blank_id": 0, "bos_id": 0, "eos_id": 0, "use_eos_bos": 0, "pad_id": 0,
        },
        16_000, 3,
    )


def piper(folder):
    """A voice that takes espeak-ng's phonemes, as Piper's do."""
    phonemes = "_^$ .,?!abcdefghijklmnopqrstuvwxyz\u00e6\u00f0\u014b\u0250\u0251\u0254\u0259\u025a"
    phonemes += "\u025b\u025c\u0261\u026a\u0279\u027e\u0283\u028a\u028c\u0292\u02c8\u02cc\u02d0\u03b8\u0294\u0261\u03b2\u0263\u0272"
    seen = list(dict.fromkeys(phonemes))
    voice(
        folder, ["%s %d" % (phoneme, index) for index, phoneme in enumerate(seen)],
        {"comment": "piper", "language": "English", "voice": "en-us", "has_espeak": 1},
        22_050, 3,
    )


for make in (transducer, ctc, letters, piper):
    folder = os.path.join(sys.argv[1], make.__name__)
    os.makedirs(folder, exist_ok=True)
    make(folder)
