"""The decision tables as a whole: one world for each row, in the order of the rows."""

import pytest

from pairctl.pairing import (
    TABLES,
    LocalRequestStatus,
    ManagementMode,
    Pinned,
    RequestState,
)
from pairctl.spec import Desired
from pairctl.spec.kinds import Acknowledge, PairingRequestReference
from pairing_factory import ELSEWHERE, HOST, PROBLEM, make_entry
from pairing_worlds import ASKING, CENTRAL, DARK, PENDING, Facts, make_world

PAIRING, REJECTED = LocalRequestStatus.PAIRING, LocalRequestStatus.REJECTED
IN_REVIEW = make_entry(RequestState.UNKNOWN, word="InReview")
ANOTHER = Pinned("other", HOST, 1)
ANOTHERS = Acknowledge(centralManagementOnly="store-0001")
BY_UID = PairingRequestReference(pairingUid="u2")
OF_ANOTHER = make_entry(local_uid="other", name="store-0007")
BY_TAGS = PairingRequestReference(tags={"shop": "42"})
ROWS: dict[Desired, list[Facts]] = {
    Desired.PAIRED: [
        {"suspend": True},
        {"problem": PROBLEM},
        {"host": PROBLEM},
        {"pinned": ANOTHER},
        {"named_uid": "other"},
        {"status": PAIRING, "entry": OF_ANOTHER},
        CENTRAL,
        {"acknowledge": ANOTHERS, "name": "store-0007"},
        {"management_mode": ManagementMode.CENTRAL},
        {"status": PAIRING, "endpoint": ELSEWHERE},
        {**PENDING, "other_entry": make_entry(RequestState.ACCEPTED, pairing_uid="u2")},
        {"status": PAIRING, "entry": make_entry(RequestState.ACCEPTED)},
        {"status": PAIRING, "entry": IN_REVIEW},
        {"status": REJECTED},
        {
            "status": PAIRING,
            "entry": make_entry(RequestState.REJECTED),
            "attempt": 2,
        },
        {},
        {**PENDING, "other_entry": make_entry(pairing_uid="u2")},
        {**PENDING, "request": BY_UID},
        {**PENDING, "acknowledge": None},
        ASKING,
        {**PENDING, "routes_answer": False},
        {"status": PAIRING},
        PENDING,
    ],
    Desired.LOCAL: [
        {"suspend": True},
        CENTRAL,
        {**PENDING, **DARK},
        {"entry": make_entry(RequestState.REJECTED), **DARK},
        {"host": PROBLEM},
        {"pinned": ANOTHER},
        {"named_host": "host-7"},
        {"status": PAIRING, "entry": OF_ANOTHER},
        {**PENDING, "request": BY_UID},
        {"status": PAIRING, "endpoint": ELSEWHERE},
        PENDING,
        {"status": LocalRequestStatus.UNKNOWN},
        {"problem": PROBLEM},
        {"entry": make_entry()},
        {},
    ],
    Desired.REJECTED: [
        {"suspend": True},
        {"problem": PROBLEM},
        {"routes_answer": False},
        {"request": BY_TAGS},
        {
            "request": BY_TAGS,
            "entry": make_entry(),
            "other_entry": make_entry(pairing_uid="u2"),
            "tags": {"u1": {"shop": "42"}, "u2": {"shop": "42"}},
        },
        {"entry": make_entry(RequestState.ACCEPTED)},
        {"entry": IN_REVIEW},
        {"entry": make_entry(), "named_uid": "other"},
        {"entry": make_entry()},
        {},
    ],
}


@pytest.mark.parametrize("desired", Desired)
def test_every_row_has_its_world(desired: Desired) -> None:
    """No row is dead: each has a world that gets past all before it and is decided by it."""
    deciding = []
    for facts in ROWS[desired]:
        case = make_world({**facts, "desired": desired}).decided().case
        applies = [rule.judge(case) is not None for rule in TABLES[desired]]
        deciding.append(applies.index(True))
    assert deciding == list(range(len(TABLES[desired])))
