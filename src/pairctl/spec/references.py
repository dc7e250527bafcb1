"""Documents against each other: names, targets, references. The order of files changes nothing."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from pairctl.spec.candidates import Candidate
from pairctl.spec.codes import Code
from pairctl.spec.findings import Finding, any_refuses, finding
from pairctl.spec.kinds import KINDS, Operator, PairingApproval, PairingIntent, ProfileMatch
from pairctl.spec.nodes import Path, locate
from pairctl.spec.wording import listed, nearest

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Company:
    """All candidates of a repository, in the order of files and lines, and who has which name.

    `refused_files` are those that could not be read: a name that is missing may stand in them.
    """

    candidates: Sequence[Candidate]
    refused_files: Sequence[str]
    by_name: Mapping[tuple[str, str], Sequence[int]]
    names_of: Mapping[str, Sequence[str]]


def cross_check(
    candidates: Sequence[Candidate], refused_files: Sequence[str] = ()
) -> tuple[tuple[Finding, ...], ...]:
    """Return what is wrong with each candidate, its own findings included, in their order.

    A document that refers to a refused one is refused as well.
    """
    by_name = _by_name(candidates)
    names_of = {kind: sorted(name for of, name in by_name if of == kind) for kind in KINDS}
    company = Company(candidates, refused_files, by_name, names_of)
    found = [list(one.findings) for one in candidates]
    duplicates = (_duplicate_names, _duplicate_targets, _duplicate_approvals)
    for index, told in (one for duplicated in duplicates for one in duplicated(company)):
        found[index].append(told)
    for index, one in enumerate(candidates):
        found[index].extend(_on_its_own(one))
    for kind in (
        ProfileMatch,
        PairingIntent,
        PairingApproval,
    ):  # each refers only to kinds before it
        refused = frozenset(i for i, told in enumerate(found) if any_refuses(tuple(told)))
        for index, one in enumerate(candidates):
            if isinstance(one.document, kind):
                found[index].extend(_references(one, company, refused))
    return tuple(tuple(told) for told in found)


def _by_name(candidates: Sequence[Candidate]) -> Mapping[tuple[str, str], Sequence[int]]:
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, one in enumerate(candidates):
        if one.kind and one.name:
            by_name[one.kind, one.name].append(index)
    return by_name


# ── two documents for one thing: both are refused ────────────────────────────────────────────────


def _duplicate_names(company: Company) -> Iterator[tuple[int, Finding]]:
    for (kind, name), indexes in company.by_name.items():
        message = f"the {kind} `{name}` is declared {len(indexes)} times"
        field = ("metadata", "name")
        yield from _all_of(company, indexes, field, Code.DUPLICATE_NAME, message)


def _duplicate_targets(company: Company) -> Iterator[tuple[int, Finding]]:
    targets: dict[_Target, list[int]] = defaultdict(list)
    for index, one in enumerate(company.candidates):
        if isinstance(one.document, PairingIntent):
            for target in _targets(one.document):
                targets[target].append(index)
    for target, indexes in targets.items():
        message = f"{len(indexes)} intents are about the same {target.what}"
        yield from _all_of(company, indexes, target.field, Code.DUPLICATE_TARGET, message)


def _duplicate_approvals(company: Company) -> Iterator[tuple[int, Finding]]:
    """Tell of several approvals for one intent: which of them counts nobody could say."""
    approvals: dict[str, list[int]] = defaultdict(list)
    for index, one in enumerate(company.candidates):
        if isinstance(one.document, PairingApproval):
            approvals[one.document.spec.intent].append(index)
    for name, indexes in approvals.items():
        message = f"{len(indexes)} approvals are for the intent `{name}`"
        field = ("spec", "intent")
        yield from _all_of(company, indexes, field, Code.DUPLICATE_APPROVAL, message)


def _all_of(
    company: Company, indexes: Sequence[int], field: Path, code: Code, message: str
) -> Iterator[tuple[int, Finding]]:
    """Yield one finding for each of the documents, which names the others; none for one alone."""
    if len(indexes) == 1:
        return
    for index in indexes:
        one = company.candidates[index]
        others = islice((other for other in indexes if other != index), _MOST_NAMED)
        places = [company.candidates[other] for other in others]
        where = listed(f"{other.path}:{other.span.line}" for other in places)
        rest = " and elsewhere" if len(indexes) > _MOST_NAMED + 1 else ""
        hint = f"keep one of them; the other is in {where}{rest}"
        yield index, finding(one.path, locate(one.root, field).value_span, code, message, hint)


class _Target(NamedTuple):
    """What an intent is about, as far as a file can tell."""

    what: str
    field: tuple[str, ...]
    identity: Hashable


def _targets(intent: PairingIntent) -> Iterator[_Target]:
    spec = intent.spec
    if spec.local_ui:
        endpoint = spec.local_ui.endpoint
        is_default_port = ":" not in endpoint.removeprefix("https://").rpartition("]")[2]
        identity = f"{endpoint}:443" if is_default_port else endpoint
        yield _Target("cluster", ("spec", "localUI", "endpoint"), identity)
    if spec.request and spec.request.pairing_uid:
        identity = f"{spec.palette}/{spec.request.pairing_uid}"
        yield _Target("pairing request", ("spec", "request", "pairingUid"), identity)
    if spec.request and spec.request.tags:
        tags = (spec.palette, frozenset(spec.request.tags.items()))
        yield _Target("pairing request", ("spec", "request", "tags"), tags)


# ── what one document must hold to by itself, and no schema can say ──────────────────────────────


def _on_its_own(one: Candidate) -> Iterator[Finding]:
    match one.document:
        case Operator():
            yield finding(
                one.path,
                locate(one.root, ("kind",)).value_span,
                Code.OPERATOR_IN_REPOSITORY,
                "the operator's file lies where pull requests can change it",
                "keep it on the machine that runs pairctl, and name it with --operator",
            )
        case ProfileMatch(spec=spec):
            profiles = [profile.name for profile in spec.profiles or ()]
            yield from _twice(one, "profiles", profiles, Code.DUPLICATE_PROFILE, "profile")
            layers = [(layer.name, layer.layer) for layer in spec.layers or ()]
            yield from _twice(one, "layers", layers, Code.DUPLICATE_LAYER, "layer")
        case _:
            return


def _twice(
    one: Candidate, field: str, items: Sequence[Hashable], code: Code, what: str
) -> Iterator[Finding]:
    for index, item in enumerate(items):
        first = items.index(item)
        if first < index:
            span = locate(one.root, ("spec", field, index, "name")).value_span
            line = locate(one.root, ("spec", field, first)).value_span.line
            message = f"the {what} is given twice, first on line {line}"
            yield finding(one.path, span, code, message, "remove one of the two")


# ── references ───────────────────────────────────────────────────────────────────────────────────


def _references(one: Candidate, company: Company, refused: frozenset[int]) -> Iterator[Finding]:
    match one.document:
        case ProfileMatch(spec=spec):
            yield from _reference(one, "palette", "Palette", spec.palette, company, refused)
        case PairingIntent(spec=spec):
            yield from _reference(one, "palette", "Palette", spec.palette, company, refused)
            if spec.profile_match:
                name = spec.profile_match
                yield from _reference(one, "profileMatch", "ProfileMatch", name, company, refused)
                yield from _other_palette(one, spec.palette, name, company)
        case PairingApproval(spec=spec):
            yield from _reference(one, "intent", "PairingIntent", spec.intent, company, refused)
        case _:
            return


def _reference(
    one: Candidate, field: str, kind: str, name: str, company: Company, refused: frozenset[int]
) -> Iterator[Finding]:
    indexes = company.by_name.get((kind, name), ())
    if not indexes:
        span = locate(one.root, ("spec", field)).value_span
        message = f"there is no {kind} `{name}`"
        hint = _where_it_may_be(kind, name, company)
        yield finding(one.path, span, Code.UNKNOWN_REFERENCE, message, hint)
    elif not refused.isdisjoint(indexes):
        span = locate(one.root, ("spec", field)).value_span
        other = company.candidates[indexes[0]]
        message = f"the {kind} `{name}` is refused itself"
        hint = f"mend it first: {other.path}:{other.span.line}"
        yield finding(one.path, span, Code.REFERS_TO_REJECTED, message, hint)


def _where_it_may_be(kind: str, name: str, company: Company) -> str:
    suggestion = nearest(name, company.names_of[kind])
    if company.refused_files and not suggestion:
        return f"it may stand in a file that cannot be read: {company.refused_files[0]}"
    return suggestion or f"declare the {kind}, or name one that is declared"


def _other_palette(
    one: Candidate, palette: str, match_name: str, company: Company
) -> Iterator[Finding]:
    if ("Palette", palette) not in company.by_name:
        return
    for index in company.by_name.get(("ProfileMatch", match_name), ()):
        match = company.candidates[index].document
        if isinstance(match, ProfileMatch) and match.spec.palette != palette:
            span = locate(one.root, ("spec", "profileMatch")).value_span
            message = f"the match is for the Palette `{match.spec.palette}`, not `{palette}`"
            hint = "choose a match of the intent's own Palette"
            yield finding(one.path, span, Code.PALETTE_MISMATCH, message, hint)
            return
