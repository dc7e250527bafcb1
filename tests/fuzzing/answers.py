"""Answers of both APIs that nobody should give: made up from their schemas, or from our models.

The vendor's specifications are read where they lie beside the project; elsewhere the models of the
answers say what an answer looks like. Either way the same number is the same answer.
"""

import json
import random
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from fuzzing.patience import Patience, endless
from layers_factory import make_profile
from odd_secrets import ENCODINGS, ODD_SECRETS
from pairctl.apis import ApiFailure, profile_answers
from pairctl.apis import local_ui_answers as local
from pairctl.apis import palette_answers as palette
from pairctl.apis.answers import Answer
from pairctl.apis.cleaning import Cleaner
from pairctl.apis.judgement import judge
from pairctl.apis.profile_values import ProfilePacks
from pairctl.apis.routes import READING_LOCAL_UI, Operation
from pairctl.apis.translation import Call
from pairctl.layers import Layer
from pairctl.pairing import (
    EdgeHost,
    LocalRequest,
    ManagementMode,
    Observed,
    PaletteView,
    RequestSnapshot,
    decide,
    status_of,
)
from pairctl.pairing.facts.observation import Connection, LocalCluster, TokenFacts
from pairctl.pairing.facts.palette import PaletteCluster, PaletteRequest, ProfileListing
from pairctl.records import Ledger, Record, changes_on, cluster_file, palette_file, parse_status
from pairctl.secrets import Redactor
from pairctl.text import is_plain
from pairing_factory import NOW, make_host, make_intent, make_observed, make_pending
from vendor_contract import is_at_hand, specification

CORPUS = Path(__file__).parents[1] / "data" / "fuzz-answers"
LOCAL, PALETTE = "local-management-api", "palette-api"
SECRET = ODD_SECRETS["apostrophe"]

MOST_SECONDS = 2.0
"""Of processor time, for one answer."""
LONGEST_TEXT = 1_024
LONGEST_FAILURE = 900
LARGEST_STATUS = 64 * 1024


@dataclass(frozen=True)
class Kind:
    """A kind of answer: its model, what it comes to, and its name in the vendor's specification."""

    model: type[BaseModel]
    facts: Callable[[Any], Any]
    file: str
    definition: str


def _items(page: Any) -> list[Any]:
    return [item.fact() for item in page.items]


def _request(details: local.PairDetails) -> LocalRequest:
    return LocalRequest(
        details.pairing_uid, details.palette_endpoint, details.known_status, details.message
    )


def _host(host: local.Host) -> EdgeHost:
    mode = host.spec.management_mode or ManagementMode.LOCAL
    return EdgeHost(host.metadata.id, mode, "airgap", host.status.agent_version)


KINDS: Mapping[str, Kind] = {
    "settings": Kind(local.Settings, lambda it: it.installation_mode, LOCAL, "v1Settings"),
    "host": Kind(local.Host, _host, LOCAL, "v1EdgeHostInfo"),
    "cluster": Kind(local.Cluster, lambda it: it.fact(local.Applications()), LOCAL, "v1Cluster"),
    "applications": Kind(
        local.Applications, lambda it: it.stack(), LOCAL, "v1ClusterCurrentApplications"
    ),
    "pair details": Kind(local.PairDetails, _request, LOCAL, "v1ClusterPairDetailsResponse"),
    "sent request": Kind(
        local.SentRequest, lambda it: it.pairing_uid, LOCAL, "v1ClusterPairInfoResponse"
    ),
    "connection": Kind(
        local.VerifiedConnection,
        lambda it: Connection(it.verified, it.message),
        LOCAL,
        "v1ClusterPairVerifiedConnectionResponse",
    ),
    "login": Kind(local.Login, lambda it: it.is_first, LOCAL, "v1LoginSuccess"),
    "renewal": Kind(local.LoginToken, lambda _: (), LOCAL, "v1UserToken"),
    "projects": Kind(
        palette.Page[palette.ProjectItem],
        lambda it: [item.metadata.name for item in it.items],
        PALETTE,
        "v1ProjectsMetadata",
    ),
    "profiles": Kind(
        palette.Page[profile_answers.ProfileItem], _items, PALETTE, "v1ClusterProfilesSummary"
    ),
    "clusters": Kind(
        palette.Page[palette.ClusterItem], _items, PALETTE, "v1SpectroClustersSummary"
    ),
    "tokens": Kind(
        palette.Page[palette.TokenItem],
        lambda it: [item.facts(NOW) for item in it.items],
        PALETTE,
        "v1EdgeTokens",
    ),
    "requests": Kind(
        palette.Page[palette.RequestItem], _items, PALETTE, "v1SpectroClusterPairingRequestMetas"
    ),
    "request": Kind(
        palette.RequestDetails, lambda it: it.fact(), PALETTE, "v1SpectroEdgeNativeClusterPair"
    ),
    "variables": Kind(palette.Variables, lambda it: it.names, PALETTE, "v1Variables"),
    "packs": Kind(
        ProfilePacks,
        lambda it: it.values_of(make_profile("any", "k8s/edge-k8s 1.31.0")),
        PALETTE,
        "v1ClusterProfilePacksEntities",
    ),
    "validation": Kind(
        palette.Validation,
        lambda it: list(it.messages()),
        PALETTE,
        "v1SpectroClusterValidatorResponse",
    ),
}


