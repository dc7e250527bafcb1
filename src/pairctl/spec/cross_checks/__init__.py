"""Documents held against each other: names, targets, references, rollouts and secrets."""

from pairctl.spec.cross_checks.cross_check import cross_check

__all__ = ["cross_check"]
