"""A request that Palette lists without an id that could be named."""

from pairctl.apis.palette_answers import RequestItem
from pairctl.pairing import Intent, Observed, PaletteRequest, RequestState, decide
from pairctl.spec import Desired
from pairing_factory import (
    NOW,
    make_entry,
    make_host,
    make_intent,
    make_observed,
    make_request,
    make_view,
)


def listed(cluster: str, **changes: str) -> PaletteRequest:
    """Return a pending request that Palette lists without its pairing id."""
    fields = {"localClusterUid": cluster, "state": "Pending", "name": "store-0042", **changes}
    return RequestItem.model_validate(fields).fact()


def judged(observed: Observed, intent: Intent | None = None) -> tuple[str, str, object]:
    """Decide; gives reason, message and action."""
    verdict = decide(intent or make_intent(), observed, now=NOW).verdict
    return verdict.reason, verdict.message, verdict.action


def test_it_is_never_known_to_be_pending() -> None:
    """What cannot be named can be neither accepted nor rejected, whatever it is said to be."""
    for uid in ("", "../x", "a b", "x" * 200):
        assert listed("local-42", pairingUid=uid).state is RequestState.UNKNOWN
        assert listed("local-42", pairingUid=uid).pairing_uid == ""


def test_it_keeps_its_own_cluster_from_another_request() -> None:
    """Nothing is sent while Palette may hold a request of the cluster, and it is told."""
    for desired in (Desired.PAIRED, Desired.LOCAL):
        view = make_view(listed("local-42", creationTimestamp="2026-03-01"))
        reason, message, action = judged(make_observed(view=view), make_intent(desired))
        assert action is None
        assert reason in ("LeftInPalette", "RequestStateUnknown")
        assert "(listed without a usable id, created 2026-03-01)" in message


def test_it_keeps_the_request_of_its_cluster_from_being_accepted() -> None:
    """The other one may have been accepted."""
    view = make_view(make_entry(), listed("local-42"))
    observed = make_observed(make_host(request=make_request()), view)
    assert judged(observed)[0] == "DuplicateSuspected"
    assert judged(observed)[2] is None


def test_it_holds_back_no_other_cluster() -> None:
    """Several of them are requests of their own: of another cluster, or of nobody known."""
    others = (listed("other-1"), listed("other-2"), listed(""), listed("not a uid"))
    with_others = make_observed(make_host(request=make_request()), make_view(make_entry(), *others))
    alone = make_observed(make_host(request=make_request()), make_view(make_entry()))
    assert judged(with_others) == judged(alone)
    assert judged(alone)[0] == "ReadyToAccept"
