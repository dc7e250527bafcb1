"""Documents of a work tree that its commit does not have: people edit, and wonder at a plan."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from pairctl.engine.desired.source import Source
from pairctl.repo import Repository
from pairctl.spec import SourceFile, blob_id, list_folder, read_listed, read_table_file

_SHA1_DIGITS = 40


async def uncommitted(
    repository: Repository, source: Source, folder: Path, under: str = ""
) -> tuple[str, ...]:
    """Return the paths of documents that are changed, new or gone in the work tree at `folder`.

    Git is asked for the commit's object ids only: its index and its filters stay untouched. Line
    ends are all one. Raises what `Repository` and `list_folder` raise.
    """
    read = await asyncio.to_thread(_read, folder, under, _tables_of(source))
    refused = {file.path for file in source.refused}  # of these the commit tells nothing
    paths = sorted({*(file.path for file in read), *_declared_in(source)} - refused)
    committed = await repository.object_ids(source.commit, paths)
    here = {file.path: file.content for file in read}
    return tuple(p for p in paths if not _is_same(here.get(p), committed.get(p)))


def _read(folder: Path, under: str, tables: Iterable[str]) -> list[SourceFile]:
    files = (read_listed(folder, listed) for listed in list_folder(folder, under).files)
    inventories = (read_table_file(folder, under, path) for path in tables)
    return [file for file in (*files, *inventories) if isinstance(file, SourceFile)]


def _tables_of(source: Source) -> tuple[str, ...]:
    """Return the CSV files of the commit's sets; one that only the work tree names is not known."""
    sets = source.declared.sets.values()
    return tuple(sorted({csv for loaded in sets if (csv := loaded.document.spec.inventory.csv)}))


def _declared_in(source: Source) -> Iterable[str]:
    declared = source.declared
    for kind in (declared.palettes, declared.matches, declared.intents, declared.approvals):
        yield from (loaded.path for loaded in kind.values())
    yield from (loaded.path for loaded in declared.sets.values())
    yield from _tables_of(source)
    yield from (loaded.path for loaded in declared.stray_approvals)
    yield from (rejected.path for rejected in declared.rejected)


def _is_same(content: bytes | None, object_id: str | None) -> bool:
    if content is None or object_id is None:
        return content is None and object_id is None
    algorithm = "sha1" if len(object_id) == _SHA1_DIGITS else "sha256"
    forms = (content, content.replace(b"\r\n", b"\n"))
    return object_id in (blob_id(form, algorithm) for form in forms)
