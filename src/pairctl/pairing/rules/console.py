"""What a person does in Palette's console, word for word, where the API does not accept (seed)."""

from collections.abc import Iterator, Mapping

from pairctl.pairing.action import acceptance_of
from pairctl.pairing.case import Case
from pairctl.spec import SecretReference

LONGEST_VALUE = 60
"""Longer values, and those of several lines, are not told: the documents have them."""


def clicks(case: Case) -> str:
    """Tell every step of the wizard, so that nothing has to be looked up."""
    project = case.intent.palette.project
    where = f" (project {project})" if project else ""
    first = f"in Palette{where}: Clusters, Pair, request {case.request_uid}, Pair"
    chosen = " and ".join(map(str, case.selection))
    steps = (
        f"{first}, I understand, Confirm",
        *_fields(case),
        f"select {chosen}",
        *_overrides(case),
        "Validate",
        "Pair cluster",
    )
    return "; ".join(steps)


def _fields(case: Case) -> Iterator[str]:
    """Tell the fields that the intent changes; the others are filled in already."""
    wanted = case.intent.spec.cluster
    if wanted.name is not None:
        yield f"name {wanted.name}"
    if wanted.description is not None:
        yield f"description {_shown(wanted.description)}"
    if wanted.tags is not None:
        yield f"tags {_listed(wanted.tags) or 'none'}"


def _overrides(case: Case) -> Iterator[str]:
    """Tell the values for variables and packs."""
    if variables := case.intent.variables:
        yield f"variables {_listed(variables)}"
    if kept := sorted({one for values in acceptance_of(case).kept.values() for one in values}):
        yield f"values of packs {', '.join(kept)} as Local UI shows them"
    for pack, item in sorted(case.intent.pack_values.items()):
        yield f"values of pack {pack} as in {item.file or 'the documents'}"


def _listed(values: Mapping[str, str] | Mapping[str, str | SecretReference]) -> str:
    return ", ".join(f"{name} = {_shown(value)}" for name, value in sorted(values.items()))


def _shown(value: str | SecretReference) -> str:
    if isinstance(value, SecretReference):
        return f"the value of secret {value.secret}"
    if len(value) > LONGEST_VALUE or len(value.splitlines()) > 1:
        return "as in the documents"
    return f"`{value}`" if value else "empty"
