"""The laws of loading as a whole."""

import json
import random
from dataclasses import replace
from functools import lru_cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from effort import calls
from examples import examples
from pairctl.spec import Code, Declared, Severity, SourceFile, generation, load, read_file
from spec_factory import (
    codes,
    file_of,
    intent,
    intent_at,
    load_documents,
    load_text,
    match,
    palette,
    places,
    text_file,
)

GOOD = (palette(), match(), intent())
TEMPLATE = """apiVersion: pairctl/v1alpha1
kind: Palette
metadata: {name: production}
spec:
  endpoint: https://palette.example.com
  apiKey: {secret: palette-production}
"""


def test_good_documents_are_declared_by_name() -> None:
    """Each kind has its map, and nothing is found."""
    declared = load_documents(*GOOD)
    assert (list(declared.palettes), list(declared.matches), list(declared.intents)) == (
        ["production"],
        ["retail"],
        ["store-0042"],
    )
    assert declared.findings == declared.rejected == ()
    assert declared.intents["store-0042"].line == 3


def test_one_bad_document_does_not_stop_the_others() -> None:
    """A document is refused alone, with its name, and those beside it go on."""
    declared = load_documents(*GOOD, palette("lab", colour="green"))
    assert list(declared.intents) == ["store-0042"]
    assert [(one.kind, one.name) for one in declared.rejected] == [("Palette", "lab")]


def test_bad_yaml_refuses_its_file_and_no_other() -> None:
    """Nothing of a file that cannot be parsed is believed."""
    broken = SourceFile("b.yaml", file_of(palette("lab")).content + b"}")
    declared = load([file_of(*GOOD), broken])
    assert list(declared.palettes) == ["production"]
    assert codes(declared) == [Code.YAML_SYNTAX]
    assert [(one.kind, one.path) for one in declared.rejected] == [(None, "b.yaml")]


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "---\n---\n"])
def test_an_empty_file_is_no_mistake(text: str) -> None:
    """There is a note for the curious, and nothing is refused."""
    declared = load_text(text)
    assert codes(declared) == [Code.EMPTY_FILE]
    assert declared.findings[0].severity is Severity.INFO
    assert declared.rejected == ()


def test_what_pairctl_wrote_itself_is_not_read() -> None:
    """Status files may lie in the same folder; they are input to nothing."""
    declared = load_text("apiVersion: pairctl/v1alpha1\nkind: PairingStatus\nstatus: {}\n")
    assert codes(declared) == [Code.OWN_OUTPUT]
    assert declared.rejected == ()


def test_all_problems_of_all_files_are_told_in_order() -> None:
    """Findings are sorted by file, line, column and code."""
    bad = palette("Lab", colour="green", endpoint="http://x")
    declared = load([file_of(*GOOD, bad, path="b.yaml"), text_file("kind: Palette\n[", "a.yaml")])
    assert [(one.path, str(one.code)) for one in declared.findings] == [
        ("a.yaml", Code.YAML_SYNTAX),
        ("b.yaml", Code.INVALID_VALUE),
        ("b.yaml", Code.INVALID_VALUE),
        ("b.yaml", Code.UNKNOWN_FIELD),
    ]
    assert list(declared.findings) == sorted(declared.findings)


def test_a_file_that_did_not_change_is_not_read_again() -> None:
    """With a cache, a commit that changes one file costs one file, and says the same."""
    cached = lru_cache(maxsize=None)(read_file)
    files = [file_of(one, path=f"{index}.yaml") for index, one in enumerate(GOOD)]
    load(files, read=cached)
    changed = [*files[:2], file_of(intent(attempt=2), path="2.yaml")]
    assert load(changed, read=cached) == load(changed)
    assert cached.cache_info().misses == 4


# ── text is what was written ─────────────────────────────────────────────────────────────────────


def declared_project(text: str) -> str | None:
    """Return the project that is read where `text` stands without quotes; None where refused."""
    declared = load_text(f"{TEMPLATE}  project: {text}\n")
    held = declared.palettes.get("production")
    assert (held is None) == bool(declared.rejected)
    return held.document.spec.project if held else None


@pytest.mark.parametrize(
    "text",
    (
        "1.10 20.10 1_0 010 no off yes ~ 12:30 2026-01-01 true 0x1F 123e4567 .inf +1 00123456 1e3 "
        f"null on y 0o17 0b1 {'9' * 5000}"
    ).split(),
)
def test_what_some_parser_reads_as_no_text_is_refused(text: str) -> None:
    """There is no silent 1.1 where 1.10 was written."""
    assert declared_project(text) is None
    assert declared_project(json.dumps(text)) == text or len(text) > 1024


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=20))
def test_any_text_is_kept_letter_for_letter_or_refused(text: str) -> None:
    """Whatever stands between the colon and the line's end is read as itself or not at all."""
    read = declared_project(text)
    plain = text.partition(" #")[0].strip(" \t\r\n")
    assert read is None or read == plain or text.lstrip()[:1] in {"'", '"', "|", ">", "#"}


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()))
def test_quoted_text_is_kept_whatever_it_looks_like(text: str) -> None:
    """Quotes settle it; only what nobody sees is refused even so."""
    read = declared_project(json.dumps(text, ensure_ascii=False))
    assert read == text or "eyJ" in text


# ── any input has an end ─────────────────────────────────────────────────────────────────────────

