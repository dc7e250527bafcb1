"""What a change of the documents changes: which intents are new, are changed, or are gone."""

import posixpath
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pairctl.engine.desired.sent_secrets import SentSecret, newly_refused, newly_sent
from pairctl.engine.desired.source import Source
from pairctl.spec import Finding, UnrecognizedRequests

GONE = "pairctl stops looking after it; nothing is undone"


class ChangeKind(StrEnum):
    """How an intent differs from the one in the base.

    Of one that is affected the documents are the same, and what follows for it is not.
    """

    NEW = "New"
    CHANGED = "Changed"
    AFFECTED = "Affected"


@dataclass(frozen=True, slots=True)
class Change:
    """From `base`, a commit, to the commit that is planned for.

    `gone` are deleted intents, each with what that means. Of those that are `unsure` the documents
    are the same, and whether the change lets them go on is not known. `secrets` are those that go
    somewhere new, `refused_secrets` what is said of those that may not. `refusals` are findings
    about what is refused that the base does not have: a change answers for its own. `rollouts` are
    those that are new or changed, or have other approvals.
    """

    base: str
    intents: Mapping[str, ChangeKind] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    unsure: tuple[str, ...] = ()
    secrets: tuple[SentSecret, ...] = ()
    refused_secrets: tuple[str, ...] = ()
    refusals: tuple[Finding, ...] = ()
    rollouts: frozenset[str] = frozenset()


def change_between(base: Source, planned: Source) -> Change:
    """Compare two commits by what each intent comes to with all that it refers to.

    Where a file of the newer commit cannot be read nothing counts as gone: it may stand there.
    """
    names = () if planned.is_partial else sorted(base.names - planned.names)
    before, after = identities(base), identities(planned)
    kinds = {
        name: ChangeKind.CHANGED if name in before else ChangeKind.NEW
        for name in sorted(after)
        if before.get(name) != after[name]
    }
    gone = {name: _meaning(base, planned, name) for name in names}
    # A line of a refusal that only moved is the same.
    known = {(one.path, one.code, one.message) for one in base.refusals}
    old, new = _rollout_digests(base), _rollout_digests(planned)
    return Change(
        base.commit,
        kinds,
        gone,
        secrets=newly_sent(base, planned),
        refused_secrets=newly_refused(base, planned),
        refusals=tuple(
            one for one in planned.refusals if (one.path, one.code, one.message) not in known
        ),
        rollouts=frozenset(name for name, found in new.items() if old.get(name) != found),
    )


def _rollout_digests(source: Source) -> dict[str, Hashable]:
    """Return what each rollout comes to, with the approvals of its waves."""
    declared = source.declared
    approvals: dict[str, set[str]] = defaultdict(set)
    for one in declared.rollout_approvals.values():
        approvals[one.document.spec.rollout].add(one.digest)
    return {n: (one.digest, frozenset(approvals[n])) for n, one in declared.rollouts.items()}


def is_unchanged(base: Source, planned: Source) -> bool:
    """Whether two commits come to the same, for every intent and for requests that none names."""
    return (
        base.palettes == planned.palettes
        and base.unread == planned.unread
        and _rollouts(base) == _rollouts(planned)
        and identities(base) == identities(planned)
    )


def _rollouts(source: Source) -> Hashable:
    """Return what there is of rollouts, and of approvals of their waves; refused ones, too."""
    declared = source.declared
    return (
        frozenset((name, one.digest) for name, one in declared.rollouts.items()),
        frozenset((name, one.digest) for name, one in declared.rollout_approvals.items()),
        frozenset(one.path for one in declared.rejected if one.kind == "Rollout"),
    )


def identities(source: Source) -> dict[str, Hashable]:
    """Return what each intent comes to: all that is decided on it, or why it cannot be used."""
    approvals = _approvals(source)
    usable = {
        name: (intent.generation, tuple(sorted(intent.files.items())), approvals.get(name))
        for name, intent in source.intents.items()
    }
    broken = {name: (one.reason, one.message) for name, one in source.invalid.items()}
    return {**usable, **broken}


def _approvals(source: Source) -> dict[str, Hashable]:
    """Return what is approved of each intent, by the approvals that count.

    Which of them count, and in which folder, may be for an operator's file to say that is not at
    hand: then it is all of them, and where they stand.
    """
    if source.is_guarded:
        found = {name: one.approval for name, one in source.intents.items()}
        return {name: one.digest for name, one in found.items() if one}
    found_at: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in (*source.declared.approvals.values(), *source.declared.refused_approvals):
        spec = one.document.spec
        found_at[spec.intent].add((posixpath.dirname(one.path), spec.digest))
    return {name: frozenset(places) for name, places in found_at.items()}


def _meaning(base: Source, planned: Source, name: str) -> str:
    intent = base.intents.get(name)
    palette = intent.palette_name if intent else ""
    spec = planned.palettes.get(palette)
    if spec is None or spec.unrecognized_requests is not UnrecognizedRequests.REJECT:
        return GONE
    return (
        f"{GONE}, but Palette {palette} says `unrecognizedRequests: Reject`: "
        "a request of it that is still pending is rejected"
    )
