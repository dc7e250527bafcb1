"""Documents against each other: names, targets, references. The order of files changes nothing."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pairctl.spec.cards import Card, Target
from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, Span, any_refuses, finding
from pairctl.spec.kinds import KINDS
from pairctl.spec.nodes import Node, Path, locate
from pairctl.spec.wording import listed, nearest, shown

_MOST_NAMED = 3
_REFERRING = ("ProfileMatch", "PairingIntent")
"""The kinds that refer to others, each only to kinds before it."""


@dataclass(frozen=True, slots=True)
class Company:
    """All cards of a repository, in the order of files and lines, and who has which name.

    `refused_files` are those that could not be read: a name that is missing may stand in them.
    """

    cards: Sequence[Card]
    root_of: Callable[[Card], Node]
    refused_files: Sequence[str]
    by_name: Mapping[tuple[str, str], Sequence[int]]
    names_of: Mapping[str, Sequence[str]]

    def span(self, card: Card, field: Path) -> Span:
        """Return where the value of a field stands; this reads the file anew."""
        return locate(self.root_of(card), field).value_span


def cross_check(
    cards: Sequence[Card], root_of: Callable[[Card], Node], refused_files: Sequence[str] = ()
) -> tuple[tuple[Finding, ...], ...]:
    """Return what is wrong with each document, its own findings included, in their order.

    A document that refers to a refused one is refused as well.
    """
    by_name = _by_name(cards)
    names_of = {kind: sorted(name for of, name in by_name if of == kind) for kind in KINDS}
    company = Company(cards, root_of, refused_files, by_name, names_of)
    found = [list(card.findings) for card in cards]
    for index, told in (
        *_duplicate_names(company),
        *_duplicate_targets(company),
        *_names_in_other_case(company),
        *_operators(company),
    ):
        found[index].append(told)
    for kind in _REFERRING:
        refused = frozenset(i for i, told in enumerate(found) if any_refuses(tuple(told)))
        for index, card in enumerate(cards):
            if card.kind == kind and card.ties is not None:
                found[index].extend(_references(card, company, refused))
    return tuple(tuple(told) for told in found)


def _by_name(cards: Sequence[Card]) -> Mapping[tuple[str, str], Sequence[int]]:
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, card in enumerate(cards):
        if card.kind and card.name:
            by_name[card.kind, card.name].append(index)
    return by_name


# ── two documents for one thing: both are refused ────────────────────────────────────────────────


def _duplicate_names(company: Company) -> Iterator[tuple[int, Finding]]:
    for (kind, name), indexes in company.by_name.items():
        message = f"the {kind} `{name}` is declared {len(indexes)} times"
        field = ("metadata", "name")
        yield from _all_of(company, indexes, field, Code.DUPLICATE_NAME, message)


def _names_in_other_case(company: Company) -> Iterator[tuple[int, Finding]]:
    """Yield names that only their case tells from others: those that are not in lower case."""
    for (kind, name), indexes in company.by_name.items():
        others = company.by_name.get((kind, name.lower()), ()) if name != name.lower() else ()
        for index in indexes if others else ():
            card, other = company.cards[index], company.cards[others[0]]
            span = company.span(card, ("metadata", "name"))
            message = f"`{shown(name)}` differs from the {kind} `{other.name}` only in case"
            hint = f"give it another name; the other is in {other.path}:{other.span.line}"
            yield index, finding(card.path, span, Code.NAME_DIFFERS_IN_CASE, message, hint)


def _duplicate_targets(company: Company) -> Iterator[tuple[int, Finding]]:
    targets: dict[Target, list[int]] = defaultdict(list)
    for index, card in enumerate(company.cards):
        for target in card.ties.targets if card.ties else ():
            targets[target].append(index)
    for target, indexes in targets.items():
        message = f"{len(indexes)} intents are about the same {target.what}"
        yield from _all_of(company, indexes, target.field, Code.DUPLICATE_TARGET, message)


def _all_of(
    company: Company, indexes: Sequence[int], field: Path, code: Code, message: str
) -> Iterator[tuple[int, Finding]]:
    """Yield one finding for each of the documents, which names the others; none for one alone."""
    if len(indexes) == 1:
        return
    for index in indexes:
        card = company.cards[index]
        others = islice((other for other in indexes if other != index), _MOST_NAMED)
        places = [company.cards[other] for other in others]
        where = listed(f"{other.path}:{other.span.line}" for other in places)
        rest = " and elsewhere" if len(indexes) > _MOST_NAMED + 1 else ""
        hint = f"keep one of them; the other is in {where}{rest}"
        yield index, finding(card.path, company.span(card, field), code, message, hint)


def _operators(company: Company) -> Iterator[tuple[int, Finding]]:
    for index, card in enumerate(company.cards):
        if card.kind == "Operator" and card.ties is not None:
            message = "the operator's file lies where pull requests can change it"
            hint = "keep it on the machine that runs pairctl, and name it with --operator"
            span = company.span(card, ("kind",))
            yield index, finding(card.path, span, Code.OPERATOR_IN_REPOSITORY, message, hint)


# ── references ───────────────────────────────────────────────────────────────────────────────────


def _references(card: Card, company: Company, refused: frozenset[int]) -> Iterator[Finding]:
    assert card.ties is not None
    yield from _reference(card, "palette", "Palette", card.ties.palette, company, refused)
    if name := card.ties.profile_match:
        yield from _reference(card, "profileMatch", "ProfileMatch", name, company, refused)
        yield from _other_palette(card, card.ties.palette, name, company)


def _reference(
    card: Card, field: str, kind: str, name: str, company: Company, refused: frozenset[int]
) -> Iterator[Finding]:
    indexes = company.by_name.get((kind, name), ())
    if not indexes:
        span = company.span(card, ("spec", field))
        message = f"there is no {kind} `{name}`"
        hint = _where_it_may_be(kind, name, company)
        yield finding(card.path, span, Code.UNKNOWN_REFERENCE, message, hint)
    elif not refused.isdisjoint(indexes):
        span = company.span(card, ("spec", field))
        other = company.cards[indexes[0]]
        message = f"the {kind} `{name}` is refused itself"
        hint = f"mend it first: {other.path}:{other.span.line}"
        yield finding(card.path, span, Code.REFERS_TO_REJECTED, message, hint)


def _where_it_may_be(kind: str, name: str, company: Company) -> str:
    suggestion = nearest(name, company.names_of[kind])
    if company.refused_files and not suggestion:
        return f"it may stand in a file that cannot be read: {company.refused_files[0]}"
    return suggestion or f"declare the {kind}, or name one that is declared"


def _other_palette(
    card: Card, palette: str, match_name: str, company: Company
) -> Iterator[Finding]:
    if ("Palette", palette) not in company.by_name:
        return
    for index in company.by_name.get(("ProfileMatch", match_name), ()):
        match = company.cards[index].ties
        if match and match.palette != palette:
            span = company.span(card, ("spec", "profileMatch"))
            message = f"the match is for the Palette `{match.palette}`, not `{palette}`"
            hint = "choose a match of the intent's own Palette"
            yield finding(card.path, span, Code.PALETTE_MISMATCH, message, hint)
            return
