"""`pairctl explain NAME...`: matches of intents, a field of a kind, or what a word means."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.completion import folder_of, intent_names
from pairctl.cli.field_lookup import KINDS, is_field_path, look_up_field, paths_beginning
from pairctl.cli.field_view import field_data, show_field
from pairctl.cli.fleet_view import fleet_data, show_fleet, write_publications
from pairctl.cli.match_view import (
    explanation_data,
    explanations_data,
    show_explanation,
    show_explanations,
)
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place
from pairctl.cli.output_files import refuse_unwritable
from pairctl.cli.proposals_view import write_repair
from pairctl.cli.running import open_settings, run
from pairctl.cli.screen import Screen
from pairctl.cli.word_view import show_word, word_data
from pairctl.engine import (
    Explanation,
    Explanations,
    FleetPublications,
    Stop,
    explain_fleet,
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

  pairctl explain --fleet                      # what to publish for all

  pairctl explain NotText                      # the code of a finding

  pairctl explain LayersDiffer                 # a word of a status

  pairctl explain PairingIntent.spec.localUI   # a field of a document

  pairctl explain Operator --recursive         # all fields of a kind
"""

_INTENT = "intent/"
_KIND = "a kind or a field of one"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of one name."""

    is_recursive: bool
    repair: Path | None
    nearest: int | None
    as_json: bool


def _explainable(ctx: typer.Context, incomplete: str) -> list[str]:
    """Return what a shell may complete: kinds, fields, words and intents."""
    names = intent_names(folder_of(ctx), incomplete)
    return [*paths_beginning(incomplete), *words_beginning(incomplete), *names]


@grouped
def explain(
    place: Place,
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Intents; or one word, in any case: a code, phase, condition or reason."
            " Where both have the name, `intent/NAME` is the intent. Or a kind, with its capitals,"
            " or a field of one: `Palette`, `Palette.spec.acceptance`.",
            autocompletion=_explainable,
            show_default=False,
        ),
    ] = None,
    selector: options.Selector = "",
    fleet: Annotated[
        bool,
        typer.Option(
            "--fleet",
            help="Instead of some: the fewest profile versions that unlock the most clusters.",
        ),
    ] = False,
    repair: Annotated[
        Path | None,
        typer.Option(
            "--repair",
            metavar="FILE",
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
    recursive: Annotated[
        bool, typer.Option("--recursive", help="For a kind or a field: all fields below it.")
    ] = False,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Tell what stands between an intent and its match, what a field is, or what a word means.

    For an intent: the cluster's layers beside those of its selection, then the nearest selections,
    and for each what has to be published. It works on what the last pass saw of both sides, and
    needs no secret. Of several intents, those that the same holds for are shown together. Exits 3
    where a selection does not match, or a cluster or its Palette was not seen yet.

    For the code of a finding: why it matters, with a wrong and a right example. For a word of a
    status: when it is set, until when, and what a person does. Neither needs a repository.

    For a field of a kind: its type, whether it is required, its default, examples, the words it may
    have, and the fields below it. The kinds are those of documents, and Operator, Config and
    Simulation.

    For the fleet: which profile versions to publish, in which order, and how many clusters match
    then. Exits 3 where something has to be published, or was not seen yet.
    """
    if fleet:
        options.refuse_together("--fleet", "a name", is_given=True, has_other=bool(names))
        options.refuse_together("--fleet", "--selector", is_given=True, has_other=bool(selector))
        options.refuse_beside("--nearest", "--fleet", is_given=nearest is not None, has_other=True)
        _explain_fleet(place, repair, as_json=format is options.Output.JSON)
        return
    needs = {"is_given": nearest is not None, "has_needed": repair is not None}
    options.refuse_without("--nearest", "--repair", **needs)
    if repair:
        refuse_unwritable(repair, "--repair")
    selection = options.selection_of([one.removeprefix(_INTENT) for one in names or ()], selector)
    if selection.is_of_all:
        raise typer.BadParameter(
            "name an intent or a word, give --selector, or ask for the --fleet", param_hint="NAME"
        )
    screen = Screen()
    as_json = format is options.Output.JSON
    if not names or len(names) != 1:
        options.refuse_together(
            "--repair", "several intents", is_given=bool(repair), has_other=True
        )
        options.refuse_without("--recursive", _KIND, is_given=recursive, has_needed=False)
        for name in names or ():
            is_other = is_field_path(name) or not _may_be_intent(name)
            options.refuse_together(name, "other names", is_given=is_other, has_other=True)
        raise typer.Exit(_explain_several(selection, place, screen, as_json=as_json))
    _explain_one(names[0], place, screen, Asked(recursive, repair, nearest, as_json))


