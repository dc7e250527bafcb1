"""Hostile repositories made from the examples: what they are made of is changed, not only bytes."""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from hypothesis import strategies as st

from fuzzing.case import Case
from pairctl.pairing import Phase, Status
from pairctl.pairing.case import Pinned, Refused
from pairctl.pairing.outcome.conditions import Condition, ConditionType, Truth
from pairctl.pairing.outcome.status import ProfileUse
from pairctl.records import (
    claim_path,
    cluster_file,
    palette_file,
    render_claim,
    render_status,
    status_path,
)
from pairctl.spec.decoding import MAX_FILE_BYTES
from pairing_factory import NOW, make_claim, make_host, make_view

ROOT = Path(__file__).parents[2]
LONGEST = MAX_FILE_BYTES + 1000
TOKEN = re.compile(rb"\"[^\"]*\"|'[^']*'|[\w./@+-]+|[^\w\s]")
VALUE = re.compile(rb"(?<=: )[^\n]+")

WORDS: tuple[bytes, ...] = (
    # what YAML is made of
    *(b"- ", b"? ", b": ", b", ", b"[", b"]", b"{", b"}", b"|", b">", b"|-\n ", b"'", b'"', b"#"),
    *(b"\n", b"\r\n", b"\r", b"\t", b" ", b"\n---\n", b"\n...\n", b"--- ", b"%YAML 1.1\n", b"\\"),
    *(
        b"&a ",
        b"*a",
        b"<<: ",
        b"<<: *a\n",
        b"!!str ",
        b"!!binary ",
        b"!x ",
        b"!<",
        b"@",
        b"`",
        b"%",
    ),
    b"a: &a [x]\nb: *a\n",
    b"a: &a [*a]\n",
    b"<<<<<<< ours\n",
    b">>>>>>> theirs\n",
    # values that are read as something else
    *(b"~", b"null", b"NO", b"on", b"yes", b"true", b"1.10", b"1e999", b".inf", b".nan", b"-.INF"),
    *(b"0x1F", b"0o17", b"017", b"12:30:45", b"1_000", b"2026-03-01", b"2026-03-01 12:00:00 Z"),
    *(b"9", b"9.9", b"1:1", b"-", b"+", b"0", b"-1", b"=", b"''", b'""', b"[]", b"{}"),
    # characters
    *(b"\x00", b"\x07", b"\x1b[2J", b"\x7f", b"\xff", b"\xed\xa0\x80"),
    *(
        text.encode()
        for text in ("\x85", "\ufeff", "\u200b", "\u202e", "\u2028", "\ufffe", "\U000e0041")
    ),
    *(
        text.encode()
        for text in ("\u00e9", "e\u0301", "\u0430", "\u212a", "\u0130", "\u00df", "\U0001f600")
    ),
    *(rb'"\u200b"', rb'"\ud800"', rb'"\0"', rb'"\x1b"', rb'"\N"', rb'"\U0010ffff"', rb'"\n"'),
    # what looks secret, and what is long
    *(b"eyJ", b"eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2ln", b"0123456789abcdef", b"//user:word@"),
    *(b"a", b"A", b"a.", b"a-", b"../", b"/", b"a b ", b"passwordA1"),
    b"version https://git-lfs.github.com/spec/v1\n",
    # fields, kinds and names
    *(b"apiVersion", b"kind", b"metadata", b"name", b"labels", b"spec", b"secret", b"version"),
    *(b"Palette", b"ProfileMatch", b"PairingIntent", b"Operator", b"PairingStatus", b"pairctl/v1"),
    *(b"pairctl/v1alpha1", b"Auto", b"Rejected", b"Local", b"https://10.0.42.10:5080"),
    *(b"observed", b"status", b"layers", b"profiles", b"unusable", b"seenAt", b"phase", b"values"),
)
TIMES = st.sampled_from((*(1,) * 50, *(2, 3, 5, 40) * 2, 101, 1_100, 11_000, 70_000))
PLACE = st.integers(0, 9_999)


