"""The table of reasons is the code's own: no word more, and none less."""

import ast
from datetime import timedelta

import pytest

from pairctl.glossary import GROUPS, REASONS, Reason
from pairctl.pairing import Phase, Truth
from pairctl.pairing.proof.proof import MOST_ANSWERS
from pairctl.pairing.rules.acceptance import ARRIVAL
from pairctl.pairing.rules.paired import CHANGE_OVER
from pairctl.repo.commits import MAX_SINGLE_BYTES
from reason_words import Trees, reason_words, words_of_source

# Words that no status ever carries. Most end the command, which tells message and hint: the word
# itself is never shown, so there is nothing to explain.
NOT_IN_A_STATUS = {
    "the command line, the repository or the operator's file is not as it should be": {
        "BadAnswer",
        "BadDuration",
        "BadEndpoint",
        "BadHostPattern",
        "BadLabel",
        "BadLogLevel",
        "BadRecording",
        "BadSelector",
        "BadSource",
        "BadTime",
        "BadWave",
        "CannotWrite",
        "ChangedMeanwhile",
        "ConfigInRepository",
        "DemoFailed",
        "FolderNotEmpty",
        "FolderNotFound",
        "IgnoreListRefused",
        "InvalidConfig",
        "InvalidOperator",
        "InventoryRefused",
        "LimitMeansNothing",
        "NamesAndSelector",
        "NoExample",
        "NoMatch",
        "NoStatus",
        "NoSuchProposal",
        "NoWalkthrough",
        "NotAPlan",
        "NotARepository",
        "NotAStatusBranch",
        "NotATerminal",
        "NotPinned",
        "NotPushed",
        "NotRecorded",
        "NotSeenYet",
        "NotSettled",
        "NotTheDocuments",
        "NotTheTop",
        "NothingSelected",
        "NothingToApprove",
        "OfflinePlan",
        "OperatorInRepository",
        "OptionWithoutEffect",
        "NoSuchRollout",
        "PlanMoved",
        "PlanRefused",
        "PushLost",
        "PushRefused",
        "PushUnknown",
        "RefNotAllowed",
        "RefNotFound",
        "RemoteNotFound",
        "RemoteRewritten",
        "SourceEmpty",
        "SystemRefused",
        "TooManyBytes",
        "TranscriptExists",
        "TwoRules",
        "UnknownColumn",
        "UnknownName",
        "UnknownWord",
        "UrlNotAllowed",
        "NoOutput",
    },
    "a comment is not made: the command line tells why": {
        "BadEvent",
        "BadForge",
        "NoForge",
        "NoForgeToken",
        "NoMark",
        "NoPullRequest",
        "NotPermitted",
        "Passing",
    },
    "evidence cannot be shown or verified: `pairctl evidence` tells why": {
        "CommitGone",
        "HistoryCut",
        "NoEvidence",
        "NoGrounds",
        "NotRead",
    },
    "a file of documents is not read, which is a finding": {
        "IgnoredIntent",
        "IntentNotRecognized",
        "LfsPointer",
        "PathCollision",
        "Unmerged",
    },
    "doctor shows a check without its word": {
        "NoPalette",
        "NoSuchIntent",
        "RoutesUnknown",
        "SeveralClusters",
        "TokenOfAnotherProject",
    },
    "an action is not sent after all, and the next look tells why": {
        "ClaimGone",
        "ClaimTooOld",
        "SourceMoved",
        "Stopping",
        "WorldMoved",
    },
}


def test_every_word_in_the_source_is_told_and_every_word_told_is_in_the_source() -> None:
    """A reason that is added, renamed or removed fails here until the table follows."""
    elsewhere = set().union(*NOT_IN_A_STATUS.values())
    words = set(words_of_source())
    assert words - elsewhere == set(REASONS)
    assert elsewhere <= words - set(REASONS)


