"""Which secrets documents send where, and as what: names only, and nothing of their values."""

from collections.abc import Iterator
from typing import NamedTuple

from pairctl.engine.desired.source import Source
from pairctl.pairing import Intent
from pairctl.spec import Code, Finding, SecretReference, SecretRole


class SentSecret(NamedTuple):
    """A secret by its name, what it serves as, and the server that gets it.

    `variable` is the profile variable whose value it becomes, stored in Palette.
    """

    name: str
    role: SecretRole
    destination: str
    variable: str = ""


def newly_sent(base: Source, planned: Source) -> tuple[SentSecret, ...]:
    """Return what a change sends somewhere new: to another server, or to serve as another thing.

    What is stored in Palette comes first; then in the order of names.
    """
    return tuple(sorted(_sent(planned) - _sent(base), key=_order))


def newly_refused(base: Source, planned: Source) -> tuple[str, ...]:
    """Return what a change names a secret as that it may not be: where, and in which words."""
    before = {one.message for one in _refusals(base)}
    return tuple(
        f"{one.path}:{one.line}: {one.message}"
        for one in _refusals(planned)
        if one.message not in before
    )


def _refusals(source: Source) -> Iterator[Finding]:
    return (one for one in source.declared.findings if one.code is Code.SECRET_ROLES)


def _order(one: SentSecret) -> tuple[bool, SentSecret]:
    return one.role is not SecretRole.VARIABLE, one


def _sent(source: Source) -> frozenset[SentSecret]:
    keys = (
        SentSecret(palette.api_key.secret, SecretRole.API_KEY, palette.endpoint)
        for palette in source.palettes.values()
    )
    return frozenset([*keys, *(one for i in source.intents.values() for one in _of_intent(i))])


def _of_intent(intent: Intent) -> Iterator[SentSecret]:
    host, token = intent.spec.local_ui, intent.spec.registration_token
    for place in host.places if host else ():
        yield SentSecret(place.credentials.secret, SecretRole.LOCAL_UI, place.endpoint)
        if token is not None and token.secret is not None:
            yield SentSecret(token.secret, SecretRole.REGISTRATION_TOKEN, place.endpoint)
    for variable, value in intent.variables.items():
        if isinstance(value, SecretReference):
            endpoint = intent.palette.endpoint
            yield SentSecret(value.secret, SecretRole.VARIABLE, endpoint, variable)
