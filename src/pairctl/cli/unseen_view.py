"""Palettes that could not be looked at: not having looked is an error, whatever else is shown."""

from collections.abc import Mapping
from dataclasses import replace

from pairctl.cli.screen import Screen
from pairctl.problem import Problem


def tell_unseen(screen: Screen, palettes: Mapping[str, Problem]) -> None:
    """Say of each Palette why it was not seen, and what to do."""
    for name, problem in palettes.items():
        words = f"Palette {name} was not looked at: {problem.message}"
        screen.problem(replace(problem, message=words))