@dataclass(frozen=True)
class Fuzzed:
    """One answer: its kind, its JSON, and the status it comes with."""

    kind: str
    body: str
    status: int = 200

    def save(self, folder: Path) -> Path:
        """Keep it under a name of its own."""
        folder.mkdir(exist_ok=True)
        path = folder / f"{self.kind.replace(' ', '-')}-{abs(hash(self.body)):x}.json"
        path.write_text(json.dumps([self.kind, self.body, self.status]), encoding="utf-8")
        return path

    @classmethod
    def load(cls, path: Path) -> "Fuzzed":
        """Read what `save` kept."""
        return cls(*json.loads(path.read_text(encoding="utf-8")))


# ── making answers up ────────────────────────────────────────────────────────────────────────────

WORDS = (
    *("", "store-9", "uid-9", "Running", "Healthy", "Pairing", "Pending", "local", "central"),
    *("airgap", "infra", "add-on", "k8s", "1.31.0", "0.0.0", "v4.9.0", "api.spectrocloud.com"),
    *("project", "2026-03-01T12:00:00Z", "0001-01-01T00:00:00Z", "true", "null", "0"),
)
HOSTILE = (
    *("line\nbreak", "\r\n[error] forged", "::stop-commands::x", "a\x1b[2Jb", "a\x00b"),
    *("a\u202eb", "Run\u200bning", "Healthy\u034f", "\U000e0041", "\ufeff", "\u0301" * 500),
    *("../../etc/passwd", "-rf", "a/b", "%2e%2e", "{{ x }}", "---\n- a: &b", "| a | b |"),
    *("@team #1 ![x](https://evil.example)", "x" * 300, "x" * 3_000, "é" * 300, "1e999", "NaN"),
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 2**63, 1e308, "", "x", [], {}, [[]], [None], {"": ""}),
    *({"a": {"b": []}}, "x" * 100_000, ["x"] * 2_000, {str(n): n for n in range(500)}),
)


MOMENTS = (
    *("2026-03-01T12:00:00Z", "2026-03-01T12:00:00.123456789Z", "2026-03-01T12:00:00+05:30"),
    *("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+14:00"),
)


def text(rng: random.Random) -> str:
    """Make up a text: usual, hostile, or a secret in one of its spellings."""
    roll = rng.random()
    if roll < 0.5:
        return rng.choice(WORDS)
    if roll < 0.7:
        return rng.choice(HOSTILE)
    if roll < 0.8:
        return ENCODINGS[rng.choice(sorted(ENCODINGS))](SECRET)
    return rng.choice(WORDS) + rng.choice(HOSTILE) + str(rng.randrange(100))


def by_schema(schema: Any, definitions: Any, rng: random.Random, depth: int = 0) -> Any:
    """Make up what fits a schema of OpenAPI 2.0."""
    while "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]]
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type", "object")
    match kind[0] if isinstance(kind, list) else kind:
        case "array":
            items = [
                by_schema(schema["items"], definitions, rng, depth + 1) for _ in _some(rng, depth)
            ]
            return _each_once(items) if schema.get("uniqueItems") else items
        case "string":
            return rng.choice(MOMENTS) if schema.get("format") == "date-time" else text(rng)
        case "integer" | "number":
            return rng.choice((1, 7, 2**31) if schema.get("exclusiveMinimum") else (0, 1, 7, 2**31))
        case "boolean":
            return rng.random() < 0.5
    made = {
        name: by_schema(part, definitions, rng, depth + 1)
        for name, part in schema.get("properties", {}).items()
        if name in schema.get("required", ()) or rng.random() < (0.8 if depth < 6 else 0.2)
    }
    if isinstance(more := schema.get("additionalProperties"), dict):
        made |= {text(rng): by_schema(more, definitions, rng, depth + 1) for _ in _some(rng, depth)}
    return made


def _each_once(items: list[Any]) -> list[Any]:
    return [item for place, item in enumerate(items) if item not in items[:place]]


