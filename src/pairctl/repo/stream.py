"""The text that `git fast-import` turns into one commit. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from pairctl.repo.refs import checked_path
from pairctl.text import is_plain

# The ref exists inside the stream only: its last command takes it back before it is written.
_DRAFT = b"refs/pairctl/draft"


@dataclass(frozen=True, slots=True)
class Identity:
    """Author and committer of status commits; both parts stand on one line."""

    name: str = "pairctl"
    email: str = "pairctl@localhost"

    def __post_init__(self) -> None:
        for part in (self.name, self.email):
            if not part.strip() or not is_plain(part) or set(part) & {"<", ">"}:
                raise ValueError(f"{part!r} cannot stand in a commit's author line")


def import_stream(
    base: str | None,
    changes: Mapping[str, bytes | None],
    *,
    message: str,
    identity: Identity,
    now: datetime,
    id_digits: int,
) -> bytes:
    """One commit on `base` (None: a root), its id printed, and no ref left behind.

    Raises RefNotAllowed for a path that may not stand in a commit, ValueError for a naive `now`.
    """
    who, text = signature(identity, now), message_text(message)
    head = [b"commit ", _DRAFT, b"\nmark :1\n", b"author ", who, b"committer ", who, _data(text)]
    parent = [] if base is None else [b"from ", base.encode(), b"\n"]
    tail = [b"\nget-mark :1\nreset ", _DRAFT, b"\nfrom ", b"0" * id_digits, b"\n\ndone\n"]
    return b"".join([*head, *parent, *_edits(changes), *tail])


def signature(identity: Identity, now: datetime) -> bytes:
    """Who and when, as a line of a commit has it. Raises ValueError for a naive `now`."""
    if now.tzinfo is None:
        raise ValueError("a commit's time must be aware of its zone")
    return f"{identity.name} <{identity.email}> {int(now.timestamp())} +0000\n".encode()


def message_text(message: str) -> bytes:
    """A commit's message as it is stored."""
    return message.replace("\0", "").rstrip().encode() + b"\n"


def commit_object(
    tree: str, base: str | None, *, message: str, identity: Identity, now: datetime
) -> bytes:
    """The content of the commit object that `import_stream` has Git make. Raises as that does."""
    who = signature(identity, now)
    parent = f"parent {base}\n" if base else ""
    head = f"tree {tree}\n{parent}".encode()
    return b"".join([head, b"author ", who, b"committer ", who, b"\n", message_text(message)])


def _edits(changes: Mapping[str, bytes | None]) -> Iterator[bytes]:
    paths = sorted(checked_path(path) for path in changes)
    for path in paths:
        if changes[path] is None:
            yield b"D " + _quoted(path) + b"\n"
    for path in paths:
        content = changes[path]
        if content is not None:
            yield b"M 100644 inline " + _quoted(path) + b"\n" + _data(content)


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return b'"' + escaped.encode() + b'"'


def _data(content: bytes) -> bytes:
    return b"data %d\n" % len(content) + content + b"\n"
