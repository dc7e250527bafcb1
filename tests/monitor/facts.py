"""What the rules ask of a trace, and of the repository behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from monitor.branch import Branch, Claim
from monitor.intents import Declared, Documents, Intent
from monitor.trace import PALETTE, PROFILES, Noted, port_of
from pairctl.sim.journal import Effect, Received

Place = tuple[int, str]
"""A simulation's number, and a server's name."""


@dataclass(frozen=True)
class Timing:
    """How long a request takes at most, and how late it may have its effect, in seconds."""

    request_s: float = 30.0
    settle_s: float = 60.0


@dataclass(frozen=True)
class Sending:
    """A request that is to have an effect, and the claim that was open under its id, if any."""

    noted: Noted
    request: Received
    claim: Claim | None

    def __str__(self) -> str:
        request = self.request
        who = f"{self.noted.sender or request.user_agent!r} sent {request.method} {request.path}"
        return f"{who} to {request.server} as {request.request_id or 'nothing'}"


class Facts:
    """One trace. `ports` are the names of the servers by port, of each simulation."""

    def __init__(
        self,
        noted: Sequence[Noted],
        branch: Branch,
        documents: Documents,
        ports: Sequence[Mapping[int, str]],
        timing: Timing,
    ) -> None:
        self.branch = branch
        self.timing = timing
        self.claims = branch.every_claim()
        self.sendings = [
            Sending(note, note.entry, branch.claim(note.tip, note.entry.request_id))
            for note in noted
            if note.action and isinstance(note.entry, Received)
        ]
        self.effects = [(note, note.effect) for note in noted if note.effect]
        self._noted = noted
        self._documents = documents
        self._places = {
            port: (simulation, name)
            for simulation, named in enumerate(ports)
            for port, name in named.items()
        }

    def claimed(self) -> Iterator[tuple[Sending, Claim]]:
        """Yield what was sent under a claim that was open, with the claim."""
        return ((one, one.claim) for one in self.sendings if one.claim)

    def looks(self, sending: Sending, claim: Claim) -> list[Noted]:
        """Return what the sender asked while the claim was there, and before it sent."""
        return [
            note
            for note in self._noted[: sending.noted.number]
            if note.sender == sending.noted.sender and self.branch.claim(note.tip, claim.id)
        ]

    def last_before(self, sending: Sending, path: str) -> Noted | None:
        """Return the last list that the sender asked for at a path before it sent."""
        before = reversed(self._noted[: sending.noted.number])
        own = (note for note in before if note.sender == sending.noted.sender)
        return next((note for note in own if note.is_call("POST", path)), None)

    def palette_of(self, claim: Claim) -> Place | None:
        """Return the Palette that a claim names, if it is watched."""
        return self._places.get(port_of(claim.palette))

    def hosts_of(self, sending: Sending, claim: Claim) -> tuple[Place, ...]:
        """Return the hosts that an action may be about, of those that are watched.

        What is sent to a host is about that very one; any host of the intent's may have been looked
        at for what is sent to Palette.
        """
        if sending.request.server != PALETTE:
            return ((sending.noted.simulation, sending.request.server),)
        intents = (one.intents.get(claim.intent) for one in self.carried_out(sending, claim))
        endpoints = next((intent.hosts for intent in intents if intent), ())
        found = (self._places.get(port_of(endpoint)) for endpoint in endpoints)
        return tuple(place for place in found if place)

    def carried_out(self, sending: Sending, claim: Claim) -> list[Declared]:
        """Return what is declared by the commit that a claim names, or by those that it may mean.

        That is the one from before the claim was made, or one of those since; or, where another
        branch than the usual one is carried out, the end of a branch as it is sent.
        """
        if claim.commit:
            return [self._documents.at(claim.commit)]
        first = self._first(sending, claim)
        before = [n.main for n in self._noted[: first.number] if n.sender == first.sender]
        since = [n.main for n in self._noted[first.number : sending.noted.number + 1]]
        commits = dict.fromkeys([*before[-1:], *since, *sending.noted.heads])
        return [self._documents.at(commit) for commit in commits if commit]

    def intent_of(self, claim: Claim) -> Intent | None:
        """Return the intent that a claim names, in the commit that it names."""
        return self._documents.at(claim.commit).intents.get(claim.intent) if claim.commit else None

    def sending_of(self, effect: Effect) -> Sending | None:
        """Return what led to an effect."""
        own = (one for one in self.sendings if one.request.request_id == effect.request_id)
        return next(own, None)

    def dated_s(self, sending: Sending, claim: Claim) -> float:
        """Return when the claim's time began, by the monitor's own clock.

        Palette's date in the claim is placed by the list that it came with, so that a clock that
        jumps afterwards changes nothing. Without a date: when the claim was first seen.
        """
        first, palette = self._first(sending, claim), self.palette_of(claim)
        for note in reversed(self._noted[: first.number]):
            is_list = note.sender == first.sender and note.is_call("POST", PROFILES)
            if claim.dated_at and is_list and is_at(note, palette):
                return note.at_s + (claim.dated_at - note.palette_at).total_seconds()
        return first.at_s

    def _first(self, sending: Sending, claim: Claim) -> Noted:
        """Return the first request of the sender for which the claim was there."""
        return next(iter(self.looks(sending, claim)), sending.noted)


def is_at(note: Noted, place: Place | None) -> bool:
    """Whether an entry is of a certain server."""
    return place == (note.simulation, note.entry.server)
