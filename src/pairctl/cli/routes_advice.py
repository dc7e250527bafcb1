"""What became of Palette's unpublished paths in a run, and what to do about those that fail."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from pairctl.apis import ROUTE_SETTINGS, Exchange, Operation

FAILED_PATH = frozenset(
    {"NoSuchRoute", "NotTheApi", "UnexpectedRedirect", "UnexpectedAnswer", "AnswerTooLarge"}
)
"""What says something about a path, and not about one request or a permission."""

_PLACEHOLDER = "/v1/put-here-the-recorded-path-of-pairing"
_NAMED_BY_UID = ("getRequest", "reject")
_TO_RECORD = {
    "listRequests": "open the list of pairing requests while one is pending (one that you send by"
    " hand in Local UI can be withdrawn there); accept nothing",
    "getRequest": "open one pending request; accept nothing",
    "validate": "open a pending request and choose its profiles, up to the last click",
    "accept": "accept this request by hand, if you mean it: that is one way, too, and pairctl will"
    " see it",
    "reject": "reject a request that nobody needs",
}


@dataclass
class RouteNotes:
    """The settings of `routes` whose paths worked, and those that failed, with the exchange."""

    worked: dict[str, str] = field(default_factory=dict)
    failed: dict[str, Exchange] = field(default_factory=dict)

    def note(self, exchange: Exchange) -> None:
        """Take note of how an exchange was judged."""
        setting = exchange.route.setting.rpartition(".")[2]
        if not setting:
            return
        if _is_failed_path(exchange):
            self.worked.pop(setting, None)
            self.failed[setting] = exchange
        elif exchange.problem is None and exchange.status in range(200, 300):
            self.failed.pop(setting, None)
            self.worked[setting] = exchange.route.path


def _is_failed_path(exchange: Exchange) -> bool:
    if exchange.problem is None:
        return False
    reason, is_list = exchange.problem.reason, exchange.operation is Operation.LIST_REQUESTS
    if reason == "OutcomeUnknown":
        return exchange.status is not None and exchange.status in range(200, 400)
    return reason in FAILED_PATH or (reason == "NotFound" and is_list)


def routes_block(notes: RouteNotes) -> Iterator[str]:
    """Yield the `routes` for the operator's file: what worked, and places for what did not."""
    known = {**notes.worked, **notes.failed}
    yield "routes:" if known else "routes: {}"
    for setting in ROUTE_SETTINGS:
        if setting in notes.worked:
            yield f"  {setting}: {notes.worked[setting]}"
        elif setting in notes.failed:
            uid = "/{pairingUid}" if setting in _NAMED_BY_UID else ""
            path = notes.failed[setting].route.path
            yield f"  {setting}: {_PLACEHOLDER}{uid}  # in place of {path}"
        else:
            yield f"  # {setting} was not called"


def advice(notes: RouteNotes) -> Iterator[str]:
    """Yield what to record, and what to do with it, for the paths that failed."""
    for setting, exchange in notes.failed.items():
        assert exchange.problem is not None
        yield f"{setting}: {exchange.route.method} {exchange.route.path} did not work:"
        yield f"  {exchange.problem.message}"
        yield f"  record: {_TO_RECORD[setting]}"
    yield (
        "To record: in Palette's console open the network view of the browser's developer tools,"
        " do the above, save all as HAR with content, then run `pairctl routes --har FILE`. Delete"
        " the recording afterwards: it holds your login."
    )
    yield "Then put this into `spec` of the operator's file, and start again:"
    if "accept" in notes.failed:
        yield "What was declined is not sent again before `attempt` in the intent is raised."
