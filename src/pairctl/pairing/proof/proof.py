"""Proving that a selection of profiles stands for a cluster, before anything one-way is done.

The proof is always made on the layers as they were just seen, on the latest profile versions
(seed, step 7), and, once a request exists, on what Palette holds in that request too.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import islice

from pairctl.layers import (
    Brought,
    Difference,
    Layer,
    Match,
    Profile,
    SearchTooLargeError,
    Stack,
    best_first,
    exact_selections,
    lacking,
    look_alikes,
    match,
    resembling,
    stack,
    without_kinds,
)
from pairctl.pairing.facts.palette import ProfileListing
from pairctl.pairing.proof.explanation import MOST_SHOWN, mismatch, some
from pairctl.problem import Problem
from pairctl.spec import OnAmbiguous, ProfileMatchSpec, ProfileReference

MOST_ANSWERS = 50
"""How many exact selections are looked at; with more of them there is no telling the best one."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The outcome of a proof: it holds where `problem` is None. `match` is the verdict, if any."""

    match: Match | None = None
    problem: Problem | None = None

    @property
    def holds(self) -> bool:
        """Whether the cluster may be accepted with the selection."""
        return self.problem is None and self.match is not None

    @property
    def selection(self) -> tuple[Profile, ...]:
        """The profiles that were judged, proven or not; empty where none could be resolved."""
        return self.match.selection if self.match else ()


def prove(local: Stack, wanted: ProfileMatchSpec, listings: Sequence[ProfileListing]) -> Proof:
    """Judge what `wanted` selects against the cluster's layers as they are now."""
    if not local:
        return Proof(
            problem=Problem(
                "NoLayers",
                "the cluster shows no layers, so no profiles can match it",
                "see that Local UI shows the cluster's profiles; pairctl goes on by itself",
            )
        )
    if problem := _not_comparable(local):
        return Proof(problem=problem)
    selection = select(local, wanted, listings)
    if isinstance(selection, Problem):
        return Proof(problem=selection)
    verdict = match(local, selection)
    if not verdict.is_exact:
        return Proof(verdict, mismatch(verdict))
    return Proof(verdict, declared_stack_differs(local, wanted))


def select(
    local: Stack, wanted: ProfileMatchSpec, listings: Sequence[ProfileListing]
) -> tuple[Profile, ...] | Problem:
    """Resolve a selection to the latest profile versions, or say why that cannot be done."""
    if wanted.profiles is None:
        return _search(local, wanted, listings)
    resolved = [resolve_profile(reference, listings) for reference in wanted.profiles]
    problems = [item for item in resolved if isinstance(item, Problem)]
    if problems:
        # They are said as one, so that all can be mended at once.
        messages = "; ".join(problem.message for problem in problems)
        hints = "; ".join(dict.fromkeys(problem.hint for problem in problems))
        return Problem(problems[0].reason, messages, hints)
    return tuple(item for item in resolved if isinstance(item, Profile))


def declared_stack_differs(local: Stack, wanted: ProfileMatchSpec) -> Problem | None:
    """Compare the stack that a selection was written for with the cluster's own."""
    if wanted.layers is None:
        return None
    declared = stack(Layer(item.layer or "", item.name, item.version) for item in wanted.layers)
    if not all(layer.kind for layer in declared):
        declared, local = without_kinds(declared), without_kinds(local)
    if declared == local:
        return None
    return Problem(
        "DeclaredLayersDiffer",
        "the ProfileMatch is written for other layers than the cluster has: "
        + "; ".join(_odd_ones(Counter(declared), Counter(local))),
        "correct `layers` in the ProfileMatch, or refer to one that is meant for this stack",
    )


def _odd_ones(declared: Counter[Layer], seen: Counter[Layer]) -> Iterator[str]:
    only_declared = sorted((declared - seen).elements())
    only_seen = sorted((seen - declared).elements())
    if only_declared:
        yield f"only declared: {some(only_declared)}"
    if only_seen:
        yield f"only in the cluster: {some(only_seen)}"
    brought = tuple(Brought(layer, "the ProfileMatch") for layer in only_declared)
    for alike in look_alikes(Difference(tuple(only_seen), brought))[:MOST_SHOWN]:
        yield f"of {alike.local} {alike.differs_in}"


