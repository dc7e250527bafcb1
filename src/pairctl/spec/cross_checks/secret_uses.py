"""Secrets that serve as two things."""

from collections.abc import Iterator, Mapping

from pairctl.spec.codes import Code
from pairctl.spec.cross_checks.index import DocumentIndex, Draft
from pairctl.spec.document_index import IndexEntry
from pairctl.spec.secret_roles import (
    RolesOf,
    SecretRole,
    UsedSecret,
    in_words,
    refused_roles,
    roles_by_secret,
)
from pairctl.spec.wording import shown, snippet


def refused_uses(documents: DocumentIndex, allowed: RolesOf) -> Iterator[Draft]:
    """Yield where a secret is named as what it may not be, by what it is elsewhere.

    Of a secret whose roles the operator's file tells, that is asked when it is to be sent.
    """
    roles = roles_by_secret(used for entry in documents.entries for used in entry.secrets)
    refused = {
        name: refused_roles(found) if name not in allowed else frozenset()
        for name, found in roles.items()
    }
    if not any(refused.values()):
        return
    places = _first_places(documents)
    for index, entry in enumerate(documents.entries):
        for used in entry.secrets:
            if used.role in refused[used.name]:
                yield _refused_role(index, used, places)


def _first_places(documents: DocumentIndex) -> Mapping[tuple[str, SecretRole], IndexEntry]:
    places: dict[tuple[str, SecretRole], IndexEntry] = {}
    for entry in documents.entries:
        for used in entry.secrets:
            places.setdefault((used.name, used.role), entry)
    return places


def _refused_role(
    index: int, used: UsedSecret, places: Mapping[tuple[str, SecretRole], IndexEntry]
) -> Draft:
    roles = [role for role in SecretRole if (used.name, role) in places]
    other = next(role for role in roles if role is not used.role)
    entry, here = places[used.name, other], in_words(used.role)
    message = (
        f"the secret `{shown(used.name)}` is {here} here, and {in_words(other)} in "
        f"{entry.path}:{entry.span.line}"
    )
    hint = (
        f"name a secret of its own for {here}; one that is meant to serve as both has "
        f"{snippet({'use': roles})} under its name in `secrets` of the operator's file"
    )
    return Draft(index, used.field, Code.SECRET_ROLES, message, hint)