class Change(NamedTuple):
    """One change of a file: `at` is where, in ten thousandths; `span` how much, in tokens."""

    how: Callable[[bytes, "Change"], bytes]
    at: int
    span: int
    word: bytes
    times: int

    def made(self, content: bytes) -> bytes:
        """Return the content with the change made, cut to a little more than the limit."""
        return self.how(content, self)[:LONGEST]


# ── the ways to change a file ────────────────────────────────────────────────────────────────────


def insert(content: bytes, change: Change) -> bytes:
    """Put a word in, many times perhaps."""
    at = len(content) * change.at // 10_000
    return content[:at] + change.word * change.times + content[at:]


def replace_tokens(content: bytes, change: Change) -> bytes:
    """Put a word in the place of some tokens."""
    tokens = list(TOKEN.finditer(content))
    if not tokens:
        return insert(content, change)
    first = len(tokens) * change.at // 10_000
    last = min(first + change.span, len(tokens) - 1)
    return (
        content[: tokens[first].start()]
        + change.word * change.times
        + content[tokens[last].end() :]
    )


def replace_value(content: bytes, change: Change) -> bytes:
    """Give a field another value."""
    values = list(VALUE.finditer(content))
    if not values:
        return replace_tokens(content, change)
    start, end = values[len(values) * change.at // 10_000].span()
    return content[:start] + change.word * change.times + content[end:]


def drop(content: bytes, change: Change) -> bytes:
    """Leave some tokens out."""
    return replace_tokens(content, change._replace(word=b""))


def swap_tokens(content: bytes, change: Change) -> bytes:
    """Let two tokens change places."""
    tokens = list(TOKEN.finditer(content))
    if len(tokens) < 2:
        return content
    first = (len(tokens) - 1) * change.at // 10_000
    a, b = tokens[first], tokens[min(first + 1 + change.span, len(tokens) - 1)]
    middle = content[a.end() : b.start()]
    return content[: a.start()] + b.group() + middle + a.group() + content[b.end() :]


def repeat_lines(content: bytes, change: Change) -> bytes:
    """Write some lines several times."""
    lines = content.splitlines(keepends=True) or [b""]
    first = len(lines) * change.at // 10_000
    some = lines[first : first + 1 + change.span]
    times = min(change.times + 1, LONGEST // (1 + len(b"".join(some))) + 1)
    return b"".join([*lines[:first], *some * times, *lines[first + len(some) :]])


def number_lines(content: bytes, change: Change) -> bytes:
    """Write a line many times, each time with another number at its first word."""
    lines = content.splitlines(keepends=True) or [b""]
    first = len(lines) * change.at // 10_000
    times = min(change.times, LONGEST // (1 + len(lines[first])) + 1)
    word = re.match(rb"\W*\w*", lines[first])
    at = word.end() if word else 0
    more = [lines[first][:at] + b"%d" % n + lines[first][at:] for n in range(times)]
    return b"".join([*lines[:first], *more, *lines[first:]])


def indent(content: bytes, change: Change) -> bytes:
    """Move a line to the right."""
    lines = content.splitlines(keepends=True) or [b""]
    first = len(lines) * change.at // 10_000
    lines[first] = b" " * (change.span + 1) + lines[first]
    return b"".join(lines)


def wrap(content: bytes, change: Change) -> bytes:
    """Nest a value in lists, or in mappings."""
    values = list(VALUE.finditer(content))
    if not values:
        return content
    start, end = values[len(values) * change.at // 10_000].span()
    before, after = ((b"[", b"]"), (b"{a: ", b"}"), (b"{? ", b" : x}"))[change.span % 3]
    inner = content[start:end]
    return content[:start] + before * change.times + inner + after * change.times + content[end:]


def add_document(content: bytes, change: Change) -> bytes:
    """Put another example behind, or before, this one."""
    other = examples()[len(examples()) * change.at // 10_000]
    pair = (content, other) if change.span % 2 else (other, content)
    return b"\n---\n".join(pair)


def number_documents(content: bytes, change: Change) -> bytes:
    """Write all of it many times, each time with another number at the first name."""
    times = min(change.times, LONGEST // (1 + len(content)) + 1)
    return b"\n---\n".join(re.sub(rb"name: [\w-]*", rb"\g<0>%d" % n, content) for n in range(times))


def recode(content: bytes, change: Change) -> bytes:
    """Write it as another editor would."""
    text = content.decode("utf-8", "replace")
    codes = ("utf-8-sig", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1")
    lines = (b"\n", b"\r\n", b"\r", b"\n\r")
    if change.at % 4:
        return content.replace(b"\n", lines[change.at % 4])
    return text.encode(codes[change.span % len(codes)], "replace")


def flip(content: bytes, change: Change) -> bytes:
    """Change one bit."""
    at = len(content) * change.at // 10_000
    return (
        content[:at]
        + bytes(byte ^ (1 << change.span % 7) for byte in content[at : at + 1])
        + content[at + 1 :]
    )


WAYS = (
    *(replace_value, replace_tokens, insert, drop, swap_tokens, repeat_lines, number_lines),
    *(indent, wrap, add_document, number_documents, recode, flip),
)


# ── what is changed ──────────────────────────────────────────────────────────────────────────────


@cache
def examples() -> tuple[bytes, ...]:
    """Return the documents of all examples, the shortest first, and the valid ones in one file."""
    valid = sorted((ROOT / "examples/valid").glob("*.yaml"))
    together = b"\n---\n".join(path.read_bytes() for path in valid)
    every = {path.read_bytes() for path in (ROOT / "examples").rglob("*.yaml")}
    return (*sorted(every, key=lambda content: (len(content), content)), together)


@cache
def records() -> Mapping[str, bytes]:
    """Return a status branch, as pairctl writes it, that speaks of `examples/valid`."""
    files = [palette_file("production", make_view(), NOW)]
    for name, phase in (("store-0042", Phase.BLOCKED), ("store-0043", Phase.PAIRED)):
        files += [cluster_file(name, make_host(agent_version="v4.9.0"), NOW) or ("", b"")]
        files += [(status_path(name), render_status(_status(name, phase)))]
    return dict([*files, (claim_path("local-42"), render_claim(make_claim()))])


def _status(name: str, phase: Phase) -> Status:
    conditions = (Condition(ConditionType.ACCEPTED, Truth.TRUE, "Seen", "yes", "sha256:one", NOW),)
    return Status(
        name,
        phase,
        generation="sha256:one",
        source_commit="abc",
        message="a: 'b'",
        profiles=(ProfileUse("retail-infra", "3.2.0", "uid-1"),),
        refused=Refused("u1", "sha256:zero"),
        pinned=Pinned("local-42", "10.0.42.10:5080", 1),
        conditions=conditions,
    )


def changes() -> st.SearchStrategy[list[Change]]:
    """Return a strategy for a few changes."""
    one = st.builds(
        Change, st.sampled_from(WAYS), PLACE, st.integers(0, 9), st.sampled_from(WORDS), TIMES
    )
    return st.lists(one, max_size=5)


@st.composite
def changed(draw: st.DrawFn, seeds: tuple[bytes, ...]) -> bytes:
    """Return one of the seeds with a few changes made, or bytes of any kind."""
    is_noise = draw(st.integers(0, 30)) == 30
    content = draw(st.binary(max_size=200) if is_noise else st.sampled_from(seeds))
    for change in draw(changes()):
        content = change.made(content)
    return content


PATHS = ("a.yaml", "b.yml", "fleet/c.yaml", "values/grafana.yaml")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Return one to four files of a pull request, and some of a status branch."""
    one = changed(examples())
    paths = draw(st.lists(st.sampled_from(PATHS), min_size=1, max_size=3, unique=True))
    documents = {path: draw(one) for path in paths}
    written = records()
    kept = draw(st.lists(st.sampled_from(sorted(written)), max_size=2, unique=True))
    seen = {path: draw(changed((written[path], *written.values()))) for path in kept}
    return Case(documents, seen)
