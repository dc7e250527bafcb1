"""The closed table of calls: what is not here cannot be sent.

Each operation has one method, and a path whose placeholders take checked uids only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from pairctl.apis.failures import RouteClosed
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import PairingRoutes

_UID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,127}")
_PLACEHOLDER = re.compile(r"\{([A-Za-z]+)\}")
_OVERRIDE = re.compile(r"/v1(/([A-Za-z0-9_-]+|\{pairingUid\}))+")


class Operation(StrEnum):
    """Every call that pairctl knows, by what it does."""

    LOG_IN = "log in"
    RENEW_LOGIN = "renew the login"
    GET_SETTINGS = "read the settings"
    GET_HOST = "read the edge host"
    GET_CLUSTER = "read the local cluster"
    GET_APPLICATIONS = "read the local cluster's layers"
    GET_LOCAL_REQUEST = "read the host's pairing request"
    VERIFY_CONNECTION = "verify the connection to Palette"
    SEND_REQUEST = "send the pairing request"
    WITHDRAW_REQUEST = "withdraw the pairing request"

    LIST_PROJECTS = "list the projects"
    LIST_PROFILES = "list the cluster profiles"
    LIST_TOKENS = "list the registration tokens"
    LIST_CLUSTERS = "list the clusters"
    GET_PALETTE_CLUSTER = "read the cluster in Palette"
    GET_PROFILE_VARIABLES = "read the profile's variables"
    GET_PROFILE_PACKS = "read the values of the profile's packs"
    LIST_REQUESTS = "list the pairing requests"
    GET_REQUEST = "read the pairing request"
    VALIDATE_ACCEPTANCE = "validate the acceptance"
    ACCEPT_REQUEST = "accept the pairing request"
    REJECT_REQUEST = "reject the pairing request"


@dataclass(frozen=True, slots=True)
class Route:
    """How one operation is called.

    `has_effect`: it is sent once and never repeated. `is_repeatable`: a lost answer may be asked
    for again. `permission` is Palette's name of what a 403 says is missing.
    """

    method: str
    path: str
    has_effect: bool = False
    is_repeatable: bool = True
    permission: str = ""
    setting: str = ""

    @property
    def prefix(self) -> str:
        """The resource prefix that Palette counts requests by: the first two segments."""
        return "/".join(self.path.split("/")[:3])

    def fill(self, values: Mapping[str, str]) -> str:
        """Return the path with its placeholders filled, each by one segment.

        Raises RouteClosed for a value that is not a uid, before anything is built from it.
        """
        if set(_PLACEHOLDER.findall(self.path)) != set(values):
            raise RouteClosed(f"{self.path} takes other values than {sorted(values)}")
        for name, value in values.items():
            if not is_uid(value):
                raise RouteClosed(f"the {name} for {self.path} is not a uid", "nothing was sent")
        return _PLACEHOLDER.sub(lambda found: values[found[1]], self.path)


Routes = Mapping[Operation, Route]


def is_uid(value: str) -> bool:
    """Whether a value can stand in a path: letters, digits, `-` and `_`, at most 128."""
    return _UID.fullmatch(value) is not None


READING_LOCAL_UI: Routes = MappingProxyType(
    {
        Operation.LOG_IN: Route("POST", "/v1/users/default/login", is_repeatable=False),
        Operation.RENEW_LOGIN: Route(
            "POST", "/v1/users/default/token/renewal", is_repeatable=False
        ),
        Operation.GET_SETTINGS: Route("GET", "/v1/edge-mgmt/settings"),
        Operation.GET_HOST: Route("GET", "/v1/edge-mgmt/edgehosts/current"),
        Operation.GET_CLUSTER: Route("GET", "/v1/edge-mgmt/cluster/details"),
        Operation.GET_APPLICATIONS: Route("GET", "/v1/edge-mgmt/cluster/applications"),
        Operation.GET_LOCAL_REQUEST: Route("GET", "/v1/edge-mgmt/cluster/pair/details"),
        Operation.VERIFY_CONNECTION: Route("POST", "/v1/edge-mgmt/cluster/pair/verify-connection"),
    }
)
"""What a client that only looks may call on a host. Verifying the connection changes nothing."""

WRITING_LOCAL_UI: Routes = MappingProxyType(
    {
        **READING_LOCAL_UI,
        Operation.SEND_REQUEST: Route("POST", "/v1/edge-mgmt/cluster/pair", has_effect=True),
        Operation.WITHDRAW_REQUEST: Route(
            "POST", "/v1/edge-mgmt/cluster/pair/reject", has_effect=True
        ),
    }
)
"""What a client that acts may call on a host."""


def reading_palette(pairing: PairingRoutes) -> Routes:
    """Return what a client that only looks may call on Palette. Validating changes nothing.

    Raises ConfigurationError where a path of the operator's file has another shape than expected.
    """
    return MappingProxyType(
        {
            **_PUBLISHED,
            Operation.LIST_REQUESTS: _pairing_route(
                "POST", "listRequests", pairing.list_requests, permission="clusterPair.list"
            ),
            Operation.GET_REQUEST: _pairing_route(
                "GET", "getRequest", pairing.get_request, permission="clusterPair.get"
            ),
            Operation.VALIDATE_ACCEPTANCE: _pairing_route(
                "POST", "validate", pairing.validate_acceptance, permission="clusterPair.update"
            ),
        }
    )


def writing_palette(pairing: PairingRoutes) -> Routes:
    """Return what a client that acts may call on Palette. Raises as `reading_palette` does."""
    return MappingProxyType(
        {
            **reading_palette(pairing),
            Operation.ACCEPT_REQUEST: _pairing_route(
                "POST", "accept", pairing.accept, has_effect=True, permission="clusterPair.update"
            ),
            Operation.REJECT_REQUEST: _pairing_route(
                "DELETE",
                "reject",
                pairing.reject,
                has_effect=True,
                permission="clusterPair.delete",
            ),
        }
    )


_PUBLISHED: Routes = {
    Operation.LIST_PROJECTS: Route(
        "GET", "/v1/dashboard/projects/metadata", permission="project.list"
    ),
    Operation.LIST_PROFILES: Route(
        "POST", "/v1/dashboard/clusterprofiles", permission="clusterProfile.list"
    ),
    Operation.LIST_TOKENS: Route("GET", "/v1/edgehosts/tokens", permission="edgeToken.list"),
    Operation.LIST_CLUSTERS: Route(
        "POST", "/v1/dashboard/spectroclusters/search", permission="cluster.list"
    ),
    Operation.GET_PALETTE_CLUSTER: Route(
        "GET", "/v1/spectroclusters/{uid}", permission="cluster.get"
    ),
    Operation.GET_PROFILE_VARIABLES: Route(
        "GET", "/v1/clusterprofiles/{uid}/variables", permission="clusterProfile.get"
    ),
    Operation.GET_PROFILE_PACKS: Route(
        "GET", "/v1/clusterprofiles/{uid}/packs", permission="clusterProfile.get"
    ),
}

ROUTE_SETTINGS = ("listRequests", "getRequest", "accept", "validate", "reject")
"""The names that the paths of pairing requests have in the operator's file, in its order."""

