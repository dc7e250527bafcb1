"""`pairctl inventory`: from a list of addresses to documents for a pull request."""

from collections.abc import Sequence, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from pairctl.cli import options
from pairctl.cli.inventory_documents import Wanted, documents_of, write_files
from pairctl.cli.inventory_file import Columns, InventoryFile, read_inventory
from pairctl.cli.inventory_labels import labels_of
from pairctl.cli.inventory_view import (
    contacts_data,
    show_contacts,
    show_survey,
    survey_data,
)
from pairctl.cli.option_groups import grouped
from pairctl.cli.options import Place, Rules
from pairctl.cli.progress import counting
from pairctl.cli.running import make_keys, open_settings, read_operator, run
from pairctl.cli.screen import Screen
from pairctl.engine import Access, Contact, Login, Stop, Survey, contact_all, survey
from pairctl.exits import Exit
from pairctl.text import name_list
from pairctl.validation import below, repository_of

EXAMPLES = """
Examples:

  pairctl inventory sites.csv             # certificates only

  pairctl inventory sites.csv --pin       # and into the file

  pairctl inventory sites.csv --credentials store-local-ui

  pairctl inventory sites.csv --credentials ui --registration-token t --write .
"""

_LENGTH_OF_NAMES = 200
_ANY_SECRET = "NAME"  # noqa: S105 - stands in the hint of a refusal


@dataclass(frozen=True, slots=True)
class ColumnOptions:
    """Which columns hold what, and the port where an address names none."""

    name_column: Annotated[
        str, typer.Option(help="The column of the rows' names. Left out: the first.")
    ] = ""
    address_column: Annotated[str, typer.Option(help="The column of addresses.")] = "address"
    fingerprint_column: Annotated[
        str, typer.Option(help="The column of the pinned certificates.")
    ] = "fingerprint"
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="The port where an address names none.")
    ] = 5080

    @property
    def columns(self) -> Columns:
        """The same as the rest knows it."""
        return Columns(self.name_column, self.address_column, self.fingerprint_column, self.port)


@dataclass(frozen=True, slots=True)
class Writing:
    """Whether and where documents are written, and what they name."""

    palette: Annotated[
        str | None,
        typer.Option(
            metavar="NAME", help="The Palette document to match for; left out: the only one."
        ),
    ] = None
    write: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            file_okay=False,
            help="Write a set with its CSV file, and its matches.",
        ),
    ] = None
    registration_token: Annotated[
        str, typer.Option(metavar="NAME", help="For --write: the token's name in Palette.")
    ] = ""
    with_paired: Annotated[
        bool,
        typer.Option("--with-paired", help="For --write: clusters that are managed centrally too."),
    ] = False

    label: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LABEL",
            help="For --write: a label of the intents; COLUMN, KEY=VALUE or KEY={COLUMN}.",
        ),
    ] = None

    def __post_init__(self) -> None:
        """Refuse what has no effect. Raises ConfigurationError."""
        has, token = self.write is not None, bool(self.registration_token)
        options.refuse_without(
            "--with-paired", "--write", is_given=self.with_paired, has_needed=has
        )
        options.refuse_without("--registration-token", "--write", is_given=token, has_needed=has)
        options.refuse_without("--label", "--write", is_given=bool(self.label), has_needed=has)


