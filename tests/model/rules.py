"""The rules of the claim protocol, each with a name, so that the model can run without one.

The numbers group the rules as the protocol is described: claims and commits (1 to 10), clocks
(11 to 13), whose request it is (14 and 15), the cap of an hour (16 to 18). What has the number 0
holds where two repositories pair the same cluster.
"""

from enum import Enum


class Rule(Enum):
    """One rule: its number, and what holds while it is kept.

    Members are compared by identity, which is also what makes them quick to look up.
    """

    CLAIM_FIRST = 1, "an action leaves only under a claim that is on the status branch"
    FRESH_ID = 1, "a claim has a random id that no other claim ever had"
    FIRST_READ_BY_ID = 1, "the time since a claim was first read is kept by its id"
    CLOSED_BY_ID = 1, "a claim is closed by its id, never by its cluster"

    BINDS_HOLDER = 2, "a claim binds its holder as it binds everybody else"
    BINDS_REQUEST = 2, "a claim binds all that is about its pairing request, not its cluster alone"

    DEADLINE_FROM_DATE = 3, "the holder's deadline runs from when it asked for the claim's Date"
    DEADLINE_ONCE = 3, "the deadline does not start again when a push is tried again"

    DEADLINE = 4, "the holder sends nothing after its deadline"
    TIME_TO_SETTLE = 4, "at the last check there is time left to send and to take effect"
    DEADLINE_NOT_BY_WALL = 4, "the deadline does not follow the wall clock"
    DEADLINE_IN_SLEEP = 4, "the deadline runs on while the machine sleeps"

    COMPARE_AND_SWAP = 5, "a commit is pushed only onto the tip that it was decided on"
    TIP_ONLY_FORWARD = 5, "an answer about the branch never replaces a newer one"

    DECIDE_AGAIN = 6, "after a lost push everything that waits is decided again on the new tip"
    DECIDE_ALL_AGAIN = 6, "so is what is about a cluster that nobody else has claimed meanwhile"
    DECIDE_IN_TURN = 6, "within a commit each decision counts what stands before it in the commit"

    OWN_GENERATION = 7, "what was seen counts only for the generation of the intent it was seen for"
    ACTION_NAMES_CLUSTER = 7, "the action that is sent is about the cluster that was claimed"

    OWN_PUSH_FOUND = 8, "after a push without an answer, the own id on the tip means it worked"

    LOOK_AGAIN = 9, "after the claim there is another look, and another decision"
    LIST_AFTER_TIP = 9, "its list was asked for after the tip that was claimed on was read"
    LIST_AFTER_CLAIM = 9, "its list was asked for after the claim was known to be on the branch"
    BRANCH_LAST = 9, "the branch is read last: without the own claim on it nothing is sent"

    SEND_ONCE = 10, "an action is sent once, whatever is heard of it"

    OWN_CLOCK = 11, "who stays ends a claim by its own monotonic clock alone"
    NOT_BY_WALL = 11, "no claim is ended by a wall clock"

    DATE_ENDS_CLAIM = 12, "a run that does not stay ends a claim by Palette's Date"
    DATE_AFTER_CLAIM = 12, "a Date ends a claim only if it was asked for after the claim was read"
    MARGIN = 12, "a Date ends a claim only with a margin for the error of two Dates"

    OVER_AT_BEGINNING = 13, "whether a claim is over is judged as of the beginning of the look"
    LARGER_LIFETIME = 13, "a reader takes the larger of its own lifetime and the claim's"

    LIST_CLUSTER = 14, "Palette lists the request for the uid that the host has"
    LIST_NAME = 14, "Palette lists the request under the name that was acknowledged"
    HOST_NAME = 14, "the host has the name that was acknowledged"
    REQUEST_BY_ID = 14, "a request is chosen by the id that the host shows, never by a name"
    PINNED_UID = 14, "the host has the uid that it had at first contact"
    INTENT_UID = 14, "the host has the uid that the intent names"

    DUPLICATES = 15, "nothing is sent about a cluster that another intent is about"
    UID_KEEPS_CLUSTER = 15, "the intent that names the uid keeps the cluster"

    COUNT_BY_CLUSTER = 16, "an acceptance counts by its cluster, whatever becomes of its intent"
    COUNT_CLAIMS = 16, "a claim to accept counts as an acceptance"

    CLOSED_WITH_EVIDENCE = 17, "a claim to accept is closed in the commit that has its evidence"
    LIST_SHOWS_EFFECT = 17, "what came of a claim, and when, is what Palette lists, no host's word"
    LIST_BEFORE_CLOSING = 17, "a dead claim to accept is closed only after Palette's list was read"

    HOUR_FROM_EFFECT = 18, "the hour of an acceptance runs from when its effect was seen"
    HOUR_NOT_BY_WALL = 18, "a place under the cap does not become free by a wall clock"
    UNDATED_COUNTS = 18, "an acceptance that cannot be dated counts"

    OWN_BY_ANSWER = 0, "only the id in the answer to the own POST makes a request the own one"

    def __init__(self, number: int, law: str) -> None:
        self.number = number
        self.law = law

    __hash__ = object.__hash__


Rules = frozenset[Rule]
ALL_RULES: Rules = frozenset(Rule)
