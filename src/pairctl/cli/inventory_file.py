"""The CSV file of addresses that `pairctl inventory` works on: read, judged, and written back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from pairctl.engine import Site
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import (
    MAX_TABLE_BYTES,
    Finding,
    Row,
    SourceFile,
    Table,
    as_endpoint,
    as_fingerprint,
    as_name,
    read_table,
    with_column,
)

_MOST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are read, by what they hold; an empty `name` stands for the first.

    `port` is where a host answers whose address names none.
    """

    name: str = ""
    address: str = "address"
    fingerprint: str = "fingerprint"
    port: int = 5080


@dataclass(frozen=True, slots=True)
class InventoryFile:
    """A file of addresses: its rows as sites, in order, and the row of each by its name."""

    path: Path
    source: SourceFile
    table: Table
    sites: tuple[Site, ...]
    rows: Mapping[str, Row]
    columns: Columns

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its columns, in order."""
        return tuple(cell.text for cell in self.table.columns)

    def pin(self, fingerprints: Mapping[str, str]) -> None:
        """Write fingerprints by site's name into their column, which may be a new one.

        All else of the file is as it was. Raises ConfigurationError where it cannot be written.
        """
        by_line = {self.rows[name].span.line: found for name, found in fingerprints.items()}
        content = with_column(self.source, self.columns.fingerprint, by_line)
        place = self.path.resolve()  # a link stays one
        try:
            with NamedTemporaryFile(dir=place.parent, delete=False) as made:
                made.write(content)
            written = Path(made.name)
            try:
                written.chmod(place.stat().st_mode)
                written.replace(place)
            finally:
                written.unlink(missing_ok=True)
        except OSError as error:
            message = f"cannot write {self.path}: {error.strerror}"
            raise ConfigurationError(
                Problem("CannotWrite", message, "see that the file and its folder can be written")
            ) from error


def read_inventory(path: Path, columns: Columns) -> InventoryFile:
    """Read a file of addresses. Raises ConfigurationError with what is wrong, by line."""
    with path.open("rb") as opened:
        source = SourceFile(path.name, opened.read(MAX_TABLE_BYTES + 1))
    table = read_table(source)
    findings = [*table.findings, *(one for row in table.rows for one in row.findings)]
    _refuse([one for one in findings if one.refuses], path)
    names = [cell.text for cell in table.columns]
    chosen = replace(columns, name=columns.name or names[0])
    for needed in (chosen.name, chosen.address):
        if needed not in names:
            message = f"{path} has no column `{needed}`; its columns are {', '.join(names)}"
            hint = "name the columns with --name-column and --address-column"
            raise ConfigurationError(Problem("UnknownColumn", message, hint))
    return _with_sites(path, source, table, chosen)


def _with_sites(path: Path, source: SourceFile, table: Table, columns: Columns) -> InventoryFile:
    sites: dict[str, Site] = {}
    rows: dict[str, Row] = {}
    wrong: list[str] = []
    for row in table.rows:
        where = f"{path}:{row.span.line}"
        try:
            pinned = row.cells.get(columns.fingerprint)
            site = Site(
                as_name(row.cells[columns.name].text),
                as_endpoint(row.cells[columns.address].text, columns.port),
                as_fingerprint(pinned.text) if pinned and pinned.text else "",
            )
        except ValueError as error:
            wrong.append(f"{where}: {error}")
            continue
        if site.name in sites:
            wrong.append(f"{where}: `{site.name}` names line {rows[site.name].span.line} already")
        sites[site.name], rows[site.name] = site, row
    _refuse(wrong, path)
    return InventoryFile(path, source, table, tuple(sites.values()), rows, columns)


def _refuse(wrong: Sequence[Finding] | Sequence[str], path: Path) -> None:
    if not wrong:
        return
    shown = [str(one) for one in wrong[:_MOST_SHOWN]]
    more = [f"and {len(wrong) - _MOST_SHOWN} more"] if len(wrong) > _MOST_SHOWN else []
    raise ConfigurationError(
        Problem(
            "InventoryRefused",
            f"{path} cannot be used: " + "; ".join([*shown, *more]),
            "correct the file; docs/fleets.md tells its form",
        )
    )
