"""The search for clusters: groups of conditions on a cluster's name or state."""

from typing import Literal

from pairctl.sim.answers import RefusalError
from pairctl.sim.palette.bodies import Body

Conjunction = Literal["and", "or"]


class Match(Body):
    """The texts that a property is compared with."""

    conjunction: Conjunction | None = "or"
    values: tuple[str, ...] = ()


class StringCondition(Body):
    """A condition on a text."""

    operator: Literal["eq", "contains", "beginsWith"] = "eq"
    match: Match = Match()
    negation: bool = False
    ignore_case: bool = False

    def admits(self, text: str) -> bool:
        """Whether a text meets the condition."""
        fold = str.lower if self.ignore_case else str
        found = [_compares(self.operator, fold(text), fold(value)) for value in self.match.values]
        return _joined(self.match.conjunction, found) != self.negation


class Condition(Body):
    """A condition; of the vendor's kinds the simulator knows the one on texts."""

    string: StringCondition | None = None


class Item(Body):
    """A property and what it must be like."""

    property: str = ""
    condition: Condition = Condition()

    def admits(self, properties: dict[str, str]) -> bool:
        """Whether these properties meet the item; refuse with 400 what is not known."""
        condition = self.condition.string
        if condition is None or self.property not in properties:
            raise RefusalError(400, "InvalidFilter", f"no filter by {self.property!r}")
        return condition.admits(properties[self.property])


class Group(Body):
    """Items that hold together."""

    conjunction: Conjunction | None = "and"
    filters: tuple[Item, ...] = ()


class SearchFilter(Body):
    """Groups that hold together."""

    conjunction: Conjunction | None = "and"
    filter_groups: tuple[Group, ...] = ()


class ClusterQuery(Body):
    """The body of a search for clusters."""

    filter: SearchFilter = SearchFilter()

    def admits(self, properties: dict[str, str]) -> bool:
        """Whether a cluster with these properties is searched for."""
        groups = [
            _joined(group.conjunction, [item.admits(properties) for item in group.filters])
            for group in self.filter.filter_groups
        ]
        return _joined(self.filter.conjunction, groups)


def _joined(conjunction: Conjunction | None, found: list[bool]) -> bool:
    """Join with `and` unless told otherwise; no conditions at all hold."""
    return (any(found) or not found) if conjunction == "or" else all(found)


def _compares(operator: str, text: str, value: str) -> bool:
    if operator == "contains":
        return value in text
    return text.startswith(value) if operator == "beginsWith" else text == value
