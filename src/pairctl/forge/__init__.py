"""The forge that pull requests are made at: one comment, put there once and kept up to date."""

from pairctl.forge.failures import ForgeFailure, NotPermitted
from pairctl.forge.github import GitHub
from pairctl.forge.placing import Placed, Placement, mark_of, place_comment
from pairctl.forge.run import NoPullRequest, Run, run_of

__all__ = [
    "ForgeFailure",
    "GitHub",
    "NoPullRequest",
    "NotPermitted",
    "Placed",
    "Placement",
    "Run",
    "mark_of",
    "place_comment",
    "run_of",
]
