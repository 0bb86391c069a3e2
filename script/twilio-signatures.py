"""Prints signatures made by Twilio's Python package as JSON; script/twilio-signatures runs it."""

import json
import random
from urllib.parse import quote_plus

import twilio
from twilio.request_validator import RequestValidator

TOKEN = "test_auth_token_0123456789abcdef"
HOST = "https://bridge.example.com"
CALL = [
    ("AccountSid", "AC00000000000000000000000000000001"),
    ("ApiVersion", "2010-04-01"),
    ("CallSid", "CA00000000000000000000000000000001"),
    ("CallStatus", "ringing"),
    ("Called", "+15005550006"),
    ("Caller", "+15005550001"),
    ("Direction", "inbound"),
    ("From", "+15005550001"),
    ("To", "+15005550006"),
]
ODD = [("CallerName", "Zoë & Co"), ("Digits", ""), ("SpeechResult", " hello  world ")]


class Fields(dict):
    """Several values for one name, as the web frameworks hand them to the package."""

    def __init__(self, pairs):
        super().__init__(pairs)
        self.pairs = pairs

    def getall(self, name):
        return [value for key, value in self.pairs if key == name]


def encoded(pairs):
    return "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)


def form(name, url, pairs, token=TOKEN, received=None):
    signature = RequestValidator(token).compute_signature(url, Fields(pairs))
    received = received or url
    assert received != url or RequestValidator(token).validate(url, Fields(pairs), signature)
    return {
        "name": name, "token": token, "url": received, "body": encoded(pairs),
        "contentType": "application/x-www-form-urlencoded; charset=UTF-8",
        "signature": signature,
        "valid": RequestValidator(token).validate(received, Fields(pairs), signature),
    }  # fmt: skip


def json_body(name, url, body, sent=None):
    validator = RequestValidator(TOKEN)
    url = url + validator.compute_hash(body)
    signature = validator.compute_signature(url, {})
    sent = sent or body
    return {
        "name": name, "token": TOKEN, "url": url, "body": sent,
        "contentType": "application/json", "signature": signature,
        "valid": validator.validate(url, sent, signature),
    }  # fmt: skip


def seeded(seed):
    """Names and values that sorting and decoding can get wrong."""
    source = random.Random(seed)
    letters = "aAbBzZ019_-. +&=%~*éñ\u0301\U0001f600\r\n<>\"'"

    def text(longest):
        return "".join(source.choice(letters) for _ in range(source.randint(0, longest)))

    pairs = [(f"{source.choice('aAbBmM')}{text(4)}", text(12)) for _ in range(source.randint(1, 9))]
    port = source.choice(["", ":443", ":8443"])
    query = source.choice(["", "?a=1&b=%20x", "?q=a+b"])
    return form(f"seed {seed}", f"{HOST}{port}/api/twilio/voice{query}", pairs)


VOICE = f"{HOST}/api/twilio/voice"
STATUS = [("CallSid", "CA1"), ("CallStatus", "completed"), ("CallDuration", "17")]
NOTE = '{"CallSid":"CA00000000000000000000000000000001","note":"café"}'
vectors = [
    form("plain", VOICE, CALL),
    form("query and odd values", VOICE + "?tenant=a%20b&lang=en-GB", CALL + ODD),
    form("port", f"{HOST}:8443/status", STATUS),
    form("signed without the port", f"{HOST}/status", STATUS, received=f"{HOST}:8443/status"),
    form("signed with the default port", f"{HOST}:443/status", STATUS, received=f"{HOST}/status"),
    form("no fields", VOICE + "?CallSid=CA1&From=%2B15005550001", []),
    form("socket", "wss://bridge.example.com/twilio", []),
    form("socket, signed as a page", f"{HOST}/twilio", [], received="wss://bridge.example.com/twilio"),
    form("same name", f"{HOST}/m", [("A", "2"), ("A", "1"), ("A", "2"), ("B", "x")]),
    form("order", f"{HOST}/s", [(n, n) for n in "b B a A a1 MediaUrl10 MediaUrl2".split()]),
    form("line break", f"{HOST}/x", [("Body", "a\r\nb")]),
    form("composed", f"{HOST}/x", [("Body", "\u00e9")]),
    form("decomposed", f"{HOST}/x", [("Body", "e\u0301")]),
    form("another token", VOICE, CALL, token="12345"),
    form("another path", VOICE, CALL, received=VOICE + "/"),
    form("another host", VOICE, CALL, received="https://evil.example.com/api/twilio/voice"),
    form("another scheme", VOICE, CALL, received="http://bridge.example.com/api/twilio/voice"),
    json_body("json", f"{HOST}/json?bodySHA256=", NOTE),
    json_body("json, second in the query", f"{HOST}/json?x=1&bodySHA256=", NOTE),
    json_body("json, tampered", f"{HOST}/json?bodySHA256=", NOTE, sent=NOTE.replace("1", "2")),
]
vectors += [seeded(seed) for seed in range(24)]
print(
    json.dumps(
        {
            "made_by": f"twilio {twilio.__version__} (PyPI), by script/twilio-signatures",
            "vectors": vectors,
        },
        ensure_ascii=True,
        indent=1,
    )
)
