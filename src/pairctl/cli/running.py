"""From options to a run: the operator's rules, secrets, the repository, clients; and its end."""

import asyncio
import os
import secrets
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from pairctl.cli.event_log import EventLog
from pairctl.cli.log_catalogue import emit
from pairctl.cli.logs import are_events_wanted
from pairctl.cli.operator_file import read_operator_file
from pairctl.cli.options import Place, Rules
from pairctl.cli.screen import Screen
from pairctl.engine import (
    Event,
    Keys,
    Listener,
    Settings,
    Stop,
    stopping_on_signals,
    unheard,
)
from pairctl.exits import Interrupted
from pairctl.problem import ConfigurationError, Problem
from pairctl.repo import Repository
from pairctl.secrets import Destinations, KeptSecrets, SecretStore
from pairctl.spec import ALL_INTENTS, IntentSelection, OperatorSpec
from pairctl.user_cache import user_cache_folder

T = TypeVar("T")


def run(
    main: Callable[[Stop], Awaitable[T]],
    *,
    finishes: bool = False,
    heard: Callable[[], object] = bool,
) -> T:
    """Run a command's coroutine until it ends, or SIGTERM or SIGINT come.

    What `finishes` sees the wish to stop, and ends after the step under way; all else ends at once.
    `heard` is called then, to say that it was. Raises Interrupted.
    """
    came: list[T] = []

    async def stoppable() -> None:
        stop, task = Stop(), asyncio.current_task()

        def ending() -> None:
            emit("StopRequested")
            heard()

        end = task.cancel if task and not finishes else ending
        try:
            with stopping_on_signals(stop, end):
                came.append(await main(stop))
        except asyncio.CancelledError:
            if stop.signal_number:
                raise Interrupted(stop.signal_number) from None
            raise

    asyncio.run(stoppable())  # it makes a text of what it is given back: a whole fleet is too much
    return came[0]


@asynccontextmanager
async def open_settings(
    place: Place,
    operator: OperatorSpec,
    screen: Screen,
    stop: Stop,
    listener: Listener = unheard,
    selection: IntentSelection = ALL_INTENTS,
    *,
    may_be_old: bool = False,
) -> AsyncIterator[Settings]:
    """Open the repository for one run, of the intents that are selected.

    For a command that only looks, the status branch of a clone `may_be_old`: it is said then.
    """
    # What is fetched from clone URLs is kept for the next run.
    folder = user_cache_folder()
    repository = await Repository.open(
        place.repository,
        status_branch=place.status_branch,
        remote=place.remote,
        may_be_old=may_be_old,
        cache=folder / "repositories" if folder else None,
    )
    async with repository:
        made = Settings(
            repository=repository,
            holder=holder(),
            ref=place.ref,
            under=place.under,
            is_local=place.is_local,
            operator=operator,
            clean=screen.redactor.redact,
            known_secrets=lambda: screen.redactor.state,
            listener=_logged(listener),
            stop=stop,
            selection=selection,
            cache_folder=user_cache_folder(),
        )
        try:
            yield made
        finally:
            if other := repository.not_followed:
                screen.note(f"{other.message} ({other.hint})", "yellow")
            if why := repository.why_old:
                words = f"branch {place.status_branch} is as this clone has it"
                words += f", since it could not be fetched: {why.message}"
                screen.note(words, "yellow")


def _logged(listener: Listener) -> Listener:
    """Have the steps of a run written to the log too, where that is wanted."""
    if isinstance(listener, EventLog) or not are_events_wanted():
        return listener
    log = EventLog()

    def both(event: Event) -> None:
        listener(event)
        log(event)

    return both


def read_operator(rules: Rules, place: Place) -> OperatorSpec:
    """Read the operator's file; without one all is at its default. Raises ConfigurationError."""
    return read_operator_file(rules.operator, place.top)


def make_keys(
    rules: Rules, operator: OperatorSpec, screen: Screen, *, are_kept: bool = False
) -> Keys:
    """Say where secrets come from and where they may go.

    Where they `are_kept`, they change by being renewed only.
    """
    made = KeptSecrets if are_kept else SecretStore
    store = made(rules.secrets_dir, os.environ, screen.redactor)
    store.teach(operator.secrets if rules.operator else None)
    return Keys(
        store=store,
        destinations=destinations_of(rules, operator),
        redactor=screen.redactor,
    )


def holder() -> str:
    """Return a name for this process in claims, unlike any other's: host and a random part."""
    return f"{socket.gethostname()}-{secrets.token_hex(4)}"


def destinations_of(rules: Rules, operator: OperatorSpec) -> Destinations:
    """Say where secrets may go. Raises ConfigurationError where two say it."""
    if rules.operator is None:
        return Destinations.of_patterns(rules.allow_host or ())
    if rules.allow_host:
        raise ConfigurationError(
            Problem(
                "TwoRules",
                "--allow-host is for runs without an operator's file, and --operator gives one",
                "write the hosts into the operator's file",
            )
        )
    return Destinations.of_operator(
        {name: use.hosts for name, use in operator.secrets.items()},
        operator.endpoints,
        operator.insecure_tls,
        {name: use.certificates for name, use in operator.secrets.items() if use.certificates},
    )