def _not_comparable(local: Stack) -> Problem | None:
    """Say which layers have no layer kind, name or version to be compared by."""
    odd = [layer for layer in local if not layer.is_comparable]
    if not odd:
        return None
    named = "; ".join(map(lacking, odd[:MOST_SHOWN])) + ("; ..." if odd[MOST_SHOWN:] else "")
    return Problem(
        "LayerNotComparable",
        f"Local UI shows a pack of the cluster that nothing can be compared with: {named}",
        "replace the pack by one that says its layer and version, or pair this cluster by hand",
    )


def _search(
    local: Stack, wanted: ProfileMatchSpec, listings: Sequence[ProfileListing]
) -> tuple[Profile, ...] | Problem:
    latest = [listing.latest for listing in listings if listing.latest]
    try:
        answers = best_first(islice(exact_selections(local, latest), MOST_ANSWERS + 1))
    except SearchTooLargeError as error:
        return error.problem
    if not answers:
        return Problem(
            "NoExactMatch",
            "no set of latest profile versions has exactly the layers of the cluster: "
            + "; ".join([some(local), *_hardly_seen(local, latest)]),
            "publish profiles with exactly these layers, or name the profiles meant",
        )
    is_open = len(answers) > MOST_ANSWERS or wanted.on_ambiguous is OnAmbiguous.BLOCK
    if len(answers) > 1 and is_open:
        many = f"more than {MOST_ANSWERS}" if len(answers) > MOST_ANSWERS else len(answers)
        choices = [" + ".join(map(str, answer)) for answer in answers[:MOST_SHOWN]]
        more = ["..."] if len(answers) > MOST_SHOWN else []
        return Problem(
            "SeveralMatches",
            f"{many} sets of profiles match exactly: {'; '.join(choices + more)}",
            "name the profiles meant as `profiles` in the ProfileMatch",
        )
    return answers[0]


def _hardly_seen(local: Stack, latest: Sequence[Profile]) -> Iterator[str]:
    """Say which layers no profile has, though one has what looks the same."""
    for alike in resembling(local, latest)[:MOST_SHOWN]:
        yield f"{alike.brought.profile} has {alike.brought.layer}, and {alike.differs_in}"


def resolve_profile(
    reference: ProfileReference, listings: Sequence[ProfileListing]
) -> Profile | Problem:
    """Return the latest version of the profile meant, or say why there is none to be used."""
    found = [listing for listing in listings if listing.name == reference.name]
    if not found:
        names = sorted({listing.name for listing in listings})
        near = ", ".join(get_close_matches(reference.name, names, n=3))
        return Problem(
            "ProfileNotFound",
            f"Palette has no profile named {reference.name} in this project",
            f"correct the name in the ProfileMatch; the nearest are {near}"
            if near
            else "check the name in the ProfileMatch, and the project of the Palette",
        )
    if len(found) > 1:
        return Problem(
            "ProfileAmbiguous",
            f"Palette has {len(found)} profiles named {reference.name}: {_scopes(found)}",
            "give the profiles different names in Palette",
        )
    return _latest(reference, found[0])


def _latest(reference: ProfileReference, listing: ProfileListing) -> Profile | Problem:
    if listing.latest is None:
        return Problem(
            "ProfileNotPublished",
            f"profile {listing.name} cannot be used: {listing.why_not or 'it is not published'}",
            "publish the profile in Palette, or name another in the ProfileMatch",
        )
    if reference.version is not None and reference.version != listing.latest.version:
        return Problem(
            "ProfileNotLatest",
            f"profile {listing.name} is asked for in version {reference.version}, "
            f"and its latest version is {listing.latest.version}",
            f"only a latest version can be selected: write {listing.latest.version} in the "
            f"ProfileMatch, or publish {reference.version} as the latest",
        )
    return listing.latest


def _scopes(found: Sequence[ProfileListing]) -> str:
    return ", ".join(sorted(listing.scope or "of no known scope" for listing in found))
