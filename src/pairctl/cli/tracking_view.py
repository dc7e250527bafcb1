"""How a clone stands to its remote: which commit a run is about, and whether it is pushed."""

from contextlib import suppress

from pairctl.cli.options import Place
from pairctl.cli.screen import Screen
from pairctl.problem import PairctlError
from pairctl.repo import Repository, Tracking

_DIGITS = 7


async def tell_planned(place: Place, repository: Repository, screen: Screen) -> None:
    """Say which branch of a clone is planned for, and whether `apply` would carry that out."""
    if tracking := await _tracking(place, repository):
        screen.note(planned_for(tracking), "" if tracking.is_same else "yellow")


async def tell_carried_out(place: Place, repository: Repository, screen: Screen) -> None:
    """Say which commit is carried out, where the clone has another one, or has it alone."""
    tracking = await _tracking(place, repository)
    if tracking and tracking.here and not tracking.is_same:
        text = local_carried_out(tracking) if place.is_local else carried_out(tracking, place.ref)
        if text:
            screen.note(text, "yellow")


def planned_for(tracking: Tracking) -> str:
    """Return what a plan in a clone is made for, and whether it is pushed."""
    what = f"planned for {_named(tracking)}"
    if tracking.here is None:
        return f"{what}, which this clone does not have"
    if tracking.there is None:
        return (
            f"{what}, which is not pushed to {tracking.remote}: "
            "`apply` refuses it until it is, or carries it out with --local"
        )
    if tracking.is_same:
        return f"{what}, which is pushed to {tracking.remote}"
    pushed = "not pushed" if tracking.ahead else "older than what is pushed"
    return (
        f"{what} at {_short(tracking.here)}, which is {pushed} to {tracking.remote} "
        f"({_counted(tracking)}): `apply` carries out {_short(tracking.there)}, which is there"
    )


def carried_out(tracking: Tracking, ref: str) -> str:
    """Return which commit of the remote is carried out in place of the clone's; empty if none."""
    if tracking.there is None or tracking.here is None:
        return ""
    return (
        f"carrying out {_short(tracking.there)}, which is {_named(tracking)} at {tracking.remote}; "
        f"{ref} of this clone differs: {_short(tracking.here)}, {_counted(tracking)}"
    )


def local_carried_out(tracking: Tracking) -> str:
    """Return which commit of the clone is carried out though its remote has not got it."""
    where = f"{tracking.remote} has {_short(tracking.there)}" if tracking.there else "not pushed"
    counts = f", {_counted(tracking)}" if tracking.there else f" to {tracking.remote}"
    return f"carrying out {_short(tracking.here)} of this clone: {where}{counts}"


async def _tracking(place: Place, repository: Repository) -> Tracking | None:
    with suppress(PairctlError):  # a courtesy; the run itself says what stands in the way
        return await repository.tracking(place.ref)
    return None


def _named(tracking: Tracking) -> str:
    if not tracking.full_name:
        return f"commit {_short(tracking.here)}"
    kind = "tag" if tracking.full_name.startswith("refs/tags/") else "branch"
    short = tracking.full_name.split("/", maxsplit=2)[-1]
    return f"{kind} {tracking.name}" + f" ({short} there)" * (tracking.name != short)


def _counted(tracking: Tracking) -> str:
    counts = ((tracking.ahead, "ahead"), (tracking.behind, "behind"))
    words = [f"{n} commit{'s' * (n != 1)} {word}" for n, word in counts if n]
    return " and ".join(words) or "another commit"


def _short(commit: str | None) -> str:
    return (commit or "")[:_DIGITS]
