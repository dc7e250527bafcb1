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

    Of Git come the commit's object ids, and what its index says is not to be compared: left out by
    a sparse checkout, or marked so. No filter is run. Line ends are all one, file modes are none of
    it, nor is the case of names where Git ignores it. Raises what `Repository` and `list_folder`
    raise.
    """
    read = await asyncio.to_thread(_read, folder, under, _tables_of(source))
    index = await repository.index()
    here = {file.path: file.content for file in read}
    declared = set(_declared_in(source))
    if index.ignores_case:
        # Names that differ in case only are spelt as the commit has them.
        spelt = {path.casefold(): path for path in declared if path not in here}
        here = {
            path if path in declared else spelt.get(path.casefold(), path): content
            for path, content in here.items()
        }
    refused = {file.path for file in source.refused}  # of these the commit tells nothing
    paths = sorted({*here, *declared} - refused - index.unwatched)
    committed = await repository.object_ids(source.commit, paths)
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
    plain = content.replace(b"\r\n", b"\n")
    forms = (content, plain, plain.replace(b"\n", b"\r\n"))
    return object_id in (blob_id(form, algorithm) for form in forms)