_NAMED_BY_UID = frozenset({"getRequest", "reject"})


def _pairing_route(
    method: str, setting: str, path: str, *, permission: str, has_effect: bool = False
) -> Route:
    if objection := route_objection(setting, path):
        raise ConfigurationError(
            Problem(
                "RouteRefused",
                f"spec.routes.{setting} of the operator's file is {path!r}: {objection}",
                "correct the path, or leave it out for the default",
            )
        )
    return Route(
        method, path, has_effect=has_effect, permission=permission, setting=f"spec.routes.{setting}"
    )


def route_objection(setting: str, path: str) -> str:
    """Return why a path cannot stand for a setting of `spec.routes`; nothing where it can."""
    expected = ["pairingUid"] if setting in _NAMED_BY_UID else []
    literal = _PLACEHOLDER.sub("", path).casefold()
    if _OVERRIDE.fullmatch(path) is None:
        return "expected a path that starts with /v1/ and is made of plain segments"
    if _PLACEHOLDER.findall(path) != expected:
        held = "{pairingUid} exactly once" if expected else "no placeholder"
        return f"expected a path with {held}"
    # A DELETE that is sent to /v1/spectroclusters/{...} would delete a cluster.
    if "pair" not in literal:
        return "expected a path of pairing requests: some segment must say `pair`"
    return ""


READING_PALETTE: Routes = reading_palette(PairingRoutes())
"""Reading calls to Palette with the default paths of pairing requests."""

WRITING_PALETTE: Routes = writing_palette(PairingRoutes())
"""All calls to Palette with the default paths of pairing requests."""