def test_no_word_is_told_twice() -> None:
    """Each word is in one group, once."""
    told = [reason.word for group in GROUPS for reason in group.reasons]
    assert sorted(told) == sorted(set(told))


@pytest.mark.parametrize("reason", REASONS.values(), ids=lambda reason: reason.word)
def test_a_reason_says_where_when_and_until_when(reason: Reason) -> None:
    """Phrases that end without a full stop, and a place: a phase, condition or rollout at least."""
    for text in (reason.when, reason.until, reason.action):
        assert not text.endswith(".")
        assert "  " not in text
    assert reason.when
    assert reason.until
    assert reason.phases or reason.conditions or reason.of_rollouts
    settled = {Phase.PAIRED, Phase.LOCAL, Phase.REJECTED}
    assert not reason.phases or (reason.truth is Truth.TRUE) == (set(reason.phases) <= settled)


def test_who_must_act_is_told_what_to_do() -> None:
    """A word that stands for Failed, or for a way that is blocked, names an action or the wait."""
    silent = {word for word, it in REASONS.items() if Phase.BLOCKED in it.phases and not it.action}
    assert silent == {
        "HostNotSeen",
        "NotValidated",
        "RejectingForDarkHost",
        "ReplacingRequest",
        "RequestNotSeen",
        "TagsNotSeen",
    }
    assert all(REASONS[word].until.startswith(("the next pass", "a pass")) for word in silent)


def test_numbers_in_the_words_are_those_of_the_rules() -> None:
    """What the table says of time and size changes with the code."""
    minute, hour = timedelta(minutes=1), timedelta(hours=1)
    assert f"After {ARRIVAL // minute} minutes" in REASONS["NotArrived"].when
    assert f"more than {CHANGE_OVER // hour} hour " in REASONS["ChangingOverSlowly"].when
    assert f"more than {MOST_ANSWERS} of them" in REASONS["SeveralMatches"].when
    assert f"{MAX_SINGLE_BYTES >> 20} MiB" in REASONS["FileTooLarge"].when


# ── the search for words, which could miss some ──────────────────────────────────────────────────


def words_of(source: str, path: str = "pairing/some.py") -> set[str]:
    """Return the words that are found in a piece of source."""
    return set(reason_words(Trees({path: ast.parse(source)})))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("Problem('A', 'message')", {"A"}),
        ("raise Lost(problems.Problem('A' if is_one else 'B', 'message'))", {"A", "B"}),
        ("Problem(reason='A', message='m')", {"A"}),
        ("replace(waiting, reason='A')", {"A"}),
        ("settled(Phase.LOCAL, 'A', 'm') or act(phase, action, 'B')", {"A", "B"}),
        ("def unknown(kind, reason='A', message=''): ...", {"A"}),
        ("Problem(f'Request{request.status}', '')", {"RequestRejected", "RequestFailed"}),
        ("Problem(problem.reason, problem.message)", set()),
    ],
)
def test_words_are_found_however_they_are_given(source: str, words: set[str]) -> None:
    """By place, by name, as one of two, as a default, or put together in a known way."""
    assert words_of(source) == words


def test_errors_that_name_themselves_are_found() -> None:
    """A class below the one that does it is a word if it is made anywhere; others are not."""
    source = (
        "class Root(Exception):\n"
        "    def __init__(self, text): super().__init__(Problem(type(self).__name__, text))\n"
        "class Near(Root): ...\n"
        "class Far(Near): ...\n"
        "class Unused(Root): ...\n"
        "raise Near('x') from Far('y')\n"
    )
    assert words_of(source) == {"Near", "Far"}


@pytest.mark.parametrize("source", ["Problem(word(), 'm')", "Problem(words[0], 'm')"])
def test_a_reason_that_cannot_be_read_from_the_source_is_an_error(source: str) -> None:
    """Who makes words in another way has to say which they are."""
    with pytest.raises(AssertionError, match=r"pairing/some\.py:1"):
        words_of(source)
