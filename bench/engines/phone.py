"""A caller as Twilio would connect one: plays lines, hears answers in real time, notes all of it."""

import asyncio
import base64
import json
import time
import uuid
from dataclasses import dataclass, field

import tones
from recordings import line
from websocket import Closed, WebSocket

FRAME_MS = 20
FRAME = 160
SILENCE = b"\xff" * FRAME
# So long after sound the agent has finished, when it is not known how its answer ends.
FINISHED_MS = 3_600
KNOWN_END_MS = 300
PATIENCE_MS = 14_000


@dataclass
class Said:
    """One line of the caller's, in milliseconds of the call."""

    name: str
    text: str
    start_ms: float
    voice_end_ms: float


@dataclass
class Heard:
    """A call as the caller remembers it."""

    call_sid: str
    said: list = field(default_factory=list)
    # What was played to the caller's ear, from the start of the call on.
    octets: bytearray = field(default_factory=bytearray)
    end: str = "the caller hung up"
    worst_tick_ms: float = 0.0
    clears: int = 0

    @property
    def duration_ms(self):
        return len(self.octets) / 8


class Phone:
    def __init__(self, port, lines, answers, language="en", on_moment=None):
        self.port, self.language = port, language
        self.lines = [line(name) for name in lines]
        self.answers = answers
        self.on_moment = on_moment
        self.heard = Heard("CA" + uuid.uuid4().hex)
        self.stream_sid = "MZ" + uuid.uuid4().hex
        self.buffer = bytearray()
        self.marks = []
        self.received = 0
        self.sequence = self.chunk = 0
        self.voice = b""
        self.last_sound_ms = None
        self.waiting_since_ms = 0.0
        self.answer_begun = False

    async def call(self, limit_seconds=150):
        try:
            self.socket = await WebSocket.connect(self.port, "/twilio")
        except (OSError, Closed) as error:
            self.heard.end = f"no connection: {error}"
            return self.heard
        reading = asyncio.create_task(self._read())
        try:
            self._begin()
            await asyncio.wait_for(self._live(reading), limit_seconds)
        except asyncio.TimeoutError:
            self.heard.end = f"not over after {limit_seconds} s"
        finally:
            reading.cancel()
            self.socket.close()
        return self.heard

    def _begin(self):
        self.socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
        self._send(
            "start",
            start={
                "accountSid": "AC" + "0" * 32, "streamSid": self.stream_sid,
                "callSid": self.heard.call_sid, "tracks": ["inbound"],
                "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
                "customParameters": {"language": self.language},
            },
        )

    def _send(self, event, **body):
        self.sequence += 1
        self.socket.send(
            json.dumps(
                {"event": event, "sequenceNumber": str(self.sequence),
                 "streamSid": self.stream_sid} | body
            )
        )

    async def _read(self):
        try:
            while True:
                message = json.loads(await self.socket.receive())
                if message["event"] == "media":
                    octets = base64.b64decode(message["media"]["payload"])
                    self.buffer += octets
                    self.received += len(octets)
                elif message["event"] == "mark":
                    self.marks.append((self.received, message["mark"]["name"]))
                elif message["event"] == "clear":
                    self.heard.clears += 1
                    self.received -= len(self.buffer)
                    self.buffer.clear()
                    self._return_marks(everything=True)
        except Closed as error:
            return f"the gateway ended it {error}"

    async def _live(self, reading):
        started = time.monotonic()
        tick = 0
        while True:
            due = started + tick * FRAME_MS / 1_000
            late = time.monotonic() - due
            if late < 0:
                await asyncio.sleep(-late)
            self.heard.worst_tick_ms = max(self.heard.worst_tick_ms, late * 1_000)
            if reading.done() and not self.buffer:
                self.heard.end = reading.result()
                return
            now = tick * FRAME_MS
            self._speak(now)
            self._listen(now)
            if not self._goes_on(now):
                self._send("stop", stop={"accountSid": "AC" + "0" * 32,
                                         "callSid": self.heard.call_sid})
                return
            tick += 1

    def _speak(self, now):
        frame, self.voice = self.voice[:FRAME], self.voice[FRAME:]
        frame += SILENCE[len(frame) :]
        self.chunk += 1
        self._send(
            "media",
            media={"track": "inbound", "chunk": str(self.chunk), "timestamp": str(int(now)),
                   "payload": base64.b64encode(frame).decode()},
        )

    def _listen(self, now):
        frame = bytes(self.buffer[:FRAME])
        del self.buffer[:FRAME]
        self.heard.octets += frame + SILENCE[len(frame) :]
        if 1 in frame.translate(tones.LOUD):
            self.last_sound_ms = now + FRAME_MS
            if not self.answer_begun:
                self.answer_begun = True
                self._moment("answer")
        self._return_marks()

    def _return_marks(self, everything=False):
        played = self.received - len(self.buffer)
        while self.marks and (everything or self.marks[0][0] <= played):
            self._send("mark", mark={"name": self.marks.pop(0)[1]})

    def _goes_on(self, now):
        """Says the next line when the agent has finished; False when there is none."""
        said = self.heard.said
        if said and now - FRAME_MS < said[-1].voice_end_ms <= now:
            self._moment("voiceEnd")
        if self.voice:
            return True
        if said and not self.answer_begun and now < said[-1].voice_end_ms + PATIENCE_MS:
            return True
        if not said and self.last_sound_ms is None and now < PATIENCE_MS:
            return True
        if self.last_sound_ms is not None and not self._has_finished(now):
            return True
        index = len(said)
        if index == len(self.lines):
            return False
        next_line = self.lines[index]
        said.append(
            Said(next_line.name, next_line.text, now + FRAME_MS,
                 now + FRAME_MS + next_line.voice_end_ms)
        )
        self.voice = next_line.octets
        self.answer_begun = False
        self._moment("line")
        return True

    def _has_finished(self, now):
        quiet = now - self.last_sound_ms
        if quiet >= FINISHED_MS:
            return True
        if quiet < KNOWN_END_MS or quiet % 100 >= FRAME_MS or self.buffer:
            return False
        since = self.heard.said[-1].voice_end_ms if self.heard.said else 0
        expected = self.answers.after(self.heard.said[-1].text if self.heard.said else None)
        known = tones.tones_of(expected)[-3:]
        heard = [each.tone for each in tones.sounds(self.heard.octets, int(since) * 8)][-3:]
        return heard == known

    def _moment(self, what):
        if self.on_moment:
            self.on_moment(len(self.heard.said) - 1, what)
