"""`pairctl explain NAME...`: an intent's match, or what a word of a finding or a status means."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.match_view import (
    explanation_data,
    explanations_data,
    show_explanation,
    show_explanations,
)
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place
from pairctl.cli.proposals_view import write_repair
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.word_view import show_word, word_data
from pairctl.engine import (
    Explanation,
    Explanations,
    Stop,
    explain_observed,
    explain_selected,
)
from pairctl.exits import Exit
from pairctl.glossary import Word, look_up, near_words, words_beginning
from pairctl.problem import PairctlError, Problem
from pairctl.spec import IntentSelection, OperatorSpec

EXAMPLES = """
Examples:

  pairctl explain store-0042                   # from what the last pass saw

  pairctl explain store-0042 -o json

  pairctl explain -l region=emea               # all of these

  pairctl explain store-0042 --repair fix.json    # what to publish

  pairctl explain NotText                      # the code of a finding

  pairctl explain LayersDiffer                 # a word of a status
"""

_INTENT = "intent/"


@grouped
def explain(
    place: Place,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Intents; or one word, in any case: a code, phase, condition or reason."
            " Where both have the name, `intent/NAME` is the intent.",
            autocompletion=words_beginning,
            show_default=False,
        ),
    ] = None,
    selector: options.Selector = "",
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
    needs no secret. Of several intents, those that the same holds for are shown together. Exits 3
    where a selection does not match.

    For the code of a finding: why it matters, with a wrong and a right example. For a word of a
    status: when it is set, until when, and what a person does. Neither needs a repository.
    """
    needs = {"is_given": nearest is not None, "has_needed": repair is not None}
    options.refuse_without("--nearest", "--repair", **needs)
    selection = options.selection_of([one.removeprefix(_INTENT) for one in names or ()], selector)
    if selection.is_of_all:
        raise typer.BadParameter("name an intent or a word, or give --selector", param_hint="NAME")
    screen = Screen()
    as_json = format is options.Output.JSON
    if not names or len(names) != 1:
        is_given = repair is not None
        options.refuse_together("--repair", "several intents", is_given=is_given, has_other=True)
        raise typer.Exit(_explain_several(selection, place, screen, as_json=as_json))
    name = names[0]
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


def _explain_several(
    selection: IntentSelection, place: Place, screen: Screen, *, as_json: bool
) -> Exit:
    found = run(lambda stop: _explain_selected(selection, place, screen, stop))
    if as_json:
        screen.data(explanations_data(found))
    else:
        show_explanations(screen, found)
    holds = all(one.proof.holds for one in found.items) and not found.unexplained
    return Exit.OK if holds else Exit.BLOCKED


async def _explain_selected(
    selection: IntentSelection, place: Place, screen: Screen, stop: Stop
) -> Explanations:
    async with open_settings(place, OperatorSpec(), screen, stop, selection=selection) as settings:
        return await explain_selected(settings)


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