@grouped
def inventory(
    place: Place,
    rules: Rules,
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="A CSV file with a row for each host."),
    ],
    columns: ColumnOptions,
    writing: Writing,
    pin: Annotated[
        bool,
        typer.Option("--pin", help="Write the certificates of rows that have none into the file."),
    ] = False,
    credentials: Annotated[
        str | None,
        typer.Option(metavar="SECRET", help="The secret to log in with, where a row is pinned."),
    ] = None,
    format: options.Format = options.Output.TEXT,  # noqa: A002 - the option's name
) -> None:
    """Tell what is at a list of addresses, and write what a pull request needs to pair it.

    First, without `--credentials`, each host is asked for its certificate, and nothing is sent.
    `--pin` writes those that are new into the file; one that has changed is never written over.
    Compare them with the hosts' own before you log in.

    Then, with `--credentials`, hosts that are pinned are logged in to and read: cluster, versions,
    who manages it, its stack. Clusters are grouped by their stack, and for each group the exact
    selection of profiles is told, or the nearest one and what to publish. Nothing is changed
    anywhere.

    Exits 3 where a row was not reached, its certificate has changed, or nothing matches it.
    """
    options.refuse_beside("--pin", "--credentials", is_given=pin, has_other=bool(credentials))
    needed = {"has_needed": credentials is not None}
    options.refuse_without("--write", "--credentials", is_given=bool(writing.write), **needed)
    options.refuse_without("--palette", "--credentials", is_given=bool(writing.palette), **needed)
    writes = bool(writing.write and credentials)
    has_token = bool(writing.registration_token)
    options.refuse_alone("--write", "--registration-token", is_given=writes, has_needed=has_token)
    screen, as_json = Screen(), format is options.Output.JSON
    read = read_inventory(file, columns.columns)
    labels = labels_of(writing.label or (), read.names) if writes else {}
    if credentials is None:
        contacts = run(lambda _: _contact(read, place, rules, screen))
        if as_json:
            screen.data("InventoryContacts", contacts_data(contacts))
        else:
            show_contacts(screen, contacts, is_pinning=pin)
        raise typer.Exit(_after_contact(screen, read, contacts, is_pinning=pin))
    login = Login(credentials, writing.palette)
    found = run(lambda stop: _survey(read, place, rules, screen, stop, login))
    if as_json:
        screen.data("InventorySurvey", survey_data(found))
    else:
        show_survey(screen, found)
    if writing.write is not None:
        inside = _inside(writing.write)
        token, paired = writing.registration_token, writing.with_paired
        wanted = Wanted(writing.write, inside, credentials, token, paired, labels)
        _write(screen, read, found, wanted)
    is_seen = not found.palette_problem and all(one.host for one in found.seen)
    is_matched = all(group.is_matched or not found.palette for group in found.groups)
    raise typer.Exit(Exit.OK if is_seen and is_matched else Exit.BLOCKED)


async def _contact(
    file: InventoryFile, place: Place, rules: Rules, screen: Screen
) -> tuple[Contact, ...]:
    spec = read_operator(rules, place)
    async with Access(make_keys(rules, spec, screen), spec) as access:
        with counting(screen, "asking for certificates", len(file.sites)) as count:
            return await contact_all(file.sites, access, _ANY_SECRET, count)


async def _survey(
    file: InventoryFile,
    place: Place,
    rules: Rules,
    screen: Screen,
    stop: Stop,
    login: Login,
) -> Survey:
    spec = read_operator(rules, place)
    keys = make_keys(rules, spec, screen)
    async with (
        open_settings(place, spec, screen, stop) as settings,
        Access(keys, spec, settings.clock, holder=settings.holder) as access,
    ):
        with counting(screen, "logging in", len(file.sites)) as count:
            return await survey(file.sites, settings, access, login, count)


def _after_contact(
    screen: Screen, file: InventoryFile, contacts: Sequence[Contact], *, is_pinning: bool
) -> Exit:
    new = {one.site.name: one.served for one in contacts if one.is_new}
    changed = [one for one in contacts if one.is_changed]
    dark = [one.site.name for one in contacts if one.problem]
    if is_pinning and new:
        file.pin(new)
        screen.note(
            f"pinned {len(new)} of {len(contacts)} rows in {file.path}: compare them with "
            "the hosts' own before you log in with --credentials"
        )
    elif new:
        screen.note(f"{_rows(new)} without a certificate that is pinned; --pin writes them")
    if dark:
        screen.note(f"{_rows(dark)} not reached, and left as before: {_named(dark)}", "yellow")
    if changed:
        screen.note(
            f"{_rows(changed)} with another certificate than is pinned, and left as they are: "
            f"{_named([one.site.name for one in changed])}: find out why, and empty the cell to "
            "have it pinned anew",
            "bold red",
        )
    is_whole = not changed and not dark
    return Exit.OK if is_whole else Exit.BLOCKED


def _rows(found: Sized) -> str:
    return f"{len(found)} row{'s' * (len(found) != 1)}"


def _named(names: Sequence[str]) -> str:
    return name_list(sorted(names), _LENGTH_OF_NAMES)


def _inside(folder: Path) -> str:
    """Return where a folder is in its repository; empty where it is in none, or is its top."""
    root = repository_of(folder)
    return below(root, folder) if root else ""


def _write(
    screen: Screen,
    file: InventoryFile,
    found: Survey,
    wanted: Wanted,
) -> None:
    made = documents_of(file, found, wanted)
    if not made.rows:
        screen.note("nothing is written: no row has a selection that matches", "yellow")
        return
    write_files(wanted.folder, made.files)
    left = [one.name for one in file.sites if one.name not in made.rows]
    for name in made.files:
        screen.note(f"wrote {wanted.folder / name}")
    which = f": {_named(left)}" if left else ""
    screen.note(
        f"{len(made.rows)} rows are written, {len(left)} left out{which}; write each cluster's "
        "name into `acknowledge` where it may be paired"
    )
