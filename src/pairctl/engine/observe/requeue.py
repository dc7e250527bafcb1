"""When an intent is looked at again within a run: until then, what was decided stands.

What a decision that stands may be used for is a matter of `pairing.fleet.standing`.
"""

from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pairctl.backoff import EVEN, backoff_s
from pairctl.pairing import (
    Decision,
    FleetRecords,
    Intent,
    Observed,
    PaletteView,
    is_same_intent,
    judged_again,
    with_claims,
)

LONGEST_S = 30.0
"""How long to wait at most, between two looks that show the same."""

STANDS_S = 600.0
"""How long an action may wait for its turn before its intent is looked at again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was decided on the last look at an intent; `began_s` is when that began (monotonic).

    `times` is how many looks before it showed the same.
    """

    decision: Decision
    began_s: float
    pause_s: float
    times: int = 0


def no_chance() -> float:
    """Return the chance that spreads nothing."""
    return EVEN


class Requeue:
    """The memory of one run: what it saw last of each intent, and when to look again.

    `chance` gives numbers from 0 to 1, which spread the pauses.
    """

    def __init__(self, chance: Callable[[], float] = no_chance) -> None:
        self._seen: dict[str, Seen] = {}
        self._chance = chance
        self._held: Mapping[str, Decision] = {}
        self._ready: frozenset[str] = frozenset()

    def hold(self, under_way: Mapping[str, Decision]) -> None:
        """Let these stand in the next pass: their action is under way, and is heard of there."""
        self._held = under_way

    def await_turn(self, names: AbstractSet[str]) -> None:
        """Note whose action can be done in the next pass: it only waits for its turn."""
        self._ready = frozenset(names)

    def has_ready(self, standing: Mapping[str, Decision]) -> bool:
        """Whether there is an action among these that only waits for its turn, and is not begun.

        One that is held back otherwise may be for days: others do not hurry for it.
        """
        ready = (self._ready & standing.keys()) - self._held.keys()
        return any(standing[name].action for name in ready)

    def standing(
        self,
        intents: Mapping[str, Intent],
        records: FleetRecords,
        views: Mapping[str, PaletteView],
        now_s: float,
    ) -> dict[str, Decision]:
        """Return what was decided on intents that need no look now; `views` are of this pass.

        Something new ends it at once: another commit, other profiles in Palette, a claim that was
        not there when looking, and the end of the pause.
        """
        changed = _Changes(views)
        found, again = {}, {}
        for name, seen in self._seen.items():
            intent, palette = intents.get(name), seen.decision.case.observed.palette
            if (
                intent is not None
                and now_s < seen.began_s + seen.pause_s
                and not changed.since(palette, intent.palette_name)
                and (decision := judged_again(intent, seen.decision, records))
            ):
                found[name] = decision
                if decision.action and decision is not seen.decision:
                    # What is on record of it has changed since: that is judged once, not each pass.
                    claims = seen.decision.case.recorded.claims
                    again[name] = replace(seen, decision=with_claims(decision, claims))
        self._seen |= again
        held = {name: one for name, one in self._held.items() if name in intents}
        same = {n: one for n, one in held.items() if is_same_intent(intents[n], one.case.intent)}
        return found | same

    def last(
        self, names: Iterable[str], intents: Mapping[str, Intent], records: FleetRecords
    ) -> dict[str, Decision]:
        """Return what was decided last on these intents, where it is still about the same."""
        known = {name: self._seen[name].decision for name in names if name in self._seen}
        found = {name: judged_again(intents[name], one, records) for name, one in known.items()}
        return {name: decision for name, decision in found.items() if decision}

    def has_seen(self, intent: Intent) -> bool:
        """Whether this very intent was looked at before, and nothing was done for it since."""
        seen = self._seen.get(intent.name)
        return seen is not None and is_same_intent(intent, seen.decision.case.intent)

    def waiting(self, intents: Mapping[str, Intent]) -> dict[str, Observed]:
        """Return what was seen of intents that are under way and are the same now.

        For those a brief look is enough.
        """
        return {
            name: seen.decision.case.observed
            for name, seen in self._seen.items()
            if seen.decision.is_under_way
            and name in intents
            and is_same_intent(intents[name], seen.decision.case.intent)
        }

    def forget(self, names: Iterable[str]) -> None:
        """Forget what was seen before an action: the look after it may yet be to come."""
        for name in names:
            self._seen.pop(name, None)

    def note(
        self, looked_at: Mapping[str, tuple[Decision, float]], names: frozenset[str], every_s: float
    ) -> None:
        """Note decisions and when their looks began (monotonic); forget all but `names`."""
        new = {
            name: self._noted(name, decision, began_s, every_s)
            for name, (decision, began_s) in looked_at.items()
        }
        self._seen = {name: one for name, one in {**self._seen, **new}.items() if name in names}

    def _noted(self, name: str, decision: Decision, began_s: float, every_s: float) -> Seen:
        """Wait longer each time that nothing has changed; an action only waits for its turn."""
        if decision.action:
            return Seen(decision, began_s, STANDS_S)
        before = self._seen.get(name)
        if before is None or before.decision.verdict != decision.verdict:
            return Seen(decision, began_s, every_s)
        times, chance = before.times + 1, self._chance()
        pause_s = backoff_s(times, first_s=every_s, longest_s=LONGEST_S, chance=chance)
        return Seen(decision, began_s, max(every_s, pause_s), times)


class Retries:
    """When an action that could not be sent is tried again: later each time that it could not."""

    def __init__(self, chance: Callable[[], float] = no_chance) -> None:
        self._chance = chance
        self._unsent: dict[str, tuple[int, float]] = {}
        self._new: frozenset[str] = frozenset()

    def resting(self, now_s: float) -> frozenset[str]:
        """Return the intents whose action is not to be tried yet (monotonic seconds)."""
        return frozenset(name for name, (_, at_s) in self._unsent.items() if at_s > now_s)

    def note(self, unsent: AbstractSet[str], sent: AbstractSet[str]) -> None:
        """Note which actions of a pass were not sent."""
        self._new = frozenset(unsent)
        for name in sent:
            self._unsent.pop(name, None)

    def pause(self, now_s: float, every_s: float) -> None:
        """Let those that were just noted wait from now on."""
        for name in self._new:
            count = self._unsent.get(name, (0, now_s))[0]
            pause_s = backoff_s(count, first_s=every_s, longest_s=LONGEST_S, chance=self._chance())
            self._unsent[name] = count + 1, now_s + (max(every_s, pause_s) if count else 0)
        self._new = frozenset()


class _Changes:
    """Whether a Palette shows something else than in a view from before; each is compared once."""

    def __init__(self, views: Mapping[str, PaletteView]) -> None:
        self._views = views
        self._known: dict[tuple[int, str], bool] = {}

    def since(self, before: PaletteView, palette: str) -> bool:
        """Whether profiles changed, or whether Palette can be seen."""
        key = id(before), palette
        if key not in self._known:
            now = self._views[palette]
            self._known[key] = (now.profiles, now.problem) != (before.profiles, before.problem)
        return self._known[key]
