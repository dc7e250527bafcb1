"""Keeps secrets out of texts: every value that was seen is replaced, in each form it may take."""

import base64
import html
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

MASK = "[redacted]"
SHORTEST = 4
SHORTEST_LINE = 8

# Controls, bidirectional and invisible marks, and halves of characters: they forge terminal output
# and can split a secret so that it is not recognised. Line feed and tab stay.
_UNPRINTABLE = re.compile(
    "\x1b\\[[0-9;?]*[ -/]*[@-~]"
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]"
    "|[\ud800-\udfff]"
)


class Redactor:
    """Replaces learned secrets in texts by `[redacted]`.

    Known forms: as it is, in upper and lower case, base64 at each offset, URL-encoded, escaped for
    JSON, HTML and Python, and hex. Its cost does not grow with the number of secrets: a text is
    looked up by four characters at a time.
    """

    def __init__(self) -> None:
        self._learned: set[str] = set()
        self._forms: set[str] = set()
        self._lengths: defaultdict[str, list[int]] = defaultdict(list)

    def __repr__(self) -> str:
        return f"Redactor({len(self._learned)} secrets)"

    def learn(self, value: str) -> bool:
        """Remember a secret. False where it is too short (below 4) to be replaced without harm."""
        if len(value) < SHORTEST:
            return False
        for text in (value, *(line for line in value.split("\n") if len(line) >= SHORTEST_LINE)):
            self._learn_one(text)
        return True

    def redact(self, text: str) -> str:
        """Return the text without learned secrets and without controls but line feed and tab."""
        text = _UNPRINTABLE.sub("", text)
        if not self._forms:
            return text
        pieces, end = [], 0
        for start, stop in self._spans(text):
            pieces += [text[end:start], MASK]
            end = stop
        return "".join([*pieces, text[end:]])

    def printable(self, text: str, limit: int = 500) -> str:
        """Return the text redacted, on one line, and cut to `limit` characters."""
        line = " ".join(self.redact(text).split())
        return line if len(line) <= limit else line[: limit - 1] + "…"

    def _learn_one(self, value: str) -> None:
        if value in self._learned:
            return
        self._learned.add(value)
        for form in set(_forms(value)):
            self._learn_form(form)

    def _learn_form(self, form: str) -> None:
        if len(form) < SHORTEST:
            return
        self._forms.add(form)
        lengths = self._lengths[form[:SHORTEST]]
        if len(form) not in lengths:
            lengths.append(len(form))
            lengths.sort(reverse=True)

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where secrets stand; overlapping ones as one, so that no tail is left over."""
        start = stop = -1
        for position in self._heads(text):
            end = self._end_of_form(text, position)
            if end is None:
                continue
            if position > stop > 0:
                yield start, stop
            start = position if position > stop else start
            stop = max(stop, end)
        if stop > 0:
            yield start, stop

    def _heads(self, text: str) -> list[int]:
        """Return where a form may begin: a whole plan is looked through, so in one quick step."""
        heads = self._lengths
        if not heads:
            return []
        last = len(text) - SHORTEST + 1
        return [at for at in range(last) if text[at : at + SHORTEST] in heads]

    def _end_of_form(self, text: str, position: int) -> int | None:
        for length in self._lengths.get(text[position : position + SHORTEST], ()):
            if text[position : position + length] in self._forms:
                return position + length
        return None


def _forms(value: str) -> Iterator[str]:
    content = value.encode("utf-8", "surrogatepass")
    yield value
    if len(value) >= SHORTEST_LINE:
        yield value.upper()
        yield value.lower()
    yield from _base64_forms(content)
    yield from _escaped_forms(value, content)
    yield content.hex()
    yield content.hex().upper()


def _base64_forms(content: bytes) -> Iterator[str]:
    """Yield the characters that stand for `content` alone, wherever it starts in a longer text."""
    for offset, first in enumerate((0, 2, 3)):
        text = base64.b64encode(bytes(offset) + content).decode().rstrip("=")
        # The last character is shared with what follows, unless a group of three is full.
        shared = (len(content) + offset) % 3 != 0
        form = text[first : len(text) - shared]
        yield form
        yield form.translate({ord("+"): "-", ord("/"): "_"})


def _escaped_forms(value: str, content: bytes) -> Iterator[str]:
    for encoded in (quote(content, safe=""), quote(content), quote_plus(content)):
        yield encoded
        yield re.sub("%[0-9A-F]{2}", lambda found: found.group().lower(), encoded)
    for escaped in (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1]):
        yield escaped
        yield escaped.replace("/", "\\/")
        yield json.dumps(escaped)[1:-1]  # an error that quotes an answer that quotes the value
    yield html.escape(value)
    yield repr(value)[1:-1]
    yield repr(content)[2:-1]