def _some(rng: random.Random, depth: int) -> range:
    return range(rng.randrange(4) if depth < 8 else 0)


def by_model(kind: Any, rng: random.Random) -> Any:
    """Make up what fits a model of ours, with fields that it does not know."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        return by_model(arguments[0], rng)
    if origin in (typing.Union, types.UnionType):
        return by_model(rng.choice(arguments), rng)
    if origin is tuple:
        return [by_model(arguments[0], rng) for _ in range(rng.randrange(4))]
    if origin is dict:
        return {text(rng): text(rng) for _ in range(rng.randrange(4))}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        known = {
            field.alias or name: by_model(field.annotation, rng)
            for name, field in kind.model_fields.items()
            if field.is_required() or rng.random() < 0.8
        }
        return known | {text(rng): text(rng) for _ in range(rng.randrange(3))}
    return _simple(kind, rng)


def _simple(kind: Any, rng: random.Random) -> Any:
    if kind is bool:
        return rng.random() < 0.5
    if kind is datetime:
        return rng.choice(
            ("2026-03-01T12:00:00Z", "9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00Z")
        )
    if isinstance(kind, type) and issubclass(kind, ManagementMode):
        return rng.choice([*ManagementMode])
    return None if kind is type(None) else text(rng)


def fitting(kind: Kind, number: int) -> Any:
    """Return an answer that fits: by the vendor's schema where that is at hand, or by our model."""
    rng = random.Random(f"{kind.definition} {number}")  # noqa: S311 - guards nothing
    if is_at_hand() and number % 2:
        definitions = specification(kind.file).definitions
        return by_schema(definitions[kind.definition], definitions, rng)
    return by_model(kind.model, rng)


def by_specification(kind: Kind, number: int) -> Any:
    """Return an answer that fits the vendor's schema: the same number is the same answer."""
    rng = random.Random(f"specified {kind.definition} {number}")  # noqa: S311 - guards nothing
    contract = specification(kind.file)
    document = by_schema(contract.definitions[kind.definition], contract.definitions, rng)
    contract.check(document, kind.definition)
    return document


def odd(kind: Kind, number: int) -> Any:
    """Return an answer of which some parts are something else."""
    rng = random.Random(f"odd {kind.definition} {number}")  # noqa: S311 - guards nothing
    document = fitting(kind, number)
    for _ in range(rng.randrange(1, 4)):
        document = _changed(document, rng)
    return document


def _changed(value: Any, rng: random.Random) -> Any:
    """Return a document with one part of it changed, anywhere."""
    if not value or not isinstance(value, dict | list) or rng.random() < 0.15:
        return rng.choice(ODD_VALUES)
    return _changed_list(value, rng) if isinstance(value, list) else _changed_object(value, rng)


def _changed_list(value: list[Any], rng: random.Random) -> list[Any]:
    at, roll = rng.randrange(len(value)), rng.randrange(4)
    if roll == 0:
        return [*value, *value]
    middle = [] if roll == 1 else [_changed(value[at], rng)]
    return [*value[:at], *middle, *value[at + 1 :]]


