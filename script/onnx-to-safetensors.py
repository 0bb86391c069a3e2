#!/usr/bin/env python3
"""Writes the parameters of the 16 kHz Silero VAD network as safetensors.

usage: onnx-to-safetensors.py NETWORK.onnx WEIGHTS.safetensors

The package's own safetensors file holds other numbers than its ONNX files do, from another
training run; ours must be those that ONNX Runtime runs. Needs nothing but python3: of the ONNX
format (protocol buffers, onnx.proto) it reads the graph's initializers and nothing else.
"""

import json
import struct
import sys

NAMES = {"model.stft.forward_basis_buffer": "stft_conv.weight"}
for layer in range(4):
    for kind in ("weight", "bias"):
        NAMES[f"model.encoder.{layer}.reparam_conv.{kind}"] = f"conv{layer + 1}.{kind}"
for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
    NAMES[f"model.decoder.rnn.{kind}"] = f"lstm_cell.{kind}"
for kind in ("weight", "bias"):
    NAMES[f"model.decoder.decoder.2.{kind}"] = f"final_conv.{kind}"


def varint(octets, position):
    value = shift = 0
    while True:
        octet = octets[position]
        position += 1
        value |= (octet & 0x7F) << shift
        if octet < 0x80:
            return value, position
        shift += 7


def fields(octets):
    """The fields of one message: (number, value), whole numbers or octets."""
    position = 0
    while position < len(octets):
        key, position = varint(octets, position)
        kind = key & 7
        if kind == 0:
            value, position = varint(octets, position)
        else:
            length = {1: 8, 5: 4}.get(kind)
            if length is None:
                if kind != 2:
                    sys.exit(f"error: not an ONNX file (wire type {kind})")
                length, position = varint(octets, position)
            value = octets[position : position + length]
            position += length
        yield key >> 3, value


def tensor(octets):
    """TensorProto: dims 1, data_type 2 (1 is float), name 8, raw_data 9."""
    shape, kind, name, data = [], 0, "", b""
    for number, value in fields(octets):
        if number == 1 and isinstance(value, int):
            shape.append(value)
        elif number == 1:
            position = 0
            while position < len(value):
                dimension, position = varint(value, position)
                shape.append(dimension)
        elif number == 2:
            kind = value
        elif number == 8:
            name = bytes(value).decode()
        elif number == 9:
            data = bytes(value)
    return name, kind, shape, data


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: onnx-to-safetensors.py NETWORK.onnx WEIGHTS.safetensors")
    with open(sys.argv[1], "rb") as file:
        model = memoryview(file.read())
    tensors = {}
    for graph in (value for number, value in fields(model) if number == 7):
        for octets in (value for number, value in fields(graph) if number == 5):
            name, kind, shape, data = tensor(octets)
            if name in NAMES and kind == 1:
                tensors[NAMES[name]] = (shape, data)
    missing = sorted(set(NAMES.values()) - set(tensors))
    if missing:
        sys.exit(f"error: {sys.argv[1]} lacks {', '.join(missing)}")
    header, position = {}, 0
    for name, (shape, data) in tensors.items():
        offsets = [position, position + len(data)]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": offsets}
        position += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(sys.argv[2], "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, data in tensors.values():
            file.write(data)


main()
