"""Which intents a run is about: those of some names, those with some labels, or all."""

from collections.abc import Mapping
from dataclasses import dataclass

from pairctl.problem import PairctlError, Problem
from pairctl.spec.selector import LabelSelector
from pairctl.text import did_you_mean, name_list

_MOST_NAMED = 60
_MOST_LABELS = 5

Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class IntentSelection:
    """Names of intents, or what their labels have to be; neither: all."""

    names: tuple[str, ...] = ()
    selector: LabelSelector | None = None

    @property
    def is_of_all(self) -> bool:
        """Whether nothing was said, and all are meant."""
        return not self.names and self.selector is None

    def chosen(self, known: Mapping[str, Labels | None], where: str) -> frozenset[str] | None:
        """Return the names of the intents that are meant; None for all of them.

        `known` are the intents with their labels, None where these cannot be read; `where` says in
        words what holds them. Raises PairctlError where a name is not known, or none is selected.
        """
        if self.is_of_all:
            return None
        if unknown := [name for name in self.names if name not in known]:
            listed = " or ".join(sorted(unknown)[:3])
            more = f" (and {len(unknown) - 3} more names)" if len(unknown) > 3 else ""  # noqa: PLR2004
            names = list(known)
            there = f"there is {name_list(names, _MOST_NAMED)}" if names else "it holds none at all"
            raise PairctlError(
                Problem(
                    "NoSuchIntent",
                    f"{where} holds no pairing intent named {listed}{more}",
                    did_you_mean(unknown[0], names) or f"check the name, --ref and --path; {there}",
                )
            )
        if self.selector is None:
            return frozenset(self.names)
        found = frozenset(
            name
            for name, labels in known.items()
            if labels is not None and self.selector.selects(labels)
        )
        if not found:
            raise PairctlError(_none_selected(self.selector, known, where))
        return found


ALL_INTENTS = IntentSelection()


def _none_selected(
    selector: LabelSelector, known: Mapping[str, Labels | None], where: str
) -> Problem:
    """Say that a selector selects nothing, and which labels there are."""
    pairs = sorted({f"{k}={v}" for labels in known.values() for k, v in (labels or {}).items()})
    shown = ", ".join(pairs[:_MOST_LABELS]) + (", ..." if len(pairs) > _MOST_LABELS else "")
    unread = sum(labels is None for labels in known.values())
    also = f"; {unread} are refused, and their labels are not known" if unread else ""
    return Problem(
        "NothingSelected",
        f"the selector {selector.text!r} selects none of the {len(known)} intents of {where}{also}",
        f"labels there are: {shown}" if pairs else "no intent has labels: write some in `metadata`",
    )
