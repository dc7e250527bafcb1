"""Plans as files: written for `apply --plan`, and refused where they are not what was written."""

import json
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from pairctl.engine.plan.document import PlanDocument
from pairctl.engine.plan.planned import Clean, cleaned
from pairctl.problem import ConfigurationError, Problem
from pairctl.text import model_words

AGAIN = "make it anew with `pairctl plan --out`"


class PlanRefused(ConfigurationError):
    """A file holds no plan, one of another version, or one that was changed."""


def write_plan(file: Path, document: PlanDocument, clean: Clean) -> None:
    """Write a plan, whole or not at all. An older plan is replaced, any other file is not.

    The document is clean; if `clean` still found a secret in it, the plan could not be read.

    Raises PlanRefused, or ConfigurationError where the file cannot be written.
    """
    refuse_other_file(file)
    intents = tuple(cleaned(intent, clean) for intent in document.intents)
    written = document.model_copy(update={"intents": intents})
    text = json.dumps(written.data(), indent=2, ensure_ascii=False) + "\n"
    try:
        _replace(file, text)
    except OSError as error:
        raise ConfigurationError(
            Problem(
                "CannotWrite",
                f"cannot write {file}: {error.strerror}",
                "name a file in a folder that is there, and can be written to",
            )
        ) from error


def refuse_other_file(file: Path) -> None:
    """Raise PlanRefused where something is at the path that is no plan."""
    if os.path.lexists(file) and not _is_plan(file):
        raise PlanRefused(
            Problem(
                "NotAPlan",
                f"{file} is there, and is no plan; it is not written over",
                "name another file, or remove this one",
            )
        )


def read_plan(file: Path) -> PlanDocument:
    """Read a plan that was written by this version, and not changed since. Raises PlanRefused."""
    try:
        content = file.read_bytes()
        document = PlanDocument.model_validate_json(content)
    except OSError as error:
        raise _refused(file, f"it cannot be read: {error.strerror}") from error
    except ValidationError as error:
        raise _refused(file, _first(error)) from None
    if document.digest != document.own_digest:
        raise _refused(file, f"its content has another digest ({document.own_digest})")
    if document.is_remembered:
        raise _refused(file, "it was made offline, and nobody looked at the world for it")
    return document


def _refused(file: Path, why: str) -> PlanRefused:
    words = f"{file} is no plan that this pairctl has written, or was changed since: {why}"
    return PlanRefused(Problem("PlanRefused", words, AGAIN))


def _first(error: ValidationError) -> str:
    """Tell the first thing that is wrong by its place, and show nothing of what stands there."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    words = model_words(first["msg"])
    return f"`{place}`: {words}" if place else words


def _is_plan(file: Path) -> bool:
    with suppress(OSError, ValueError, RecursionError):
        if not file.is_file():  # nobody waits at a pipe
            return False
        shown = json.loads(file.read_bytes())
        return isinstance(shown, dict) and shown.get("kind") == "Plan"
    return False


def _replace(file: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
