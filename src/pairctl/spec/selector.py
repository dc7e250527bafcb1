"""Label selectors in the syntax of Kubernetes: `region=emea,wave in (1,2),!retired`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pairctl.problem import ConfigurationError, Problem

_KEY = r"[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?"
_VALUE = r"[^,()=!<>]*?"
_REQUIREMENT = re.compile(
    rf"\s*(?:(?P<absent>!)\s*)?(?P<key>{_KEY})"
    rf"(?:\s+(?P<set>in|notin)\s*\((?P<values>[^()=!]*)\)"
    rf"|\s*(?P<sign>==|=|!=)\s*(?P<value>{_VALUE}))?\s*(?P<end>,|$)"
)
_FORMS = "forms are KEY, !KEY, KEY=VALUE, KEY!=VALUE, KEY in (A,B) and KEY notin (A,B), with commas"


class Requirement(NamedTuple):
    """What one label has to be: one of `values`, or anything where there are none.

    One that is negated holds where that is not so; also where the label is not there.
    """

    key: str
    values: tuple[str, ...] | None = None
    is_negated: bool = False

    def is_met(self, labels: Mapping[str, str]) -> bool:
        """Whether labels are as they have to be."""
        is_so = self.key in labels and (self.values is None or labels[self.key] in self.values)
        return is_so is not self.is_negated


@dataclass(frozen=True, slots=True)
class LabelSelector:
    """All that labels have to be, and the text that said so."""

    text: str
    requirements: tuple[Requirement, ...]

    def selects(self, labels: Mapping[str, str]) -> bool:
        """Whether labels are as each requirement asks."""
        return are_met(self.requirements, labels)


def are_met(requirements: Iterable[Requirement], labels: Mapping[str, str]) -> bool:
    """Whether labels are as each requirement asks."""
    return all(one.is_met(labels) for one in requirements)


def parse_selector(text: str) -> LabelSelector:
    """Read a selector. Raises ConfigurationError, with the place that is not understood."""
    requirements, at, is_over = [], 0, False
    while not is_over:
        found = _REQUIREMENT.match(text, at)
        if found is None or (found["absent"] and (found["set"] or found["sign"])):
            where = f"from {text[at:].strip()!r} on" if text[at:].strip() else "at its end"
            raise ConfigurationError(
                Problem(
                    "BadSelector",
                    f"the selector {text!r} is not understood {where}",
                    f"its {_FORMS}",
                )
            )
        requirements.append(_requirement(found))
        at, is_over = found.end(), found["end"] != ","
    return LabelSelector(text, tuple(requirements))


def _requirement(found: re.Match[str]) -> Requirement:
    if found["set"]:
        values = tuple(value.strip() for value in found["values"].split(","))
        return Requirement(found["key"], values, found["set"] == "notin")
    if found["sign"]:
        return Requirement(found["key"], (found["value"],), found["sign"] == "!=")
    return Requirement(found["key"], None, bool(found["absent"]))