def _changed_object(value: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    key, roll = rng.choice(sorted(value)), rng.randrange(5)
    if roll == 0:
        return {name: item for name, item in value.items() if name != key}
    if roll == 1:
        return {**value, key + rng.choice(HOSTILE): value[key]}
    return {**value, key: _changed(value[key], rng)}


def cases(kind: str, number: int) -> Iterator[Fuzzed]:
    """Yield a fitting and an odd answer of this number, and an error that says the same."""
    for document in (fitting(KINDS[kind], number), odd(KINDS[kind], number)):
        yield Fuzzed(kind, json.dumps(document))
    rng = random.Random(f"error {kind} {number}")  # noqa: S311 - guards nothing
    error = {"code": text(rng), "message": text(rng), "details": document}
    yield Fuzzed(kind, json.dumps(error), rng.choice((301, 400, 401, 403, 404, 409, 429, 500, 503)))


# ── what holds for each of them ──────────────────────────────────────────────────────────────────


def hold_answer(fuzzed: Fuzzed, within: Patience = endless) -> None:
    """Hold all laws against one answer. What is broken is an AssertionError, or a traceback."""
    redactor = Redactor()
    redactor.learn(SECRET)
    facts = within(MOST_SECONDS, fuzzed.kind, partial(_read, fuzzed, redactor))
    assert redactor.count == 1, "an answer has taught the redactor"
    within(MOST_SECONDS, f"deciding on {fuzzed.kind}", partial(hold_facts, facts, redactor))


def hold_facts(facts: Any, redactor: Redactor) -> None:
    """Hold all laws against what came of an answer: the failure that it is, or facts."""
    if isinstance(facts, ApiFailure):
        _is_fit_failure(facts)
        return
    for one in texts_of(facts):
        assert is_plain(one), f"{one[:200]!a} in {type(facts)}"
        assert len(one) <= LONGEST_TEXT
    stops_nobody_else(facts, redactor)


def _read(fuzzed: Fuzzed, redactor: Redactor) -> Any:
    """Read an answer as the clients do; return its facts, or the failure that it is."""
    kind, operation = KINDS[fuzzed.kind], Operation.GET_CLUSTER
    call = Call(operation, READING_LOCAL_UI[operation], "https://10.0.0.1")
    cleaner = Cleaner(redactor)
    answer = Answer(
        call, fuzzed.status, "application/json", fuzzed.body.encode(), clean=cleaner.redact
    )
    try:
        judge(answer, cleaner, now=NOW)
        return kind.facts(answer.read(kind.model))  # type: ignore[type-var]  # a model of answers
    except ApiFailure as failure:
        return failure


def _is_fit_failure(failure: ApiFailure) -> None:
    said = f"{failure.problem.message} {failure.problem.hint}"
    assert is_plain(failure.problem.reason), failure.problem
    assert all((failure.problem.reason, failure.problem.message, failure.problem.hint)), failure
    assert is_plain(said), failure.problem
    assert len(said) <= LONGEST_FAILURE
    assert SECRET not in said
    assert failure.__context__ is None
    assert failure.__cause__ is None


def texts_of(facts: Any) -> Iterator[str]:
    """Yield all texts that facts hold, but a description: that is neither shown nor stored."""
    match facts:
        case str():
            yield str(facts)
        case list() | tuple():
            for item in facts:
                yield from texts_of(item)
        case dict():
            yield from texts_of([*facts, *facts.values()])
        case _ if is_dataclass(facts):
            for field in fields(facts):
                if field.name != "description":
                    yield from texts_of(getattr(facts, field.name))


def stops_nobody_else(facts: Any, redactor: Redactor) -> None:
    """Decide and record with these facts beside another intent: nothing of that one changes."""
    mine, shared = observed_with(facts)
    usual = make_pending()
    alone = decide(make_intent(), usual, now=NOW)
    beside = decide(make_intent(), replace(usual, palette=shared), now=NOW)
    assert beside.verdict == alone.verdict
    other = decide(replace(make_intent(), name="other-1"), mine, now=NOW)
    statuses = {
        name: status_of(one, None, commit="c" * 40, now=NOW)
        for name, one in (("store-0042", beside), ("other-1", other))
    }
    files = dict([palette_file("production", mine.palette, NOW)])
    if isinstance(mine.host, EdgeHost) and (file := cluster_file("other-1", mine.host, NOW)):
        files |= dict([file])
    written = changes_on(Ledger(), Record("c" * 40, statuses, files), redactor.redact)
    for body in written.values():
        assert body is not None
        assert SECRET not in body.decode()
    status = written["status/other-1.yaml"] or b""
    assert len(status) <= LARGEST_STATUS
    assert parse_status(status) is not None


def observed_with(facts: Any) -> tuple[Observed, PaletteView]:
    """Return what is seen where these facts are, and the Palette that others see as well."""
    host, usual = make_host(), make_pending()
    match facts:
        case EdgeHost():
            mine = make_observed(replace(facts, cluster=host.cluster))
        case LocalCluster():
            mine = make_observed(replace(host, cluster=facts))
        case LocalRequest():
            mine = make_observed(replace(host, request=facts))
        case RequestSnapshot():
            mine = replace(usual, snapshot=facts)
        case Connection():
            mine = make_observed(connection=facts)
        case [first, *_]:
            return _listed(first, tuple(facts), host, usual.palette)
        case _:
            mine = make_observed()
    return mine, usual.palette


def _listed(
    first: Any, facts: tuple[Any, ...], host: EdgeHost, shared: PaletteView
) -> tuple[Observed, PaletteView]:
    match first:
        case ProfileListing():
            shared = replace(shared, profiles=(*shared.profiles, *facts))
        case PaletteRequest():
            shared = replace(shared, requests=(*(shared.requests or ()), *facts))
        case PaletteCluster():
            shared = replace(shared, clusters=(*shared.clusters, *facts))
        case TokenFacts():
            return make_observed(token=first), shared
        case Layer() if host.cluster is not None:
            return make_observed(replace(host, cluster=replace(host.cluster, stack=facts))), shared
        case str():
            return replace(make_pending(), objections=facts), shared
    return make_observed(view=shared), shared
