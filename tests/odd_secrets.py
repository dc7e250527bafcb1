"""Secrets of odd shapes, and the encodings in which programs, servers and formats write a value.

Written with Python's own libraries, not from what pairctl recognises.
"""

import base64
import html
import io
import json
import shlex
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, quote_plus

from ruamel.yaml import YAML

ODD_SECRETS: Mapping[str, str] = {
    "plain": "correct-horse-battery-17",
    "apostrophe": "it's-a-secret-7f3a",
    "quotes": 'say-"no"-to\'day`s-5c1d',
    "line feed": "first-line-9d0c\nsecond-line-4e7b",
    "escape": "open\x1b[31m-sesame-77a1",
    "grapheme joiner": "grape\u034fjoiner-31bd",
    "tag": "tag\U000e0020space-58cc",
    "no width": "no\u200bwidth-at-all-6e02",
    "at": "p@ss@word-64f0",
    "slash": "pa/ss//word-21d8",
    "percent": "50%41%zz-off-90be",
    "ampersand": "this&amp;that&#39;-33ab",
    "backslash": "C:\\new\\x41-temp-0f0f",
    "like base64": "c2VjcmV0LXZhbHVlLTQy",
    "like JSON": '{"user": "a", "pw": "b\\n77c0"}',
    "like YAML": "- a: 'b' # c: \"d\" 88f1",
    "200 characters": "0123456789abcdef" * 12 + "and-eight",
    "spaces": "many words of no use 40d2",
    "signs beyond ASCII": "pässwörd-ß-漢字-🔑-19e4",
    "quotes alone": "'\"\"'\\\\`''\"",
    "short": "p4ss-w0r",
}
"""What people, generators and vendors make up; none is shorter than the least length."""


def _yaml(value: str, style: str) -> str:
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 100_000
    yaml.default_style = style  # type: ignore[assignment]  # typed as None
    yaml.dump(value, stream)
    return stream.getvalue().removesuffix("...\n").strip()


def _units(value: str) -> list[int]:
    raw = value.encode("utf-16-be")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


def _between(value: str, what: str) -> str:
    return what.join(value)


ENCODINGS: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "percent": lambda v: quote(v, safe=""),
    "percent, but slashes": quote,
    "percent in small letters": lambda v: quote(v, safe="").lower(),
    "percent, every byte": lambda v: "".join(f"%{byte:02X}" for byte in v.encode()),
    "percent twice": lambda v: quote(quote(v, safe=""), safe=""),
    "form": quote_plus,
    "base64": lambda v: base64.b64encode(v.encode()).decode(),
    "base64url": lambda v: base64.urlsafe_b64encode(v.encode()).decode().rstrip("="),
    "base64 in lines": lambda v: base64.encodebytes(v.encode()).decode().strip(),
    "base64 of JSON": lambda v: base64.b64encode(json.dumps(v)[1:-1].encode()).decode(),
    "JSON": lambda v: json.dumps(v)[1:-1],
    "JSON in Unicode": lambda v: json.dumps(v, ensure_ascii=False)[1:-1],
    "JSON with slashes": lambda v: json.dumps(v)[1:-1].replace("/", "\\/"),
    "JSON in JSON": lambda v: json.dumps(json.dumps(v)[1:-1])[1:-1],
    "JSON, every sign": lambda v: "".join(f"\\u{unit:04x}" for unit in _units(v)),
    "YAML in apostrophes": lambda v: v.replace("'", "''"),
    "YAML in quotes": lambda v: _yaml(v, '"')[1:-1],
    "HTML": html.escape,
    "HTML in numbers": lambda v: "".join(f"&#{ord(sign)};" for sign in v),
    "HTML in hex": lambda v: "".join(f"&#x{ord(sign):x};" for sign in v),
    "HTML of JSON": lambda v: html.escape(json.dumps(v)[1:-1]),
    "percent of JSON": lambda v: quote(json.dumps(v)[1:-1], safe=""),
    "shell": shlex.quote,
    "shell, each sign": lambda v: "".join(f"\\{s}" if not s.isalnum() else s for s in v),
    "shell in apostrophes": lambda v: v.replace("'", "'\\''"),
    "shell in octal": lambda v: "".join(f"\\{byte:03o}" for byte in v.encode()),
    "Python": lambda v: repr(v)[1:-1],
    "Python bytes": lambda v: repr(v.encode())[2:-1],
    "ascii": lambda v: ascii(v)[1:-1],
    "hex": lambda v: v.encode().hex(),
    "HEX": lambda v: v.encode().hex().upper(),
    "hex with colons": lambda v: v.encode().hex(":"),
    "hex in lines": lambda v: "\n".join(v.encode().hex()[at : at + 16] for at in range(0, 999, 16)),
    "upper case": lambda v: "".join(s.upper() if s.isascii() else s for s in v),
    "spaces between": lambda v: _between(v, " "),
    "line feeds between": lambda v: _between(v, "\r\n"),
    "spaces of no width between": lambda v: _between(v, "\u200b"),
    "joiners between": lambda v: _between(v, "\u034f"),
    "tags between": lambda v: _between(v, "\U000e0041"),
    "soft hyphens between": lambda v: _between(v, "\xad"),
    "colours between": lambda v: _between(v, "\x1b[31m"),
    "without controls": lambda v: "".join(s for s in v if s.isprintable()),
}
"""Each is a spelling of the value alone, with no quotes around it."""


SOME_ENCODINGS = (
    "as it is",
    "percent",
    "base64",
    "JSON",
    "YAML in apostrophes",
    "YAML in quotes",
    "HTML",
    "shell in apostrophes",
    "Python",
    "spaces of no width between",
)
"""Enough to see that a sink is given to the redactor, value by value."""


def in_base64(value: str) -> Iterator[tuple[str, str]]:
    """Give longer texts in base64 that hold the value, each with a piece that stands for it."""
    for before in ("", "u", "us", "user:"):
        for after in ("", ":", ":x", ":xy"):
            for encode in (base64.b64encode, base64.urlsafe_b64encode):
                text = encode(f"{before}{value}{after}".encode()).decode()
                first = -(-len(before) // 3) * 4
                last = len((before + value).encode()) // 3 * 4
                yield text, text[first:last]
