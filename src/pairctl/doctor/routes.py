"""Whether Palette's pairing routes answer, and what may be done there."""

from pairctl.apis import Forbidden, PaletteProbe
from pairctl.doctor.collector import Collector
from pairctl.pairing import PaletteRequest
from pairctl.problem import PairctlError, Problem
from pairctl.spec import Acceptance

ROUTES, LIST, GET = "pairing-routes", "clusterPair.list", "clusterPair.get"


async def examine_routes(
    collector: Collector, client: PaletteProbe, acceptance: Acceptance
) -> bool:
    """Check the routes and the permissions that reading them shows; tell whether they listed."""
    try:
        requests = await client.requests()
    except Forbidden as error:
        collector.ok(ROUTES, "they answer, and refuse the key")
        collector.fail(LIST, error.problem)
        collector.skip(GET, because="not seen: without the list there is no request to read")
    except PairctlError as error:
        collector.fail(ROUTES, error.problem)
        collector.skip(LIST, GET, because="not seen: the list was not answered")
    else:
        await _examine_answered(collector, client, acceptance, requests)
        return requests is not None
    return False


async def _examine_answered(
    collector: Collector,
    client: PaletteProbe,
    acceptance: Acceptance,
    requests: tuple[PaletteRequest, ...] | None,
) -> None:
    if requests is None:
        _judge_silence(collector, acceptance)
        collector.skip(LIST, GET, because="not seen: the pairing routes do not answer")
        return
    by_person = acceptance is Acceptance.CONSOLE
    what = "a person accepts, by `acceptance: Console`" if by_person else "pairctl accepts there"
    collector.ok(ROUTES, f"they answer: {what}")
    collector.ok(LIST, f"the list has {len(requests)} pairing requests")
    if requests:
        uid = requests[0].pairing_uid
        await collector.attempt(GET, client.request(uid), lambda _: f"request {uid} can be read")
    else:
        collector.skip(GET, because="not seen: there is no pairing request to read")


def _judge_silence(collector: Collector, acceptance: Acceptance) -> None:
    shown = "they do not answer, so a person accepts in Palette's console"
    hint = "if this Palette has them elsewhere, set `routes` in the operator's file"
    match acceptance:
        case Acceptance.CONSOLE:
            collector.ok(ROUTES, f"{shown}, as `acceptance: Console` says")
        case Acceptance.AUTO:
            collector.warn(ROUTES, f"{shown}; pairctl does everything else", hint)
        case Acceptance.API:
            message = "they do not answer, and `acceptance: Api` leaves nothing else"
            collector.fail(ROUTES, Problem("RoutesUnknown", message, f"{hint}, or write `Auto`"))
