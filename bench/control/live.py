"""A subscriber of /ws/events: plain sockets and RFC 6455, so that nothing has to be installed."""

import base64
import json
import os
import socket
import struct
import threading
import time
from datetime import datetime


class Follower(threading.Thread):
    """Reads events until told to stop; `events` holds (arrival, event) in the order of arrival."""

    def __init__(self, port, path="/ws/events"):
        super().__init__(daemon=True)
        self.events = []
        self.snapshots = 0
        self.end = None
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n"
            .encode()
        )
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.buffer += self._receive()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        if b" 101 " not in head.split(b"\r\n")[0]:
            raise OSError(f"no WebSocket: {head.decode(errors='replace')}")
        self.socket.settimeout(None)

    def run(self):
        try:
            while True:
                opcode, payload = self._frame()
                now = time.time()
                if opcode == 1:
                    self._take(json.loads(payload), now)
                elif opcode == 8:
                    self.end = struct.unpack(">H", payload[:2])[0], payload[2:].decode()
                    return
                elif opcode == 9:
                    self.socket.sendall(bytes([0x8A, 0x80 | len(payload)]) + bytes(4) + payload)
        except OSError as error:
            self.end = self.end or (0, str(error))

    def close(self):
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.join(5)

    def delays_ms(self):
        return [(arrival - moment(event["time"])) * 1_000 for arrival, event in self.events]

    def _take(self, message, now):
        if message["type"] == "snapshot":
            self.snapshots += 1
        else:
            self.events += [(now, event) for event in message["events"]]

    def _frame(self):
        head = self._exactly(2)
        length = head[1] & 0x7F
        if length >= 126:
            length = int.from_bytes(self._exactly(2 if length == 126 else 8), "big")
        return head[0] & 0x0F, self._exactly(length)

    def _exactly(self, count):
        while len(self.buffer) < count:
            self.buffer += self._receive()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    def _receive(self):
        data = self.socket.recv(262_144)
        if not data:
            raise OSError("the gateway closed the connection")
        return data


def moment(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
