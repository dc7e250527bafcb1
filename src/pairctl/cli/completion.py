"""What a shell may complete: names of intents, sets and waves, from a work tree's documents.

It answers while somebody types: nothing is fetched, no program is started, and not much is read.
"""

import re
from collections.abc import Iterable, Iterator, MutableMapping
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from pairctl import spec  # what it offers is loaded when it is used
from pairctl.problem import PairctlError

MOST_FILES = 2_000
MOST_NAMES = 500

_KIND = re.compile(r"^kind:\s*[\"']?(\w+)[\"']?\s*(?:#.*)?$", re.MULTILINE)
_WAVES = re.compile(r"^  waves:\s*(?:#.*)?\n((?:(?:    |  - | *#).*\n?|\n)*)", re.MULTILINE)
_WAVE = re.compile(r"^ *- *\{?\s*name:\s*[\"']?([a-z0-9][a-z0-9-]*)", re.MULTILINE)
_NAME = re.compile(
    r"^metadata:(?:\s*\{[^\n]*?\b|(?:\s*(?:#.*)?\n(?:[ \t]+.*\n)*?[ \t]+))"
    r"name:\s*[\"']?([a-z0-9][a-z0-9-]*)",
    re.MULTILINE,
)


def name_completions(command: Any) -> None:
    """Let a shell complete the arguments of a command that are names of intents."""
    for parameter in command.params:
        is_name = parameter.param_type_name == "argument" and parameter.name in {"name", "names"}
        if is_name and parameter._custom_shell_complete is None:  # noqa: SLF001 - as typer's own
            parameter._custom_shell_complete = _complete  # noqa: SLF001


def join_split_words(environment: MutableMapping[str, str]) -> None:
    """Put words together again that bash has split at `=`, as `--format=j`; no other shell does.

    Bash hands over the words, a line each, and which of them is typed. It puts what is offered in
    place of what stands behind `=`, and that is what is offered.
    """
    if environment.get("_PAIRCTL_COMPLETE") != "complete_bash":
        return
    split, typed = environment.get("COMP_WORDS", "").split("\n"), environment.get("COMP_CWORD", "")
    if not typed.isdecimal():
        return
    joined: list[str] = []
    place = int(typed)
    for number, word in enumerate(split):
        if number > 1 and (word == "=" or split[number - 1] == "="):
            joined[-1] += word
            place -= number <= int(typed)
        else:
            joined.append(word)
    environment.update(COMP_WORDS="\n".join(joined), COMP_CWORD=str(place))


def intent_names(folder: Path, beginning: str) -> list[str]:
    """Return the names of intents in a folder's documents that begin so, sorted; at most 500.

    Documents are not judged: what looks like an intent is one. Nothing is raised.
    """
    found = sorted({name for name in _names(folder) if name.startswith(beginning)})
    return found[:MOST_NAMES]


def folder_of(ctx: Any) -> Path:
    """Return the folder of the documents that a command is about, as far as it is typed."""
    given = ctx.params
    top = given.get("repository") or given.get("folder") or "."
    return Path(top).expanduser() / (given.get("under") or "")


def set_completions(ctx: Any, incomplete: str) -> list[str]:
    """Return the names of sets, and of intents of theirs, that begin so."""
    folder = folder_of(ctx)
    files = list(_files(folder))
    found = sorted({*_names_of(files, "PairingIntentSet"), *_rows(files, folder)})
    return [name for name in found if name.startswith(incomplete)][:MOST_NAMES]


def wave_completions(ctx: Any, incomplete: str) -> list[str]:
    """Return the waves of rollouts, each as ROLLOUT/WAVE, that begin so."""
    found = {
        f"{name[1]}/{wave}"
        for document in _documents_of(_files(folder_of(ctx)), "Rollout")
        if (name := _NAME.search(document))
        for block in _WAVES.findall(document)
        for wave in _WAVE.findall(block)
    }
    return sorted(wave for wave in found if wave.startswith(incomplete))[:MOST_NAMES]


def _complete(ctx: Any, parameter: Any, incomplete: str) -> list[str]:
    already = ctx.params.get(parameter.name) or ()
    names = intent_names(folder_of(ctx), incomplete)
    return [name for name in names if isinstance(already, str) or name not in already]


def _names(folder: Path) -> Iterator[str]:
    files = list(_files(folder))
    yield from _names_of(files, "PairingIntent")
    yield from _rows(files, folder)


def _names_of(files: "Iterable[spec.SourceFile]", kind: str) -> Iterator[str]:
    for document in _documents_of(files, kind):
        if found := _NAME.search(document):
            yield found[1]


def _rows(files: "Iterable[spec.SourceFile]", folder: Path) -> Iterator[str]:
    for read in files:
        if spec.SET_MARK in read.content:
            yield from spec.row_names(read, partial(_table, folder.absolute()))


def _documents_of(files: "Iterable[spec.SourceFile]", kind: str) -> Iterator[str]:
    """Yield the texts of documents of a kind; what looks like one is one."""
    for read in files:
        text = read.content.decode("utf-8", "replace")
        for document in re.split(r"^---.*$", text, flags=re.MULTILINE):
            if (found := _KIND.search(document)) and found[1] == kind:
                yield document


def _files(folder: Path) -> "Iterator[spec.SourceFile]":
    try:
        listing = spec.list_folder(folder)
    except (PairctlError, OSError):
        return
    for listed in islice(listing.files, MOST_FILES):
        try:
            read = spec.read_listed(folder, listed)
        except OSError:
            continue
        if not isinstance(read, spec.Finding):
            yield read


def _table(folder: Path, path: str) -> "spec.SourceFile | spec.Finding":
    """Read a CSV file that a set names from the repository's root: the folder, or one above it."""
    tops = (place for place in (folder, *folder.parents) if (place / ".git").exists())
    found = spec.read_table_file(folder, "", path)
    if isinstance(found, spec.Finding):
        return spec.read_table_file(next(tops, folder), "", path)
    return found
