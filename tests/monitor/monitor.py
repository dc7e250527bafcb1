"""The monitor of one world: it notes while the world runs, and judges when it is asked."""

import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from monitor.branch import Branch, parse
from monitor.facts import Facts, Timing
from monitor.git import Git
from monitor.intents import Documents
from monitor.rules import Violation, judge
from monitor.trace import Noted, Watched, writing
from pairctl.sim.journal import Effect, Entry, Received

STATUS = "pairctl-status"
MAIN = "main"


class Monitor:
    """Notes all that happens in the simulations that it watches, and holds the rules against it.

    `bare` is the repository of intents and status branch, `clone` one whose commits need not be
    there, `operator` the operator's file, `monotonic` the clock of what is noted.
    """

    def __init__(
        self,
        bare: Path,
        clone: Path,
        operator: Path,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._git = Git(bare)
        self._sources = (self._git, Git(clone))
        self._operator = operator
        self._watched: list[Watched] = []
        self._noted: list[Noted] = []
        self._dark_sets: dict[frozenset[tuple[int, str]], frozenset[tuple[int, str]]] = {}
        self._lock = threading.Lock()

    def watch(self, watched: Watched) -> None:
        """Note what happens in a simulation from now on; its effects until now are taken over."""
        number = len(self._watched)
        self._watched.append(watched)
        for effect in watched.journal.effects:
            # Nothing that pairctl does comes before it is watched.
            self._note(number, replace(effect, request_id=""))
        watched.journal.listen(lambda entry: self._note(number, entry))

    def violations(self) -> list[Violation]:
        """Return all that was against the rules until now, in order."""
        with self._lock:
            noted = list(self._noted)
        if not any(note.action or _is_acted(note.entry) for note in noted):
            return []
        tips = {note.tip for note in noted} | {self._git.branch(STATUS)}
        ports = [watched.ports for watched in self._watched]
        branch, documents = Branch(self._git, tips), Documents(self._sources)
        return list(judge(Facts(noted, branch, documents, ports, self._timing())))

    def check(self) -> None:
        """Raise AssertionError where something was against the rules, and tell all of it."""
        found = self.violations()
        assert not found, "\n".join(["the monitor objects:", *map(str, found)])

    def _note(self, simulation: int, entry: Entry) -> None:
        is_ours = isinstance(entry, Received) and entry.user_agent.startswith("pairctl/")
        if not (is_ours or _is_acted(entry)):
            return
        watched = self._watched[simulation]
        noted = Noted(
            number=0,
            entry=entry,
            simulation=simulation,
            at_s=self._monotonic(),
            palette_at=watched.palette_time(entry.at),
            tip=sys.intern(self._git.branch_file(STATUS)),  # the same for thousands of entries
            main=sys.intern(self._git.branch_file(MAIN)),
            dark=self._dark(),
        )
        if noted.action:
            # What counts at this moment is asked of the program, at the price of a process.
            heads = {head for git in self._sources for head in git.heads(but=STATUS)}
            tip, clusters = self._git.branch(STATUS), watched.clusters(entry.server)
            noted = replace(noted, tip=tip, heads=tuple(sorted(heads)), clusters=clusters)
        with self._lock:
            self._noted.append(replace(noted, number=len(self._noted)))

    def _dark(self) -> frozenset[tuple[int, str]]:
        """Return the servers that are switched off: one set for all entries while it is so."""
        dark = frozenset((n, name) for n, one in enumerate(self._watched) for name in one.dark())
        return self._dark_sets.setdefault(dark, dark)

    def _timing(self) -> Timing:
        """Return what the operator's file says, and what it means where it says nothing."""
        document: Mapping[str, Any] = (parse(self._operator.read_bytes()) or [{}])[0]
        said, usual = (document.get("spec") or {}).get("timing") or {}, Timing()
        return Timing(
            said.get("requestSeconds", usual.request_s), said.get("settleSeconds", usual.settle_s)
        )


def _is_acted(entry: Entry) -> bool:
    """Whether it is an effect on a pairing, or a request that is to have one, whoever sent it."""
    if isinstance(entry, Effect):
        return not entry.kind.startswith("login")
    return bool(writing(entry))
