"""The form of all documents of the status branch, and how a fact becomes one and back. Pure."""

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic.alias_generators import to_camel, to_snake

from pairctl.pairing import Claim, Evidence, Status
from pairctl.records.yaml_text import parse_yaml, renamed
from pairctl.spec import API_VERSION

FactT = TypeVar("FactT", Status, Claim, Evidence)

_LONGEST_NAME = 64
"""Longer than any field's name is: the case of such a key takes pydantic quadratic time."""


def document(kind: str, name: str, part: str, shown: Mapping[str, Any]) -> dict[str, Any]:
    """Return a document of this kind, with what it says in one part."""
    return {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": {"name": name},
        part: renamed(shown, _in_camel),
    }


def parse_document(content: bytes) -> Any:
    """Return a document with its keys as fields are named."""
    return parse_yaml(content, rename=_in_snake)


@cache
def reader_of(kind: type[FactT]) -> TypeAdapter[FactT]:
    """Return what reads and writes one kind of file; made for those that are there."""
    return TypeAdapter(kind)


def shown_fields(reader: TypeAdapter[FactT], fact: FactT) -> dict[str, Any]:
    """Return a fact as data for a document; empty fields left out."""
    shown: dict[str, Any] = reader.dump_python(fact, mode="json", exclude_defaults=True)
    return shown


@lru_cache(maxsize=1024)  # a fleet's files have the same names in each
def _in_snake(key: str) -> str:
    return to_snake(key) if len(key) <= _LONGEST_NAME else key


@lru_cache(maxsize=1024)
def _in_camel(key: str) -> str:
    return to_camel(key) if len(key) <= _LONGEST_NAME else key