MARKS = """kind|: |- |  |{|}|[|]|&a |*a|!x |<<|'|"|...|%|? |,|#|Palette|spec|1.10|\t|é|~|\0|>|-"""
YAML_PIECES = st.lists(
    st.sampled_from([*MARKS.split("|"), "|", "---\n", "\n", "\r", "\u202e", TEMPLATE]), max_size=60
).map("".join)


@given(st.one_of(st.binary(max_size=200), YAML_PIECES.map(str.encode)))
@examples(300)
def test_any_bytes_end_in_documents_or_findings(content: bytes) -> None:
    """Nothing is raised, and no file is passed over in silence."""
    declared = load([SourceFile("a.yaml", content)])
    is_foreign = read_file(SourceFile("a.yaml", content)).is_foreign
    assert declared.palettes or declared.findings or is_foreign
    lines = content.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert all(1 <= one.line <= len(lines) and one.column >= 1 for one in declared.findings)


def mistakes(count: int) -> str:
    """Return a document with so many fields that it does not have, each almost one that it has."""
    return TEMPLATE + "".join(f"  endpont{n}: x\n" for n in range(count))


def test_thousands_of_mistakes_are_told_in_part() -> None:
    """One document has at most some hundred findings, and each mistake costs no more than one."""
    assert 0 < len(load_text(mistakes(4900)).findings) <= 100
    some, many = (calls(partial(load_text, mistakes(count))) for count in (490, 4900))
    assert many < 20 * some


# ── order and form change nothing ────────────────────────────────────────────────────────────────

MIXED = (
    *GOOD,
    palette("lab"),
    palette("lab", project="other"),
    match("other", palette="lab"),
    intent("store-0043", profileMatch="other"),
    intent_at("https://10.0.42.10:5080", "store-0044"),
    intent("store-0045", palette="nowhere"),
    palette("broken", colour="green"),
)


def judged(declared: Declared) -> tuple[object, ...]:
    """Return all that may not depend on the order of files."""
    digests = {
        (kind, name): one.digest
        for kind in ("palettes", "matches", "intents")
        for name, one in getattr(declared, kind).items()
    }
    return digests, declared.findings, set(declared.rejected)


@given(st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_files_changes_nothing(rng: random.Random) -> None:
    """Two runs over the same files say the same, however the files came."""
    files = [file_of(one, path=f"{index}.yaml") for index, one in enumerate(MIXED)]
    shuffled = files.copy()
    rng.shuffle(shuffled)
    assert judged(load(shuffled)) == judged(load(files))


def reordered(value: object, rng: random.Random) -> object:
    """Return the same value with the keys of its mappings in another order."""
    if isinstance(value, list):
        return [reordered(item, rng) for item in value]
    if not isinstance(value, dict):
        return value
    keys = list(value)
    rng.shuffle(keys)
    return {key: reordered(value[key], rng) for key in keys}


@given(st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_keys_changes_nothing(rng: random.Random) -> None:
    """A digest is that of the meaning."""
    shuffled = load_documents(*(reordered(one, rng) for one in GOOD))
    assert judged(shuffled) == judged(load_documents(*GOOD))


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("text", [TEMPLATE, TEMPLATE + "  colour: |\n    a\n    b\n", "a: [\nb"])
def test_the_style_of_line_ends_changes_nothing(text: str, newline: str) -> None:
    """Files from other systems mean the same and have their findings at the same places."""
    other, usual = load_text(text.replace("\n", newline)), load_text(text)
    told = tuple(one for one in other.findings if one.code is not Code.LINE_ENDINGS)
    assert judged(replace(other, findings=told)) == judged(usual)


# ── digests and generations ──────────────────────────────────────────────────────────────────────


def test_comments_and_defaults_do_not_change_a_digest() -> None:
    """A digest is of what a document says, not of how."""
    bare = load_text(TEMPLATE).palettes["production"]
    told = load_text("# why\n" + TEMPLATE.replace("{name: production}", '\n  name: "production"'))
    explicit = load_text(TEMPLATE + "  acceptance: Auto\n")
    assert bare.digest.startswith("sha256:")
    assert told.palettes["production"].digest == bare.digest
    assert explicit.palettes["production"].digest == bare.digest


def generation_of(*documents: dict[str, object]) -> str:
    """Return the generation of the one intent declared."""
    declared = load_documents(*documents)
    (one,) = declared.intents.values()
    return generation(one, declared)


def test_a_generation_covers_all_that_an_intent_refers_to() -> None:
    """A change of the intent, its match or its Palette is a new generation; others are not."""
    first = generation_of(*GOOD)
    changes = [
        (palette(project="edge-retail"), match(), intent()),
        (palette(), match(onAmbiguous="Block"), intent()),
        (palette(), match(), intent(attempt=2)),
    ]
    assert len({first, *(generation_of(*documents) for documents in changes)}) == 4
    assert generation_of(*GOOD, palette("lab")) == first


def test_a_generation_needs_no_match() -> None:
    """An intent that stays local may name no match."""
    local = intent(desired="Local")
    del local["spec"]["profileMatch"]
    assert generation_of(palette(), local).startswith("sha256:")


def test_places_are_those_of_the_file() -> None:
    """The column of a value in a flow mapping is counted in characters."""
    assert places(load_text(TEMPLATE + "  project: true\n")) == [(7, 12, Code.NOT_TEXT)]
