"""Text of other programs and of servers, made fit to be shown: redacted, printable, cut."""

import re

MAX_WORDS = 600
_USERINFO = re.compile(r"(?<=://)[^\s/@]+@")
_TERMINAL_CODE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")


def escaped(raw: bytes | str) -> str:
    """`raw` on one line, with everything that is not printable written as an escape."""
    text = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def redacted(text: str) -> str:
    """`text` without the user part of any URL in it: that is where tokens stand."""
    return _USERINFO.sub("***@", text)


def shown(text: str) -> str:
    """What a program said, on one line: no terminal codes, no credentials, at most `MAX_WORDS`."""
    plain = _TERMINAL_CODE.sub("", redacted(text))
    lines = (escaped(line.strip()) for line in re.split(r"[\r\n]+", plain))
    joined = "; ".join(line for line in lines if line)
    return joined if len(joined) <= MAX_WORDS else joined[: MAX_WORDS - 3] + "..."


def remote_words(stderr: str) -> str:
    """The lines that the server itself spoke in a push; all of `stderr` where there are none."""
    spoken = re.findall(r"^remote:[ ]?(.*)$", stderr, flags=re.MULTILINE)
    return shown("\n".join(spoken)) or shown(stderr)
