"""`pairctl explain NAME`: an intent's match, or what a word of a finding or a status means."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.fleet_view import fleet_data, show_fleet, write_publications
from pairctl.cli.match_view import explanation_data, show_explanation
from pairctl.cli.option_groups import grouped
from pairctl.cli.proposals_view import write_repair
from pairctl.cli.running import Place, open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.word_view import show_word, word_data
from pairctl.engine import (
    Explanation,
    FleetPublications,
    Stop,
    explain_fleet,
    explain_observed,
)
from pairctl.exits import Exit
from pairctl.glossary import Word, look_up, near_words, words_beginning
from pairctl.problem import PairctlError, Problem
from pairctl.spec import OperatorSpec

EXAMPLES = """
Examples:

  pairctl explain store-0042                   # from what the last pass saw

  pairctl explain store-0042 -o json

  pairctl explain store-0042 --repair fix.json    # what to publish

  pairctl explain --fleet                      # what to publish for all

  pairctl explain NotText                      # the code of a finding

  pairctl explain LayersDiffer                 # a word of a status
"""

_INTENT = "intent/"


@grouped
def explain(
    place: Place,
    name: Annotated[
        str | None,
        typer.Argument(
            help="An intent; or a word, in any case: a code, phase, condition or reason."
            " Where both have the name, `intent/NAME` is the intent.",
            autocompletion=words_beginning,
        ),
    ] = None,
    fleet: Annotated[
        bool,
        typer.Option(
            "--fleet",
            help="Instead of one: the fewest profile versions that unlock the most clusters.",
        ),
    ] = False,
    repair: Annotated[
        Path | None,
        typer.Option(
            "--repair",
            metavar="FILE",
            dir_okay=False,
            help="Write the profiles to publish as JSON, in the fields of Palette's profile models."
            " Registries, pack values, variables and the cloud type are not known, and left out.",
        ),
    ] = None,
    nearest: Annotated[
        int | None,
        typer.Option(
            "--nearest", min=1, help="For --repair: which of the selections shown; else the first."
        ),
    ] = None,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Tell what stands between an intent and its match, or what a word means.

    For an intent: the cluster's layers beside those of its selection, then the nearest selections,
    and for each what has to be published. It works on what the last pass saw of both sides, and
    needs no secret. Exits 3 where the selection does not match.

    For the code of a finding: why it matters, with a wrong and a right example. For a word of a
    status: when it is set, until when, and what a person does. Neither needs a repository.

    For the fleet: which profile versions to publish, in which order, and how many clusters match
    then. Exits 3 where something has to be published, or was not seen yet.
    """
    if fleet:
        options.refuse_together("--fleet", "a name", is_given=True, has_other=name is not None)
        options.refuse_together(
            "--nearest", "--fleet", is_given=nearest is not None, has_other=True
        )
        _explain_fleet(place, repair, as_json=format is options.Output.JSON)
        return
    if name is None:
        raise typer.BadParameter("name an intent or a word, or ask for the --fleet")
    needs = {"is_given": nearest is not None, "has_needed": repair is not None}
    options.refuse_without("--nearest", "--repair", **needs)
    screen = Screen()
    as_json = format is options.Output.JSON
    if word := look_up(name):
        if repair:
            raise typer.BadParameter(f"{word.text} is a word, not an intent", param_hint="--repair")
        _tell(screen, word, name, as_json=as_json)
        return
    explanation = _explained(name, place, screen)
    if as_json:
        screen.data(explanation_data(explanation))
    else:
        show_explanation(screen, explanation)
    if repair and explanation.proof.holds:
        screen.note(f"nothing is written to {repair}: the selection matches")
    elif repair:
        write_repair(screen, explanation.proposals.nearest, nearest or 1, repair)
    raise typer.Exit(Exit.OK if explanation.proof.holds else Exit.BLOCKED)


def _explain_fleet(place: Place, repair: Path | None, *, as_json: bool) -> None:
    screen = Screen()
    found = run(lambda stop: _fleet(place, screen, stop))
    if as_json:
        screen.data(fleet_data(found))
    else:
        show_fleet(screen, found)
    if repair:
        write_publications(screen, found, repair)
    is_open = found.unseen or any(one.ordered or one.hopeless for one in found.palettes.values())
    raise typer.Exit(Exit.BLOCKED if is_open else Exit.OK)


async def _fleet(place: Place, screen: Screen, stop: Stop) -> FleetPublications:
    async with open_settings(place, OperatorSpec(), screen, stop) as settings:
        return await explain_fleet(settings)


def _tell(screen: Screen, word: Word, name: str, *, as_json: bool) -> None:
    if as_json:
        screen.data(word_data(word))
    else:
        show_word(screen, word)
    if _may_be_intent(name):
        screen.note(f"for an intent of this name: pairctl explain {_INTENT}{name}")


def _explained(name: str, place: Place, screen: Screen) -> Explanation:
    """Explain an intent. Raises PairctlError, which names the words that may have been meant."""
    if not _may_be_intent(name):
        raise PairctlError(_no_such_word(name))
    try:
        return run(lambda stop: _explain(name.removeprefix(_INTENT), place, screen, stop))
    except PairctlError as error:
        near = " or ".join(near_words(name))
        if not near:
            raise
        hint = f"{error.problem.hint}; or was it the word {near}?"
        raise PairctlError(replace(error.problem, hint=hint)) from error


async def _explain(name: str, place: Place, screen: Screen, stop: Stop) -> Explanation:
    async with open_settings(place, OperatorSpec(), screen, stop) as settings:
        return await explain_observed(name, settings)


def _may_be_intent(name: str) -> bool:
    """Whether an intent can have the name: words are written with capitals, names without."""
    return name == name.lower()


def _no_such_word(name: str) -> Problem:
    near = " or ".join(near_words(name))
    return Problem(
        "UnknownWord",
        f"no code, phase, condition or reason is called {name}",
        f"did you mean {near}?" if near else "intents have names in lower case; check the word",
    )
