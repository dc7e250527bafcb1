"""Whether a registration token can be used, and for how long."""

from datetime import datetime, timedelta

from pairctl.doctor.collector import Collector
from pairctl.pairing import TokenFacts
from pairctl.problem import Problem
from pairctl.text import span_text

SOON = timedelta(days=7)


def judge_token(
    collector: Collector, facts: TokenFacts, project: frozenset[str], now: datetime
) -> None:
    """Write down how a token is. `project` holds the names that stand for the Palette's project.

    It is empty for the tenant, which any token will do for.
    """
    name = f"token {facts.name}"
    problem = token_problem(facts, project, now)
    if problem is not None:
        collector.fail(name, problem)
    elif facts.is_active is None:
        collector.warn(
            name,
            "it could not be looked up: whether it is active, and until when, is not known",
            "give the API key's user the permission edgeToken.list in the tenant (the role Tenant "
            "Viewer, or more)",
        )
    elif facts.expires_at is not None and facts.expires_at - now < SOON:
        left = span_text((facts.expires_at - now).total_seconds())
        collector.warn(
            name,
            f"it is active, and expires in {left}, at {facts.expires_at:%Y-%m-%d %H:%M} UTC",
            "make a new token in Palette, and name that one, before it expires",
        )
    elif project and not facts.default_project:
        collector.warn(
            name,
            "it is active, and has no default project: a request may land outside the project",
            "give the token a default project in Palette",
        )
    else:
        at = facts.expires_at
        until = f"until {at:%Y-%m-%d}" if at else "and does not expire"
        collector.ok(name, f"it is active, {until}")


def token_problem(facts: TokenFacts, project: frozenset[str], now: datetime) -> Problem | None:
    """Return why a token cannot be used, as far as is known."""
    if facts.expires_at is not None and facts.expires_at <= now:
        return Problem(
            "TokenExpired",
            f"registration token {facts.name} expired at {facts.expires_at:%Y-%m-%d %H:%M} UTC",
            "make a new token in Palette, or name another in `registrationToken`",
        )
    if facts.is_active is False:
        return Problem(
            "TokenInactive",
            f"registration token {facts.name} is not active",
            "activate the token in Palette, or name another in `registrationToken`",
        )
    if project and facts.default_project and facts.default_project not in project:
        return Problem(
            "TokenOfAnotherProject",
            f"registration token {facts.name} leads to project {facts.default_project}, and the"
            f" Palette document means {' or '.join(sorted(project))}",
            "name a token of that project in `registrationToken`, or correct `project`",
        )
    return None
