"""Killing the real program at a chosen moment of its run, and recording which moments there are."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from driver_factory import pid_file
from pairctl.sim import Effect, Entry, Fault, Received
from repo_factory import write_hook
from scenario_factory import ACCEPT, PAIR, World, world

TIMING = {"requestSeconds": 3, "lookSeconds": 2, "actSeconds": 2, "settleSeconds": 0.1}
PUSHES = "pushes"
EFFECTS = (PAIR, ACCEPT)
Fate = Literal["goes on", "is dropped", "comes late"]


@dataclass(frozen=True)
class AtEntry:
    """The moment when the n-th entry (from 0) of the journal is made, before it is answered.

    `fate` is what becomes of the request after the program's death.
    """

    number: int
    entry: str
    fate: Fate = "goes on"


@dataclass(frozen=True)
class AtPush:
    """The n-th push (from 1): before the ref moves, and whether it still does; or after it."""

    number: int
    hook: Literal["update", "post-receive"]
    moves: bool = True


Moment = AtEntry | AtPush


def told(entry: Entry) -> str:
    """Name an entry of the journal."""
    match entry:
        case Received(server, method, path):
            return f"{server} receives {method} {path}"
        case Effect(kind, server):
            return f"{server} has applied {kind}"


def moments_of(entries: list[Entry], pushes: int) -> list[Moment]:
    """List every moment of a run, each effect with all that may become of it."""
    found: list[Moment] = []
    for number, entry in enumerate(entries):
        found.append(AtEntry(number, told(entry)))
        if isinstance(entry, Received) and entry.path in EFFECTS:
            found.append(AtEntry(number, told(entry), "is dropped"))
            found.append(AtEntry(number, told(entry), "comes late"))
    for number in range(1, pushes + 1):
        found += [
            AtPush(number, "update", moves=False),
            AtPush(number, "post-receive"),
        ]
    return found


def kill_child(w: World) -> None:
    """Kill the child of a world as it runs now."""
    os.kill(int(pid_file(w).read_text()), signal.SIGKILL)


@dataclass
class Trigger:
    """Kills once, at the moment given; keeps all entries that it hears of."""

    world: World
    moment: Moment | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def has_come(self) -> bool:
        """Whether the moment came. A run that had to look less often has fewer moments."""
        if isinstance(self.moment, AtEntry):
            return len(self.entries) > self.moment.number
        return isinstance(self.moment, AtPush) and self._pushes() >= self.moment.number

    def set(self) -> None:
        """Listen to the journal, or lay the hook."""
        self.world.running.simulation.journal.listen(self._hear)
        if isinstance(self.moment, AtPush):
            lay_hook(self.world, self.moment)

    def disarm(self) -> None:
        """Let the runs to come be: one that ended before its moment has missed it."""
        if isinstance(self.moment, AtPush):
            (self.world.box.bare / "hooks" / self.moment.hook).unlink()
        self.moment = None

    def _pushes(self) -> int:
        count = self.world.root / PUSHES
        return len(count.read_text().split()) if count.exists() else 0

    def _hear(self, entry: Entry) -> None:
        self.entries.append(entry)
        if isinstance(self.moment, AtEntry) and len(self.entries) == self.moment.number + 1:
            self._let_be(entry, self.moment.fate)
            kill_child(self.world)

    def _let_be(self, entry: Entry, fate: Fate) -> None:
        if fate == "goes on" or not isinstance(entry, Received):
            return
        action = "drop" if fate == "is dropped" else "drop-late"
        late = Fault(action, entry.server, entry.method, entry.path, seconds=0.5)
        self.world.running.simulation.faults.add(late)


def lay_hook(w: World, moment: AtPush) -> None:
    """Give the bare repository a hook that kills the child at its n-th push."""
    count, pid = w.root / PUSHES, pid_file(w)
    write_hook(
        w.box.bare / "hooks" / moment.hook,
        f"echo x >> {count}\n"
        f'[ "$(wc -l < {count})" -eq {moment.number} ] || exit 0\n'
        f'kill -9 "$(cat {pid})"\n'
        f"exit {0 if moment.moves else 1}",
    )


@contextmanager
def killing_world(root: Path) -> Iterator[World]:
    """Run a world with one cluster to pair, and little patience."""
    root.mkdir()
    with world(root, timing=TIMING) as made:
        yield made


def end_of(w: World) -> dict[str, str]:
    """Give the files of the status branch without times and without what differs by world.

    A request whose answer died with the program is adopted, and not known as pairctl's own: that
    is said, and it is the one thing in which a killed run ends otherwise.
    """
    texts = {path: _ORIGIN.sub("", content.decode()) for path, content in w.files().items()}
    return {path: _VARYING.sub("*", text) for path, text in texts.items()}


_ORIGIN = re.compile(r"^ +origin: (Sent|Adopted)\n|^  sent:\n( {4}.*\n)+", re.MULTILINE)
_VARYING = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:.]+Z|\b[0-9a-f]{24}\b|\b[0-9a-f]{32}\b|\b[0-9a-f]{40}\b|[0-9a-f]{64}"
    r"|(?<=127\.0\.0\.1:)\d+|(?<=holder: ).+"
)
