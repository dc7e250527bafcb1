"""One document against its kind: typed by pydantic, explained by the published JSON Schema.

What the models accept the schemas accept (the tests hold them to it), so the slower validator runs
only where there is something to explain.
"""

import json
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from pairctl.spec.codes import Code
from pairctl.spec.contradictions import contradictions
from pairctl.spec.explanation import explain
from pairctl.spec.findings import Finding, Span, finding
from pairctl.spec.kinds import KINDS, AnyDocument
from pairctl.spec.nodes import ListNode, MapNode, Node, Scalar, locate, places
from pairctl.spec.repeats import repeats
from pairctl.spec.scalars import Doubtful, Json, resolve
from pairctl.spec.schema import field_names
from pairctl.spec.secret_shapes import is_named_as_secret, looks_secret, may_hold_secret
from pairctl.spec.templates import TEMPLATE, template_findings, unquoted_columns
from pairctl.spec.wording import quoted_path, shown
from pairctl.text import model_words

M = TypeVar("M", bound=BaseModel)

_MOST_PER_DOCUMENT = 100
_NOWHERE = Scalar("", is_plain=False, span=Span(1, 1, 1, 1))
_NAMES_OF_SECRETS = frozenset({"secret", "fromPalette"})


class Judged(NamedTuple):
    """A document as its model, or the findings that refuse it."""

    document: AnyDocument | None
    findings: tuple[Finding, ...]


def judge(path: str, kind: str, root: Node) -> Judged:
    """Hold the document `root` of the file `path` against its kind, one of `KINDS`."""
    if kind == "PairingIntentSet" and (found := tuple(_template_findings(path, root))):
        return Judged(None, found[:_MOST_PER_DOCUMENT])
    model: type[AnyDocument] = KINDS[kind]
    typed, findings = hold(path, kind, model, root)
    if typed and not findings:
        findings = (*repeats(path, root, typed), *contradictions(path, root, typed))
    return Judged(None if findings else typed, tuple(dict.fromkeys(findings)))


def settled(kind: str, data: Json) -> AnyDocument | None:
    """Return a document of `kind`, one of `KINDS`, as its model; None where `judge` would speak.

    None of its values is empty or doubtful.
    """
    text = json.dumps(data)
    typed = _typed(KINDS[kind], text)
    if isinstance(typed, ValidationError) or may_hold_secret(text):
        return None
    words = chain(repeats("", _NOWHERE, typed), contradictions("", _NOWHERE, typed))
    return None if any(words) else typed


def hold(path: str, kind: str, model: type[M], root: Node) -> tuple[M | None, tuple[Finding, ...]]:
    """Return the document `root` as its model, or the findings that refuse it.

    `kind` names the model's schema, one of `MODELS`.
    """
    data, is_certain = plain(root)
    text = json.dumps(data)
    typed = _typed(model, text)
    findings = list(_secret_literals(path, root)) if may_hold_secret(text) else []
    if isinstance(typed, ValidationError) or not is_certain:
        every = chain(_empty_values(path, root), explain(path, kind, root, data))
        words = list(islice(every, _MOST_PER_DOCUMENT))
        if not words and isinstance(typed, ValidationError):
            words = list(_refused_by_model(path, root, typed))
        secret_places = {(one.line, one.column) for one in findings}
        findings += [one for one in words if (one.line, one.column) not in secret_places]
    if findings or isinstance(typed, ValidationError):
        return None, tuple(dict.fromkeys(findings))
    return typed, ()


def _template_findings(path: str, root: Node) -> Iterator[Finding]:
    """Yield what is wrong with the braces of a set's template: fields cannot be judged then."""
    place = locate(root, TEMPLATE)
    if place.key is not None and place.key.text == TEMPLATE[-1]:
        unquoted = tuple(unquoted_columns(path, place.value))
        yield from unquoted or template_findings(path, place.value)


def plain(root: Node) -> tuple[Json, bool]:
    """Return the document as JSON has it, and whether every parser reads its text as text."""
    uncertain: list[Scalar] = []
    return _plain(root, uncertain), not uncertain


def _plain(node: Node, uncertain: list[Scalar]) -> Json:
    match node:
        case Scalar(text, is_plain):
            value = resolve(text) if is_plain else text
            if value is None or isinstance(value, Doubtful):
                uncertain.append(node)
            return value
        case MapNode(entries):
            return {key.text: _plain(value, uncertain) for key, value in entries}
        case ListNode(items):
            return [_plain(item, uncertain) for item in items]


def _typed(model: type[M], text: str) -> M | ValidationError:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        return error


def _secret_literals(path: str, root: Node) -> Iterator[Finding]:
    """Yield values that have the shape of a secret; no message ever shows one."""
    for steps, place in places(root):
        if not isinstance(place.value, Scalar):
            continue
        may_be_key = steps[-1] in _NAMES_OF_SECRETS or "variables" in steps
        if looks_secret(place.value.text, hex_too=may_be_key):
            yield finding(
                path,
                place.value_span,
                Code.SECRET_LITERAL,
                f"{quoted_path(steps)} looks like the value of a secret",
                "name a secret instead; if this one was real, revoke it: Git keeps its history",
            )


def _instead_of_nothing(written: str) -> str:
    if written in ("", "~"):
        return "give it a value, or leave the field out"
    return f'leave the field out, or quote the text: "{written}"'


def _empty_values(path: str, root: Node) -> Iterator[Finding]:
    for steps, place in places(root):
        value = place.value
        if isinstance(value, Scalar) and value.is_plain and resolve(value.text) is None:
            yield finding(
                path,
                place.value_span,
                Code.EMPTY_VALUE,
                f"{_holder(steps)} has no value",
                _instead_of_nothing(value.text),
            )


def _holder(steps: Sequence[str | int]) -> str:
    """Return the field's path; where its own name may be a secret's value, that of what it is in.

    `password: {VALUE}` is a field without a value.
    """
    is_within_secret = any(
        is_named_as_secret(steps[: depth + 1]) for depth in range(len(steps) - 1)
    )
    if is_within_secret and steps[-1] not in field_names():
        return f"a field of {quoted_path(steps[:-1])}"
    return quoted_path(steps)


def _refused_by_model(path: str, root: Node, error: ValidationError) -> Iterator[Finding]:
    """Yield what no schema can say, in the words of the model's own checks."""
    for one in error.errors(include_url=False, include_context=False):
        place = locate(root, one["loc"])
        found = place.value
        value = f" is `{shown(found.text)}`" if isinstance(found, Scalar) else ""
        message, _, hint = model_words(one["msg"]).partition("; ")
        span = place.value_span if value else place.key_span
        words = f"{quoted_path(one['loc'])}{value}: {message}"
        yield finding(path, span, Code.INVALID_VALUE, words, hint)
