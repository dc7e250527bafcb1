"""The index of Palette's list says what walking the list says."""

from hypothesis import given
from hypothesis import strategies as st

from pairctl.pairing.facts.identity import canonical_uid, is_same_uid
from pairctl.pairing.facts.palette import PaletteRequest, RequestState
from pairctl.pairing.facts.request_index import index_of

UIDS = st.sampled_from(["", "u1", "U1", "u2", "u3"])
CLUSTERS = st.sampled_from(["", "local-1", "LOCAL-1", "local-2"])


@st.composite
def requests(draw: st.DrawFn) -> PaletteRequest:
    """Make a row of a list; rows of one pairing id may disagree."""
    state = draw(st.sampled_from(RequestState))
    return PaletteRequest(draw(UIDS), draw(CLUSTERS), "store", state, state.value)


LISTS = st.lists(requests(), max_size=6)


@given(LISTS, UIDS)
def test_rows_of_a_pairing_id_are_all_that_have_it(listed: list[PaletteRequest], uid: str) -> None:
    """In the list's order, whatever the case of letters; an empty id has none."""
    found = tuple(one for one in listed if is_same_uid(one.pairing_uid, uid))
    assert index_of(listed).rows_of(uid) == found


@given(LISTS, UIDS)
def test_a_pairing_id_has_one_entry(listed: list[PaletteRequest], uid: str) -> None:
    """Its state is known where all of its rows agree, also about the cluster."""
    index, rows = index_of(listed), [one for one in listed if is_same_uid(one.pairing_uid, uid)]
    entry = index.entry_of(uid)
    assert (entry is None) == (not rows)
    if entry:
        clusters = {canonical_uid(one.local_uid) for one in rows} - {""}
        agree = len({one.state for one in rows}) == 1 and len(clusters) <= 1
        assert entry.state is (rows[0].state if agree else RequestState.UNKNOWN)


@given(LISTS, CLUSTERS, UIDS)
def test_entries_of_a_cluster_are_its_own(
    listed: list[PaletteRequest], cluster: str, request: str
) -> None:
    """Those with a row of the cluster, and the host's own where no cluster is named; in order.

    What has no pairing id is a request of its own.
    """
    index = index_of(listed)
    uids = {canonical_uid(one.pairing_uid) for one in listed if is_same_uid(one.local_uid, cluster)}
    walked = tuple(
        entry
        for entry in index.entries
        if (entry.pairing_uid and canonical_uid(entry.pairing_uid) in uids)
        or (not entry.pairing_uid and is_same_uid(entry.local_uid, cluster))
        or (not entry.local_uid and is_same_uid(entry.pairing_uid, request))
    )
    assert index.entries_of(cluster, request) == walked
