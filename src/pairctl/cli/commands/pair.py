"""`pairctl pair`: one cluster, step by step, with every request shown and a person asked."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from pairctl.apis import ExchangeLog
from pairctl.cli import options
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.output_files import refuse_unwritable
from pairctl.cli.pair_session import PairSession
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.cli.terminal import Terminal, is_terminal
from pairctl.cli.tracking_view import tell_carried_out
from pairctl.cli.transcript import (
    Transcript,
    refuse_existing,
    transcript_files,
    write_transcript,
)
from pairctl.engine import (
    Access,
    Reconciler,
    Settings,
    Stop,
    WritingAccess,
    acceptance_to_come,
    plan_one,
    preview_of,
    run_step_by_step,
)
from pairctl.exits import Exit, of_signal
from pairctl.pairing import Accept
from pairctl.problem import ConfigurationError, Problem

AccessT = TypeVar("AccessT", bound=Access)

EXAMPLES = """
Examples:

  pairctl pair store-1 --dry-run             # look, and send nothing

  pairctl pair store-1 --transcript first    # asks before each step

docs/first-pairing.md is a guide for the first time against a real Palette.
"""


@grouped
def pair(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The intent of the cluster.")],
    place: Place,
    rules: Rules,
    local: options.Local = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Ask nobody: look, show what would be sent next, and send nothing of it.",
        ),
    ] = False,
    transcript: Annotated[
        Path | None,
        typer.Option(
            "--transcript",
            metavar="FOLDER",
            file_okay=False,
            help="Write pairing-NAME.md and pairing-NAME.json there, without secrets.",
        ),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="With --transcript: write over files of before.")
    ] = False,
) -> None:
    """Carry one intent out step by step, at a terminal, as `apply` would.

    Each request is shown before it is sent, and each answer after it. A person is asked before
    looking, before a request is sent, and twice before it is accepted, which cannot be undone.
    Other intents are left alone; they count for duplicates and caps by their documents and by what
    is on record of them.

    Where one of Palette's paths does not work, it stops, and says what to record and to set. With
    --dry-run it looks and changes nothing, neither at the servers nor in the repository.

    Exits 0 where the intent holds, 3 where it is blocked, a step was not permitted or the run was
    left, and with --dry-run 2 where there is something to send.
    """
    options.refuse_without(
        "--overwrite", "--transcript", is_given=overwrite, has_needed=transcript is not None
    )
    if not dry_run and not is_terminal():
        raise ConfigurationError(
            Problem(
                "NotATerminal",
                "`pairctl pair` asks a person before each step, and this is no terminal",
                "run it in a terminal, or with --dry-run; `pairctl apply` asks nobody",
            )
        )
    files = transcript_files(transcript, name) if transcript else {}
    if not overwrite:
        refuse_existing(files)
    for file in files.values():
        refuse_unwritable(file, "--transcript", makes_folders=True)
    screen = Screen()
    place = replace(place, is_local=local)
    code = run(
        lambda stop: _Run(name, place, rules, screen, stop, dry_run, files).run(), finishes=True
    )
    raise typer.Exit(code)


class _Run:
    """One run, with what its conversation and its transcript need."""

    def __init__(
        self,
        name: str,
        place: Place,
        rules: Rules,
        screen: Screen,
        stop: Stop,
        is_dry: bool,
        files: dict[str, Path],
    ) -> None:
        self._place, self._screen, self._stop, self._is_dry = place, screen, stop, is_dry
        self._files = files
        self._operator = read_operator(rules, place)
        self._keys = make_keys(rules, self._operator, screen)
        now = datetime.now(UTC)
        self._transcript = Transcript(name, is_dry, now, self._operator.routes)
        terminal = None if is_dry else Terminal(screen, stop)
        self._session = PairSession(name, screen, self._transcript, terminal, is_kept=bool(files))

    async def run(self) -> int:
        """Run to the end, and write the transcript whatever the end is."""
        try:
            code = await (self._dry() if self._is_dry else self._real())
        finally:
            self._session.finish()
            if self._files:
                write_transcript(self._files, self._transcript, self._screen.clean)
                for file in self._files.values():
                    self._screen.line(f"transcript: {file}")
        number = self._stop.signal_number
        return of_signal(number) if number else code

    @asynccontextmanager
    async def _opened(self, kind: type[AccessT]) -> AsyncIterator[tuple[Settings, AccessT]]:
        """Open the repository and the servers, say what is carried out, and hear every call."""
        session, screen, place = self._session, self._screen, self._place
        async with (
            open_settings(place, self._operator, screen, self._stop, session) as settings,
            kind(
                self._keys,
                self._operator,
                settings.clock,
                holder=settings.holder,
                log=ExchangeLog(session),
            ) as access,
        ):
            await tell_carried_out(place, settings.repository, screen)
            yield settings, access

    async def _real(self) -> int:
        session = self._session
        async with self._opened(WritingAccess) as (settings, access):
            reconciler = Reconciler(settings, access, gate=session)
            result = await run_step_by_step(reconciler, session, settings)
        if result is None:
            session.note("quit before anything was asked of a server")
            return Exit.BLOCKED
        session.tell_decision(result.decisions[session.name])
        status = result.statuses[session.name]
        self._tell_end(sent=bool(result.all_outcomes))
        if status.is_blocked or result.undone or not result.is_settled or session.notes.failed:
            return Exit.BLOCKED
        return Exit.ERROR if result.unseen_palettes else Exit.OK

    def _tell_end(self, *, sent: bool) -> None:
        session, result = self._session, self._transcript.result
        if not (session.is_left or self._stop.is_requested):
            return
        session.note(f"what stands now: {result['phase']}: {result['message']}")
        done = "What was sent stays, and is recorded." if sent else "Nothing was sent."
        session.note(
            f"{done} No claim was made for a step that was not permitted; one that was made and not"
            " used is closed with the record of its pass, and else ends with its time."
            " Run the same command again to go on."
        )

    async def _dry(self) -> int:
        session = self._session
        async with self._opened(Access) as (settings, access):
            plan = await plan_one(settings, access, session.name)
            decision = plan.decisions[session.name]
            session.tell_decision(decision)
            if decision.action:
                session.note("a dry run: this would be sent next, and is not")
                preview = await preview_of(decision.action, decision.case, access, settings)
                session.show_preview(preview)
            if decision.action and not isinstance(decision.action, Accept):
                later = await acceptance_to_come(decision.case, access, settings)
                if later and decision.leads_one_way:
                    session.note("and later, once the request is in Palette, this:")
                    session.show_preview(later)
        if plan.is_blocked or session.notes.failed:
            return Exit.BLOCKED
        if plan.unseen_palettes:
            return Exit.ERROR
        return Exit.CHANGES if plan.has_changes else Exit.OK
