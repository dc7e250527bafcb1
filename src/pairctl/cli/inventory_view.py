"""What `pairctl inventory` found, for people and for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from pairctl.cli.fleet_view import publications_data, show_publications
from pairctl.cli.inventory_documents import match_name
from pairctl.cli.layout import show_noted_rows, show_wrapped
from pairctl.cli.proposals_view import profiles_data
from pairctl.cli.screen import Screen
from pairctl.engine import Contact, Seen, Survey
from pairctl.layers import Publications
from pairctl.pairing import StackGroup
from pairctl.problem import Problem

_MOST_NAMED = 8
_SET_IN = "   "


# ── first contact ────────────────────────────────────────────────────────────────────────────────


def contact_state(one: Contact) -> str:
    """Return in one word what first contact came to."""
    if one.problem:
        return "NotReached"
    if one.is_changed:
        return "Changed"
    return "New" if one.is_new else "Same"


_CONTACT_WORDS = {"NotReached": "not reached", "Changed": "changed", "Same": "as pinned"}
_CONTACT_STYLES = {"NotReached": "red", "Changed": "bold red", "New": "cyan", "Same": "green"}


def show_contacts(screen: Screen, contacts: Sequence[Contact], *, is_pinning: bool = False) -> None:
    """Show each row with its certificate, or why there is none."""
    rows, shown = [], {**_CONTACT_WORDS, "New": "pinned now" if is_pinning else "not pinned"}
    for one in contacts:
        state = contact_state(one)
        words = one.problem.message if one.problem else one.served
        if one.is_changed:
            words = f"{one.served}, and {one.site.pinned} is pinned"
        rows.append(
            [
                screen.text(one.site.name, "bold"),
                screen.text(one.site.endpoint),
                screen.text(shown[state], _CONTACT_STYLES[state]),
                screen.text(words),
            ]
        )
    show_noted_rows(screen, ("name", "endpoint", "certificate", "fingerprint or reason"), rows)


def contacts_data(contacts: Sequence[Contact]) -> dict[str, Any]:
    """Return what first contact came to as data."""
    return {
        "items": [
            {
                "name": one.site.name,
                "endpoint": one.site.endpoint,
                "state": contact_state(one),
                "fingerprint": one.served or None,
                "pinned": one.site.pinned or None,
                "problem": _problem(one.problem),
            }
            for one in contacts
        ],
    }


# ── the survey ───────────────────────────────────────────────────────────────────────────────────


def show_survey(screen: Screen, found: Survey) -> None:
    """Show each row with its cluster, then the groups with what matches them."""
    titles = ("name", "mode", "cluster", "state", "agent", "uid or reason")
    rows = [[screen.text(text, style) for text, style in _row(one)] for one in found.seen]
    show_noted_rows(screen, titles, rows)
    if found.palette_problem:
        screen.line()
        problem = found.palette_problem
        show_wrapped(screen, screen.text(f"Palette {found.palette}: {problem.message}", "red"))
        show_wrapped(screen, screen.text(f"do: {problem.hint}"), _SET_IN)
    for number, group in enumerate(found.groups, 1):
        count = len(group.clusters)
        named = ", ".join(group.clusters[:_MOST_NAMED])
        more = f" and {count - _MOST_NAMED} more" if count > _MOST_NAMED else ""
        screen.line()
        head = f"{number}. {count} cluster{'s' * (count != 1)}: {named}{more}"
        show_wrapped(screen, screen.text(head, "bold"))
        for line, how in _group_lines(group, is_judged=bool(found.palette)):
            show_wrapped(screen, screen.text(line, how), _SET_IN)
        if found.publications and not group.is_matched:
            _show_nearest(screen, found.publications, number - 1)
    if found.publications and found.publications.ordered:
        screen.line()
        show_publications(screen, found.palette, found.publications, found.paired)


def _row(one: Seen) -> list[tuple[str, str]]:
    name = (one.site.name, "bold")
    if one.problem or one.host is None:
        reason = one.problem.reason if one.problem else ""
        words = one.problem.message if one.problem else ""
        return [name, ("", ""), ("", ""), (reason, "red"), ("", ""), (words, "")]
    cluster, mode = one.host.cluster, str(one.host.management_mode)
    agent = one.host.agent_version
    if cluster is None:
        return [name, (mode, ""), ("", ""), ("", ""), (agent, ""), ("it shows no cluster", "")]
    state = "green" if cluster.is_healthy else "yellow"
    style = "dim" if one.is_central else ""
    return [
        name,
        (mode, style),
        (cluster.name, ""),
        (cluster.state, state),
        (agent, ""),
        (cluster.uid, ""),
    ]


def _group_lines(group: StackGroup, *, is_judged: bool) -> Iterator[tuple[str, str]]:
    """Yield the lines about the clusters of one stack, with their styles."""
    yield ", ".join(map(str, group.stack)) or "no layers", "dim"
    if not is_judged:
        return
    if group.match:
        yield f"ProfileMatch {group.match} matches exactly", "green"
    elif group.proof and group.proof.holds:
        yield f"{' + '.join(map(str, group.proof.selection))} matches exactly", "green"
    elif group.proof and group.proof.problem:
        yield group.proof.problem.message, "yellow"


def _show_nearest(screen: Screen, publications: Publications, index: int) -> None:
    """Show what a group needs of the list below: with another version other groups may lose theirs.

    So it is not what would be the least for this group alone.
    """
    selection = (publications.chosen or {}).get(index)
    if selection is None:
        return
    show_wrapped(screen, screen.text(f"nearest: {' + '.join(map(str, selection))}"), _SET_IN)
    needed = "; ".join(map(str, publications.needed_for(index)))
    show_wrapped(screen, screen.text(f"do: {needed}"), _SET_IN)


def survey_data(found: Survey) -> dict[str, Any]:
    """Return a survey as data."""
    return {
        "palette": found.palette or None,
        "problem": _problem(found.palette_problem),
        "items": [_seen_data(one) for one in found.seen],
        "groups": [
            _group_data(group) | {"humanAction": _what_to_publish(found, index)}
            for index, group in enumerate(found.groups)
        ],
        "toPublish": (
            publications_data(found.publications, found.paired) if found.publications else None
        ),
    }


def _what_to_publish(found: Survey, index: int) -> str:
    needed = found.publications.needed_for(index) if found.publications else ()
    return "; ".join(map(str, needed))


def _seen_data(one: Seen) -> dict[str, Any]:
    host, cluster = one.host, one.host.cluster if one.host else None
    return {
        "name": one.site.name,
        "endpoint": one.site.endpoint,
        "managementMode": str(host.management_mode) if host else None,
        "agentVersion": host.agent_version if host else None,
        "hostUid": host.uid if host else None,
        "cluster": cluster.name if cluster else None,
        "clusterUid": cluster.uid if cluster else None,
        "state": cluster.state if cluster else None,
        "isHealthy": cluster.is_healthy if cluster else None,
        "problem": _problem(one.problem),
    }


def _group_data(group: StackGroup) -> dict[str, Any]:
    problem = group.proof.problem if group.proof else None
    return {
        "clusters": list(group.clusters),
        "layers": [
            {"layer": one.kind, "name": one.name, "version": one.version} for one in group.stack
        ],
        "match": group.match or None,
        "suggestedName": match_name(group.stack),
        "profiles": profiles_data(
            group.proof.selection if group.is_matched and group.proof else ()
        ),
        "problem": _problem(problem),
        "nearest": [
            {
                "profiles": profiles_data(one.match.selection),
                "distance": one.distance,
            }
            for one in group.proposals.nearest
        ],
        "nearestIsComplete": group.proposals.is_complete,
    }


def _problem(problem: Problem | None) -> dict[str, str] | None:
    if problem is None:
        return None
    return {"reason": problem.reason, "message": problem.message, "humanAction": problem.hint}