def _explain_one(name: str, place: Place, screen: Screen, asked: Asked) -> None:
    repair, as_json = asked.repair, asked.as_json
    if is_field_path(name):
        options.refuse_together(name, "--repair", is_given=True, has_other=repair is not None)
        field = look_up_field(name)
        if as_json:
            screen.data("Field", field_data(field, is_recursive=asked.is_recursive))
        else:
            show_field(screen, field, is_recursive=asked.is_recursive)
        return
    options.refuse_without("--recursive", _KIND, is_given=asked.is_recursive, has_needed=False)
    if word := look_up(name):
        if repair:
            raise typer.BadParameter(f"{word.text} is a word, not an intent", param_hint="--repair")
        _tell(screen, word, name, as_json=as_json)
        return
    with _exit_where_unseen(screen):
        explanation = _explained(name, place, screen)
    if as_json:
        screen.data("Explanation", explanation_data(explanation))
    else:
        show_explanation(screen, explanation)
    if repair and explanation.proof.holds:
        screen.note(f"nothing is written to {repair}: the selection matches")
    elif repair:
        write_repair(screen, explanation.proposals.nearest, asked.nearest or 1, repair)
    raise typer.Exit(Exit.OK if explanation.proof.holds else Exit.BLOCKED)


@contextmanager
def _exit_where_unseen(screen: Screen) -> Iterator[None]:
    """Exit as where nothing matches: what no pass has seen is no error, of one as of many."""
    try:
        yield
    except PairctlError as error:
        if error.problem.reason != "NotSeenYet":
            raise
        screen.problem(error.problem)
        raise typer.Exit(Exit.BLOCKED) from error


def _explain_several(
    selection: IntentSelection, place: Place, screen: Screen, *, as_json: bool
) -> Exit:
    found = run(lambda stop: _explain_selected(selection, place, screen, stop))
    if as_json:
        screen.data("ExplanationList", explanations_data(found))
    else:
        show_explanations(screen, found)
    holds = all(one.proof.holds for one in found.items) and not found.unexplained
    return Exit.OK if holds else Exit.BLOCKED


async def _explain_selected(
    selection: IntentSelection, place: Place, screen: Screen, stop: Stop
) -> Explanations:
    async with open_settings(place, OperatorSpec(), screen, stop, selection=selection) as settings:
        return await explain_selected(settings)


def _explain_fleet(place: Place, repair: Path | None, *, as_json: bool) -> None:
    screen = Screen()
    with _exit_where_unseen(screen):
        found = run(lambda stop: _fleet(place, screen, stop))
    if as_json:
        screen.data("FleetPublications", fleet_data(found))
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
        screen.data("Word", word_data(word))
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
        kinds, words = _near_kinds(name), near_words(name)
        near = " or ".join([*(f"the kind {k}" for k in kinds), *(f"the word {w}" for w in words)])
        if not near:
            raise
        hint = f"{error.problem.hint}; or was it {near}?"
        raise PairctlError(replace(error.problem, hint=hint)) from error


async def _explain(name: str, place: Place, screen: Screen, stop: Stop) -> Explanation:
    async with open_settings(place, OperatorSpec(), screen, stop, may_be_old=True) as settings:
        return await explain_observed(name, settings)


def _may_be_intent(name: str) -> bool:
    """Whether an intent can have the name: words are written with capitals, names without."""
    return name == name.lower()


def _no_such_word(name: str) -> Problem:
    near = " or ".join([*_near_kinds(name), *near_words(name)])
    return Problem(
        "UnknownWord",
        f"no kind, code, phase, condition or reason is called {name}",
        f"did you mean {near}?" if near else "intents have names in lower case; check the word",
    )


def _near_kinds(name: str) -> list[str]:
    kinds = {kind.casefold(): kind for kind in KINDS}
    return [kinds[one] for one in get_close_matches(name.casefold(), kinds, n=1, cutoff=0.7)]
