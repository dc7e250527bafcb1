"""Which field of which kind is meant by `PairingIntent.spec.localUI`: the kinds and their guides.

A kind is written with capitals and names of intents are not, and they have no dots: so
`explain palette` is about an intent, `explain Palette` about the kind, and what has a dot about a
field.
"""

from collections.abc import Iterator, Sequence
from importlib import import_module

from pairctl.problem import PairctlError, Problem
from pairctl.spec import (
    MODELS,
    FieldGuide,
    find_field,
    guide_of,
    inlined,
    inlined_schema,
    near_fields,
    schema_of,
)
from pairctl.text import did_you_mean

SIMULATION = "Simulation"
KINDS = (*MODELS, SIMULATION)


def is_field_path(text: str) -> bool:
    """Whether a text is about a kind or a field of one, known or not."""
    return text in KINDS or "." in text.strip(".")


def guide_of_kind(kind: str) -> FieldGuide:
    """Return all fields of a kind, one of `KINDS`."""
    if kind != SIMULATION:
        return guide_of(kind, inlined_schema(kind))
    scenario = import_module("pairctl.sim").Scenario  # loads the servers, which no other kind needs
    return guide_of(kind, inlined(schema_of(scenario, kind)))


def look_up_field(text: str) -> FieldGuide:
    """Return the field of a path, or the kind itself.

    Raises PairctlError, which says what may be meant.
    """
    first, *steps = text.strip(".").split(".")
    kind = next((one for one in KINDS if one.casefold() == first.casefold()), None)
    if kind is None:
        raise PairctlError(
            Problem(
                "UnknownWord",
                f"there is no kind {first}",
                did_you_mean(first, KINDS) or f"the kinds are {', '.join(KINDS)}",
            )
        )
    found, unknown = find_field(guide_of_kind(kind), steps)
    if unknown:
        near = near_fields(found, unknown) or near_fields(guide_of_kind(kind), unknown)
        names: Sequence[str] = [one.name for one in found.fields]
        fields = f"the fields there are {', '.join(names)}" if names else "it has no fields"
        raise PairctlError(
            Problem(
                "UnknownWord",
                f"{found.dotted} has no field {unknown}",
                f"did you mean {' or '.join(near[:3])}?" if near else fields,
            )
        )
    return found


def paths_beginning(text: str) -> Iterator[str]:
    """Yield what a shell may complete: kinds, and behind a dot the fields one step further."""
    first, dot, _ = text.partition(".")
    if not dot or first not in KINDS:
        yield from (kind for kind in KINDS if kind.startswith(text))
        return
    above, _, last = text.rpartition(".")
    found, unknown = find_field(guide_of_kind(first), above.split(".")[1:])
    if not unknown:
        yield from (f"{above}.{one.name}" for one in found.fields if one.name.startswith(last))
