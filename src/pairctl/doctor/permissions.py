"""What Palette says that the key may do, held against what the intents need."""

from collections.abc import Iterable
from dataclasses import dataclass

from pairctl.apis import LEAST_ROLES, KeyPermissions, PaletteProbe
from pairctl.doctor.collector import Collector
from pairctl.pairing import Intent
from pairctl.problem import PairctlError
from pairctl.spec import Acceptance, Desired, PaletteSpec, UnrecognizedRequests

ACCEPT, REJECT, TOKENS = "clusterPair.update", "clusterPair.delete", "edgeToken.list"
LIST = "clusterPair.list"
ASKED = "GET /v1/users/me"
_DOES = {
    ACCEPT: "accepts pairing requests",
    REJECT: "rejects pairing requests",
    TOKENS: "reads registration tokens",
}
_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """Where the permissions are to be: the project by its uid and name, none for the tenant."""

    project: frozenset[str]
    shown: str


async def examine_permissions(
    collector: Collector,
    client: PaletteProbe,
    spec: PaletteSpec,
    intents: tuple[Intent, ...],
    project: frozenset[str],
    *,
    may_list: bool,
) -> None:
    """Check what the key may do beyond reading, by Palette's own word for its user.

    That word is inferred: it warns, and never fails. `may_list` is what the list itself has shown;
    a word that does not know of it is not understood, and none is better.
    """
    needs = _needs(spec, intents)
    checks = [ACCEPT, REJECT, *([TOKENS] if TOKENS in needs else [])]
    try:
        found = await client.permissions()
    except PairctlError as error:
        _not_seen(collector, checks, error.problem.message)
        return
    scope = Scope(project, f"in project {spec.project}" if spec.project else "in the tenant")
    if found is None or (may_list and not found.has(LIST, project)):
        _not_seen(collector, checks, "the answer is not understood")
        return
    for permission in checks:
        _judge(collector, permission, found, scope, needs.get(permission, ""))


def _not_seen(collector: Collector, checks: Iterable[str], why: str) -> None:
    seen_by = {TOKENS: "listing the registration tokens shows it"}
    for name in checks:
        shows = seen_by.get(name, "only accepting and rejecting show it")
        collector.skip(name, because=f"not seen: {shows}, and {ASKED} does not tell it: {why}")


def _judge(
    collector: Collector, permission: str, found: KeyPermissions, scope: Scope, need: str
) -> None:
    role, is_tenants = LEAST_ROLES[permission], permission == TOKENS
    where = "in the tenant" if is_tenants else scope.shown
    has_it = found.has(permission, () if is_tenants else scope.project)
    if has_it:
        collector.ok(
            permission, f"Palette says that the key has it {where}: it {_DOES[permission]}"
        )
    elif not need:
        collector.ok(permission, f"the key does not have it {where}, and no intent needs it")
    else:
        collector.warn(
            permission,
            f"Palette does not name it among what the key may do {where}, and {need} needs it",
            f"ask for the role {role}, or more, {where}: it {_DOES[permission]}",
        )


def _needs(spec: PaletteSpec, intents: tuple[Intent, ...]) -> dict[str, str]:
    """Return which permissions are needed beyond reading, each with what needs it."""
    paired = [it for it in intents if it.spec.desired is Desired.PAIRED]
    by_name = [it for it in paired if (token := it.spec.registration_token) and token.from_palette]
    others = [it for it in intents if it.spec.desired is not Desired.PAIRED]
    needs = {
        ACCEPT: "" if spec.acceptance is Acceptance.CONSOLE else _named("Paired", paired),
        REJECT: _named("", others),
        TOKENS: f"`fromPalette` of {_names(by_name)}" if by_name else "",
    }
    if spec.unrecognized_requests is UnrecognizedRequests.REJECT:
        needs[REJECT] = "`unrecognizedRequests: Reject`"
    return {permission: need for permission, need in needs.items() if need}


def _named(desired: str, intents: list[Intent]) -> str:
    words = f"`desired: {desired}`" if desired else "what is desired"
    return f"{words} of {_names(intents)}" if intents else ""


def _names(intents: list[Intent]) -> str:
    shown = ", ".join(intent.name for intent in intents[:_MOST_NAMED])
    more = len(intents) - _MOST_NAMED
    return f"{shown} and {more} more" if more > 0 else shown
