"""Pairings that would change values of packs in a running cluster (seed, step 8)."""

from pairctl.pairing.case import Case
from pairctl.pairing.proof.configuration import objection
from pairctl.pairing.verdict import Verdict, blocked
from pairctl.problem import Problem


def blocked_unless_configuration_is_reviewed(case: Case) -> Verdict | None:
    """Hold where nothing would change, or the match lets it, or names it as reviewed."""
    match = case.intent.match
    if match is None:
        return None
    if case.observed.brought is None:
        return blocked(_not_seen(), "a look at the values of the profiles")
    problem = objection(match, case.configuration, case.intent.name)
    return blocked(problem, "a difference that is reviewed, or none") if problem else None


def _not_seen() -> Problem:
    return Problem(
        "ConfigurationNotSeen",
        "the values of the selected profiles were not looked at yet, so what would change is "
        "not known",
        "look again: `pairctl apply`",
    )
