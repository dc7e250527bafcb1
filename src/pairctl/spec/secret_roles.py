"""What secrets serve as in documents, and which of that may be."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from pairctl.spec.nodes import MapNode, Node, locate, text_at
from pairctl.spec.scalars import Json


class SecretRole(StrEnum):
    """What a secret's value is used for, and so what becomes of it.

    Values of variables and packs are stored in Palette, where its users read them.
    """

    API_KEY = "apiKey"
    LOCAL_UI = "localUI"
    REGISTRATION_TOKEN = "registrationToken"  # noqa: S105 - the word for a role
    VARIABLE = "variable"
    PACK_VALUE = "packValue"


class UsedSecret(NamedTuple):
    """One place of a document that names a secret; `field` is the way there."""

    role: SecretRole
    name: str
    field: tuple[str, ...]


RolesOf = Mapping[str, AbstractSet[SecretRole]]
"""Roles by the name of a secret."""

ANY_ROLES: RolesOf = MappingProxyType({})
"""The operator says nothing of any secret."""

_PLACES = (
    (SecretRole.API_KEY, ("spec", "apiKey", "secret")),
    (SecretRole.LOCAL_UI, ("spec", "localUI", "credentials", "secret")),
    (SecretRole.REGISTRATION_TOKEN, ("spec", "registrationToken", "secret")),
)
_VARIABLES = ("spec", "variables")
_ALONE = frozenset({SecretRole.API_KEY, SecretRole.LOCAL_UI})
_STORED_IN_PALETTE = frozenset({SecretRole.VARIABLE, SecretRole.PACK_VALUE})
_WORDS = {
    SecretRole.API_KEY: "Palette's API key",
    SecretRole.LOCAL_UI: "a login at Local UI",
    SecretRole.REGISTRATION_TOKEN: "a registration token",
    SecretRole.VARIABLE: "the value of a variable",
    SecretRole.PACK_VALUE: "values of a pack",
}


def in_words(role: SecretRole) -> str:
    """Return a role as a sentence has it."""
    return _WORDS[role]


def used_secrets(root: Node) -> tuple[UsedSecret, ...]:
    """Return the secrets that a document names, whatever else may be wrong with it."""
    variables = locate(root, _VARIABLES)
    is_there = variables.key is not None and variables.key.text == _VARIABLES[-1]
    named = variables.value.entries if isinstance(variables.value, MapNode) and is_there else ()
    places = (*_PLACES, *(_of_variable(key.text) for key, _ in named))
    return _used((role, text_at(root, *field), field) for role, field in places)


def secrets_in(data: Json) -> tuple[UsedSecret, ...]:
    """Return the secrets that a valid document names, which is given as JSON has it."""
    variables = _value_at(data, _VARIABLES)
    named = variables if isinstance(variables, dict) else ()
    places = (*_PLACES, *map(_of_variable, named))
    return _used((role, _value_at(data, field), field) for role, field in places)


def _of_variable(name: str) -> tuple[SecretRole, tuple[str, ...]]:
    return SecretRole.VARIABLE, (*_VARIABLES, name, "secret")


def _value_at(data: Json, path: Sequence[str]) -> Json:
    for step in path:
        if not isinstance(data, dict):
            return None
        data = data.get(step)
    return data


def _used(
    places: Iterable[tuple[SecretRole, Json, tuple[str, ...]]],
) -> tuple[UsedSecret, ...]:
    return tuple(
        UsedSecret(role, name, field)
        for role, name, field in places
        if name and isinstance(name, str)
    )


def refused_roles(roles: AbstractSet[SecretRole]) -> AbstractSet[SecretRole]:
    """Return which of the roles of one secret may not be, where the operator's file says nothing.

    A key or a login is nothing else, one that is both is neither, and a registration token is not
    stored in Palette.
    """
    alone = roles & _ALONE
    if len(alone) > 1:
        return roles
    if alone:
        return roles - alone
    is_token = SecretRole.REGISTRATION_TOKEN in roles
    return roles & _STORED_IN_PALETTE if is_token else frozenset()


def roles_by_secret(used: Iterable[UsedSecret]) -> RolesOf:
    """Return all that each secret serves as."""
    found: dict[str, set[SecretRole]] = defaultdict(set)
    for one in used:
        found[one.name].add(one.role)
    return found
