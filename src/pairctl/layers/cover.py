"""Finding every set of add-ons that fills a room exactly: an exact cover, complete."""

from collections.abc import Iterator, Sequence
from math import inf

from pairctl.layers import pruning
from pairctl.layers.catalogue import AddOns, Catalogue, Lane, Room
from pairctl.problem import PairctlError, Problem

MOST_STEPS = 15_000
"""How many rooms are looked into, and add-ons tried there; a thousand take about two ms."""
PATIENCE = 0.05
"""After how many steps a room is doubted, for each layer and add-on: about what that costs."""

_State = tuple[Room, AddOns]
"""A room, and the add-ons that may be chosen for it."""

_Move = tuple[int, _State, Sequence[Lane]]
"""An add-on by number, the state that it leads to, and the lanes to look at there."""


class SearchTooLargeError(PairctlError):
    """The search was left before its end: what was found so far may not be all there is."""

    def __init__(self, why: str) -> None:
        hint = "name the profiles meant in the ProfileMatch, instead of `select: Auto`"
        super().__init__(Problem("SearchTooLarge", why, hint))


class Cover:
    """The search for sets of add-ons that bring exactly what there is room for.

    It fills the layer that the fewest add-ons can bring: dead ends show early. Each is remembered,
    and not entered twice. A room that takes long without an answer is doubted: there may be a
    reason why nothing fills it, and then nothing more is tried there.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._dead: set[_State] = set()
        self._doubted: dict[_State, bool] = {}
        self._steps = 0
        self._cost = int(PATIENCE * len(catalogue.lanes) * len(catalogue.brought))
        self._patience = self._cost

    def filling(self, room: Room) -> Iterator[tuple[int, ...]]:
        """Yield each set of add-ons, by number, that fills a room; none twice, in no order.

        Raises SearchTooLargeError where all rooms together take more than MOST_STEPS.
        """
        whole = room, self._catalogue.fitting(room)
        return self._filling(whole, self._catalogue.lanes, whole)

    def _filling(
        self, state: _State, lanes: Sequence[Lane], whole: _State
    ) -> Iterator[tuple[int, ...]]:
        if not state[0]:
            yield ()
            return
        is_dead, began = True, self._steps
        for number, beside, still in self._moves(state, lanes):
            for rest in self._filling(beside, still, whole):
                is_dead = False
                yield (number, *rest)
            is_in_doubt = is_dead and self._steps - began > self._patience
            if is_in_doubt and (self._is_hopeless(whole) or self._is_hopeless(state)):
                break
        if is_dead:
            self._dead.add(state)

    def _moves(self, state: _State, lanes: Sequence[Lane]) -> Iterator[_Move]:
        """Yield each way to bring the scarcest layer once that is not known to be a dead end."""
        room, available = state
        self._count(1)
        scarcest = _scarcest(room, available, lanes)
        if not scarcest:
            return
        candidates = available & scarcest.bringing
        lanes = [lane for lane in lanes if room & lane.mask]
        while candidates:
            lowest = candidates & -candidates
            candidates ^= lowest
            available ^= lowest  # it has its turn now: without it no set is found twice
            self._count(1)
            number = lowest.bit_length() - 1
            beside = self._catalogue.beside(number, room, available)
            if beside not in self._dead:
                yield number, beside, lanes

    def _is_hopeless(self, state: _State) -> bool:
        """Whether there is a reason that nothing fills a room; where not, wait longer from now."""
        if state not in self._doubted:
            self._count(self._cost)
            self._doubted[state] = self._finds_reason(*state)
            self._patience = self._cost if self._doubted[state] else 2 * self._patience
        return self._doubted[state]

    def _finds_reason(self, room: Room, available: AddOns) -> bool:
        if pruning.falls_short(self._catalogue, room, available):
            return True
        if not pruning.adds_up(self._catalogue, room, available):
            return True
        parts = pruning.parts(self._catalogue, room, available)
        return len(parts) > 1 and any(next(self.filling(part), None) is None for part in parts)

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > MOST_STEPS:
            raise SearchTooLargeError(
                f"the search for an exact match was left unfinished after {MOST_STEPS} steps: "
                f"{len(self._catalogue.brought)} add-on profiles share layers with the cluster "
                "in too many ways"
            )


def _scarcest(room: Room, available: AddOns, lanes: Sequence[Lane]) -> Lane | None:
    """Return the layer that the fewest add-ons can bring; None where one is brought by none."""
    fewest, found = inf, None
    for lane in lanes:
        bringing = (available & lane.bringing).bit_count()
        if bringing < fewest:
            if bringing:
                fewest, found = bringing, lane
            elif room & lane.mask:
                return None
    return found
