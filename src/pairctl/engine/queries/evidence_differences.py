"""In what one record differs from another, field by field, in words. Pure."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from pydantic.alias_generators import to_camel

from pairctl.pairing import (
    AcceptanceGrounds,
    ClaimEvidence,
    Evidence,
    LayerUse,
    ProfileUse,
)


def record_differences(said: object, held: object, path: str = "") -> Iterator[str]:
    """Yield in words where two values differ, by the fields' names as the files have them."""
    if said == held:
        return
    if _is_record(said) and type(said) is type(held):
        for field in fields(said):  # type: ignore[arg-type]  # it is one
            name = to_camel(field.name)
            inner = f"{path}.{name}" if path else name
            yield from record_differences(
                getattr(said, field.name), getattr(held, field.name), inner
            )
    elif isinstance(said, tuple) and isinstance(held, tuple):
        more, less = _without(said, held), _without(held, said)
        yield f"{path}: {more} instead of {less}" if more != less else f"{path}: in another order"
    else:
        yield f"{path}: {_shown(said)} instead of {_shown(held)}"


def _without(some: tuple[object, ...], others: tuple[object, ...]) -> str:
    return ", ".join(_shown(one) for one in some if one not in others) or "nothing"


def _is_record(value: object) -> bool:
    return isinstance(value, Evidence | ClaimEvidence | AcceptanceGrounds)


def _shown(value: object) -> str:
    match value:
        case LayerUse():
            return f"{value.layer} {value.name} {value.version}"
        case ProfileUse():
            return f"{value.name} {value.version} ({value.uid})"
        case None | "":
            return "nothing"
        case datetime():
            return value.isoformat()
        case _ if _is_record(value):
            return "something"
        case _:
            return str(value)
