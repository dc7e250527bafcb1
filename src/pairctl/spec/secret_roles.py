"""What secrets serve as in documents, and which of that may be."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from pairctl.spec.nodes import MapNode, Node, locate, text_at


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
    return tuple(_used(root))


def _used(root: Node) -> Iterator[UsedSecret]:
    for role, field in _PLACES:
        if name := text_at(root, *field):
            yield UsedSecret(role, name, field)
    variables = locate(root, _VARIABLES)
    if variables.key is None or variables.key.text != _VARIABLES[-1]:
        return
    for key, value in variables.value.entries if isinstance(variables.value, MapNode) else ():
        if name := text_at(value, "secret"):
            yield UsedSecret(SecretRole.VARIABLE, name, (*_VARIABLES, key.text, "secret"))


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
