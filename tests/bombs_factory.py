"""Files that are to cost more than they weigh: each within the limits, or beyond one of them."""

from collections.abc import Mapping

from pairctl.spec import Code

HEAD = b"apiVersion: pairctl/v1alpha1\nkind: %s\nmetadata: {name: a}\n"
PALETTE, MATCH, INTENT = (HEAD % kind for kind in (b"Palette", b"ProfileMatch", b"PairingIntent"))
LABELS = PALETTE.replace(b"{name: a}", b"\n  name: a\n  labels:")
K = 1024


def lines(count: int, line: bytes) -> bytes:
    """Return a line so many times, each with its number."""
    return b"".join(line % number for number in range(count))


def laugh(number: int) -> bytes:
    """Return a list that holds the one before ten times."""
    return b"a%d: &a%d [%s]\n" % (number, number, b", ".join([b"*a%d" % (number - 1)] * 10))


def merge(number: int) -> bytes:
    """Return a mapping that takes the one before in twice."""
    numbers = (number, number, number - 1, number - 1, number)
    return b"a%d: &a%d {<<: [*a%d, *a%d], k%d: v}\n" % numbers


BOMBS: Mapping[str, tuple[Code, bytes]] = {
    "bytes": (Code.TOO_LARGE, b"#" * (256 * K + 1)),
    "zeros": (Code.NOT_UTF8, b"a\0" * (128 * K)),
    "bytes-of-no-text": (Code.NOT_UTF8, b"\xff" * (256 * K)),
    "brackets": (Code.TOO_DEEP, b"[" * (256 * K)),
    "braces": (Code.TOO_DEEP, b"{" * (256 * K)),
    "brackets-in-lines": (Code.TOO_DEEP, b"[\n" * (128 * K)),
    "keys-of-keys": (Code.TOO_DEEP, b"? " * (128 * K)),
    "lists-of-lists": (Code.TOO_DEEP, b"- " * (128 * K)),
    "closed-brackets": (Code.TOO_DEEP, b"a: " + b"[" * 33 + b"]" * 33),
    "nodes": (Code.TOO_MANY_NODES, b"[" + b"a," * 100_000 + b"]"),
    "pairs": (Code.TOO_MANY_NODES, lines(20_000, b"k%d: v\n")),
    "documents": (Code.TOO_MANY_DOCUMENTS, b"---\n" * (64 * K)),
    "whole-documents": (Code.TOO_MANY_DOCUMENTS, lines(5_000, b"--- {kind: Palette%d}\n")),
    "scalar": (Code.SCALAR_TOO_LONG, b"a: " + b"x" * (64 * K + 1)),
    "block": (Code.SCALAR_TOO_LONG, b"a: |\n" + b" x\n" * (64 * K)),
    "spaces": (Code.MISSING_KIND, b"a: x" + b" " * (250 * K)),
    "comments": (Code.EMPTY_FILE, b"#\n" * (128 * K)),
    "laughs": (Code.ALIAS_NOT_ALLOWED, b"a0: &a0 [x]\n" + b"".join(map(laugh, range(1, 100)))),
    "merges": (
        Code.MERGE_KEY_NOT_ALLOWED,
        b"a0: &a0 {x: y}\n" + b"".join(map(merge, range(1, 1000))),
    ),
    "itself": (Code.ANCHOR_NOT_ALLOWED, b"a: &a [*a, *a, *a]\n"),
    "anchors": (Code.ANCHOR_NOT_ALLOWED, b"a:\n" + lines(9_000, b"- &a%d x\n")),
    "a-long-tag": (Code.TAG_NOT_ALLOWED, b"a: !<" + b"x" * (250 * K) + b"> b\n"),
    "directives": (Code.DIRECTIVE_NOT_ALLOWED, b"%TAG ! x\n" * 25_000),
    "conflicts": (Code.MERGE_CONFLICT, b"<<<<<<< a\n" * 25_000),
    "an-open-quote": (Code.YAML_SYNTAX, b'a: "' + b"x\n" * (120 * K)),
    "tabs": (Code.TAB_INDENTATION, b"a:\n" + b"\t" * (250 * K) + b"b: c\n"),
    "invisible": (Code.INVISIBLE_CHARACTER, "\u200b".encode() * (85 * K)),
    "escapes": (
        Code.INVISIBLE_CHARACTER,
        PALETTE + b"spec:\n" + b'- "\\u200b\\u2060\\u200c"\n' * 9_000,
    ),
    "same-keys": (Code.DUPLICATE_KEY, PALETTE + b"spec:\n" + b"  f: x\n" * 4_900),
    "unknown-fields": (Code.UNKNOWN_FIELD, PALETTE + b"spec:\n" + lines(4_900, b"  f%d: x\n")),
    "labels": (Code.INVALID_VALUE, LABELS + lines(4_900, b"    L_%d: x\n") + b"spec: {}\n"),
    "variables": (Code.NOT_TEXT, INTENT + b"spec:\n  variables:\n" + lines(4_900, b"    v%d: 1\n")),
    "nulls": (Code.EMPTY_VALUE, PALETTE + b"spec:\n" + lines(4_900, b"  f%d:\n")),
    "profiles": (
        Code.INVALID_VALUE,
        MATCH + b"spec:\n  palette: p\n  profiles:\n" + lines(3_000, b"  - {name: p%d}\n"),
    ),
    "digits": (Code.WRONG_TYPE, INTENT + b"spec: {attempt: " + b"9" * 5_000 + b"}\n"),
    "more-digits": (Code.NOT_TEXT, PALETTE + b"spec: {project: 0." + b"9" * 65_000 + b"}\n"),
    "minutes": (Code.NOT_TEXT, PALETTE + b"spec:\n  project: 1" + b":11" * 20_000 + b"\n"),
    "tokens": (Code.INVALID_VALUE, PALETTE + b"spec: {project: " + b"eyJ" * 21_000 + b"}\n"),
    "an-endpoint": (
        Code.INVALID_VALUE,
        PALETTE + b"spec: {endpoint: 'https://" + b"a-" * 30_000 + b"!'}\n",
    ),
    "a-path": (
        Code.INVALID_VALUE,
        PALETTE + b"spec: {tls: {caFile: '" + b"../" * 20_000 + b"'}}\n",
    ),
    "a-name": (
        Code.INVALID_VALUE,
        MATCH + b"spec: {palette: p, profiles: [{name: '" + b"a b " * 16_000 + b" '}]}\n",
    ),
    "a-range": (
        Code.OPERATOR_IN_REPOSITORY,
        HEAD % b"Operator" + b"spec: {endpoints: ['[" + b":" * 60_000 + b"]']}\n",
    ),
    "ten-thousand-findings": (Code.ALIAS_NOT_ALLOWED, (b"---\n" + b"- *a\n" * 95) * 100),
}
"""Each by a name, with the code of what is told of it."""
