"""What is written on the status branch: no value is a secret, and documents stay what they are."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from ruamel.yaml import YAML

from odd_secrets import ENCODINGS, ODD_SECRETS, SOME_ENCODINGS
from pairctl.layers import Layer, Profile, stack
from pairctl.pairing import (
    Claim,
    Condition,
    ConditionType,
    EdgeHost,
    Evidence,
    LocalCluster,
    ManagementMode,
    PaletteRequest,
    PaletteView,
    Phase,
    ProfileListing,
    RequestState,
    Status,
    Truth,
    Unrecognized,
)
from pairctl.pairing.case import Declined, Pinned
from pairctl.pairing.outcome.status import ProfileUse
from pairctl.records import (
    KnownFiles,
    Ledger,
    Record,
    changes_on,
    cluster_file,
    observed_cluster,
    observed_palette,
    palette_file,
    parse_status,
)
from pairctl.secrets import Redactor

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
COMMIT = "3f2c1ab" + "0" * 33


def saying(text: str) -> Record:
    """Return a record in which everything says `text` that somebody else may choose."""
    layers = stack([Layer(text, text, text)])
    cluster = LocalCluster("uid-1", text, "Running", is_healthy=True, stack=layers)
    host = EdgeHost("host-1", ManagementMode.LOCAL, "airgap", text, cluster)
    profile = Profile(text, text, text, text, layers)
    view = PaletteView(
        (ProfileListing(text, profile, scope=text), ProfileListing(text, None, text))
    )
    status = Status(
        name="store-1",
        phase=Phase.BLOCKED,
        generation="sha256:one",
        source_commit=COMMIT,
        reason="NodeUnhealthy",
        message=text,
        pairing_uid="p-1",
        local_uid="uid-1",
        palette_uid=text,
        profiles=(ProfileUse(text, text, text),),
        waiting_for=text,
        human_action=text,
        declined=Declined("accept", "sha256:one", "Refused", text),
        pinned=Pinned("uid-1", "https://10.0.0.1", 1),
        conditions=(
            Condition(ConditionType.HEALTHY, Truth.FALSE, "NodeUnhealthy", text, "sha256:one", NOW),
        ),
    )
    request = PaletteRequest("p-2", "uid-2", text, RequestState.PENDING, text, text, text)
    seen = cluster_file("store-1", host, NOW)
    assert seen is not None
    return Record(
        COMMIT,
        {"store-1": status},
        dict([seen, palette_file("production", view, NOW)]),
        unrecognized={"production": Unrecognized((request,))},
    )


@pytest.mark.parametrize("encoding", SOME_ENCODINGS)
@pytest.mark.parametrize("shape", ODD_SECRETS)
def test_no_value_that_is_written_holds_a_secret(shape: str, encoding: str) -> None:
    """However it is spelled, and whatever YAML or Markdown would make of its signs."""
    value = ODD_SECRETS[shape]
    redactor = Redactor()
    redactor.learn(value)
    written = ENCODINGS[encoding](value)
    for path, body in changes_on(Ledger(), saying(f"says {written}."), redactor.redact).items():
        assert body is not None
        text = body.decode()
        assert "redacted" in text, path
        assert value not in text
        assert written not in text
        if path.endswith(".yaml"):
            held = str(YAML(typ="safe").load(text))
            assert value not in held
            assert written not in held


OWN_WORDS = (
    "store-1",
    "Blocked",
    "NodeUnhealthy",
    "sha256:one",
    COMMIT,
    "PairingStatus",
    "Healthy",
    "metadata",
    "lastTransitionTime",
    "observed",
    "2026-03-01",
    "uid-1",
    "production",
    "layers",
    "https://10.0.0.1",
)


def test_a_secret_that_is_learned_later_is_taken_out_of_what_stands() -> None:
    """What was rendered before, of the very same status, is rendered once more."""
    redactor, known, record = Redactor(), KnownFiles(), saying("it is hunter2-hunter2")
    redactor.learn("another-secret")

    def changes(on: Ledger) -> dict[str, bytes | None]:
        return changes_on(on, record, redactor.redact, known, redactor.state)

    files = {path: body for path, body in changes(Ledger()).items() if body}
    ledger = Ledger("tip", files)
    assert changes(ledger) == {}
    redactor.learn("hunter2-hunter2")
    cleaned = changes(ledger)
    assert cleaned.keys() >= {"STATUS.md", "status/store-1.yaml"}
    assert not any(b"hunter2" in body for body in cleaned.values() if body)
    redactor.learn_tokens("palette", ["one-more-secret"])
    again = changes(Ledger("tip", {**files, **cleaned}))
    assert again == {}


@pytest.mark.parametrize("word", OWN_WORDS)
def test_a_secret_that_is_a_word_of_pairctls_makes_no_other_document(word: str) -> None:
    """Keys, structure, and values that pairctl or an author chose: none is ever redacted."""
    redactor = Redactor()
    redactor.learn(word)
    record = saying("all is well")
    plain, cleaned = (changes_on(Ledger(), record, clean) for clean in (str, redactor.redact))
    assert cleaned.keys() == plain.keys()
    for path, body in plain.items():
        if path != "STATUS.md":
            assert cleaned[path] == body
    status = cleaned["status/store-1.yaml"]
    assert status is not None
    assert parse_status(status) == record.statuses["store-1"]
    assert b"[store-1](status/store-1.yaml) | Blocked" in (cleaned["STATUS.md"] or b"")


def test_what_is_cleaned_is_read_back() -> None:
    """A redacted name is a name: what was seen stays legible."""
    redactor = Redactor()
    redactor.learn("it's-a-secret-7f3a")
    files = changes_on(Ledger(), saying("it's-a-secret-7f3a"), redactor.redact)
    content = {path: body for path, body in files.items() if body}
    cluster, palette = observed_cluster(content, "store-1"), observed_palette(content, "production")
    assert cluster is not None
    assert palette is not None
    assert (cluster.name, cluster.local_uid) == ("[redacted]", "uid-1")
    assert [one.name for one in palette.profiles] == ["[redacted]", "[redacted]"]


def test_a_status_has_a_length() -> None:
    """However much somebody says; both ends of it are written."""
    record = saying("well")
    status = replace(record.statuses["store-1"], message="begins " + "x" * 1_000_000 + " ends")
    body = changes_on(Ledger(), replace(record, statuses={"store-1": status}))[
        "status/store-1.yaml"
    ]
    assert body is not None
    assert len(body) < 4_000
    assert b"begins x" in body
    assert b"x ends" in body


def test_a_record_about_some_intents_touches_nothing_of_any_other() -> None:
    """Whoever wrote on the branch since it was made has the last word on those."""
    record = replace(saying("x"), about=frozenset({"store-1"}), rollouts={})
    theirs = {
        "status/store-2.yaml": b"theirs",
        "observed/clusters/store-2.yaml": b"theirs",
        "status/rollouts/emea.yaml": b"theirs",
    }
    changes = changes_on(Ledger(tip=COMMIT, files=theirs), record)
    assert "status/store-1.yaml" in changes
    assert not theirs.keys() & changes.keys()


def test_evidence_takes_the_place_of_another_in_the_commit_that_closes_its_claim_alone() -> None:
    """What is written later may be older than what stands there."""
    path, claim_file = "evidence/uid-1.yaml", "claims/uid-1.yaml"
    here, mine = (
        Evidence("uid-1", one, "store-1", "p-1", "palette", "branch", NOW) for one in ("b", "a")
    )
    claim = Claim("a", "uid-1", "store-1", "accept", 1, "me", 60, NOW)
    record = Record(COMMIT, {}, evidence={path: mine}, closed={claim_file: b"mine"})
    files = {path: b"theirs", claim_file: b"mine"}
    open_still = Ledger(COMMIT, files, claims={claim_file: claim}, evidence={path: here})
    assert changes_on(open_still, record).keys() >= {path, claim_file}
    assert path not in changes_on(Ledger(COMMIT, {path: b"theirs"}, evidence={path: here}), record)


def test_what_is_seen_again_after_others_wrote_something_else_is_so_since_now() -> None:
    """What was rendered once says since when it was so: another run has seen it otherwise since."""
    path, known = "observed/clusters/store-1.yaml", KnownFiles()

    def written(version: str, hour: int, before: bytes | None, known: KnownFiles) -> bytes | None:
        observed = {path: {"observed": {"seenAt": NOW.replace(hour=hour), "agentVersion": version}}}
        files = {path: before} if before else {}
        record = Record(COMMIT, {}, observed=observed, about=frozenset())
        return changes_on(Ledger(files=files), record, known=known).get(path)

    first = written("1", 12, None, known)
    assert first is not None
    assert written("1", 13, first, known) is None
    theirs = written("2", 14, first, KnownFiles())
    again = written("1", 15, theirs, known)
    assert again == first.replace(b"12:00", b"15:00")
    assert written("1", 16, again, known) is None
