"""What a change of the documents changes: which intents are new, are changed, or are gone."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from pairctl.engine.sent_secrets import SentSecret, newly_refused, newly_sent
from pairctl.engine.source import Source
from pairctl.spec import UnrecognizedRequests

GONE = "pairctl stops looking after it; nothing is undone"


class ChangeKind(StrEnum):
    """How an intent differs from the one in the base."""

    NEW = "New"
    CHANGED = "Changed"


@dataclass(frozen=True, slots=True)
class Change:
    """From `base`, a commit, to the commit that is planned for.

    `gone` are deleted intents, each with what that means; `secrets` are those that go somewhere
    new, `refused_secrets` what is said of those that may not. In the Palettes of `rejecting` the
    change may have requests rejected that no intent names.
    """

    base: str
    intents: Mapping[str, ChangeKind] = field(default_factory=dict)
    gone: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[SentSecret, ...] = ()
    refused_secrets: tuple[str, ...] = ()
    rejecting: frozenset[str] = frozenset()


def change_between(base: Source, planned: Source) -> Change:
    """Compare two commits by what each intent comes to with all that it refers to.

    Where a file of the newer commit cannot be read nothing counts as gone: it may stand there.
    """
    names = () if planned.is_partial else sorted(base.names - planned.names)
    kinds = {
        name: ChangeKind.CHANGED if name in base.names else ChangeKind.NEW
        for name in sorted(planned.names)
        if _identity(base, name) != _identity(planned, name)
    }
    gone = {name: _meaning(base, planned, name) for name in names}
    rejecting = _rejecting(base, planned, names)
    return Change(
        base.commit,
        kinds,
        gone,
        secrets=newly_sent(base, planned),
        refused_secrets=newly_refused(base, planned),
        rejecting=rejecting,
    )


def _identity(source: Source, name: str) -> Hashable:
    """Return what an intent comes to: all that is decided on it, or why it cannot be used."""
    intent = source.intents.get(name)
    if intent is None:
        problem = source.invalid.get(name)
        return problem and (problem.reason, problem.message)
    approved = intent.approval.digest if intent.approval else ""
    return (intent.generation, tuple(sorted(intent.files.items())), approved)


def _meaning(base: Source, planned: Source, name: str) -> str:
    palette = _palette_of(base, name)
    if palette not in _that_reject(planned):
        return GONE
    return (
        f"{GONE}, but Palette {palette} says `unrecognizedRequests: Reject`: "
        "a request of it that is still pending is rejected"
    )


def _rejecting(base: Source, planned: Source, gone: Iterable[str]) -> frozenset[str]:
    rejecting = _that_reject(planned)
    touched = {_palette_of(base, name) for name in gone}
    return frozenset((rejecting - _that_reject(base)) | (rejecting & touched))


def _that_reject(source: Source) -> frozenset[str]:
    return frozenset(
        name
        for name, palette in source.palettes.items()
        if palette.unrecognized_requests is UnrecognizedRequests.REJECT
    )


def _palette_of(source: Source, name: str) -> str:
    intent = source.intents.get(name)
    return intent.palette_name if intent else ""
