"""Simulation files: what is accepted, and how the rest is refused."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError
from ruamel.yaml import YAML

from pairctl.problem import ConfigurationError
from pairctl.sim import Scenario, parse_scenario
from sim_factory import Document, host_document, lies_about, make_scenario, palette_document

ROOT = Path(__file__).parents[3]
SIMULATIONS = sorted((ROOT / "examples").glob("*/simulation.yaml"))

WHOLE = """
apiVersion: pairctl/v1alpha1
kind: Simulation
metadata: {name: small}
spec:
  palette:
    endpoint: https://127.0.0.1:5443
    apiKeys: [{key: simulated-api-key}]
    projects: [{name: retail}]
    registrationTokens: [{name: t, value: simulated-token, expiresAt: 2030-01-01T00:00:00Z}]
    pairing: {acceptSeconds: 0.5, arriveSeconds: 2, listsClusters: false, swap: {store-9: store-11}}
    clock: {offsetSeconds: -90, sendsDate: false}
    limits: {slow: {perSecond: 5, burst: 7}, retryAfterSeconds: 3}
  hosts:
    - name: store-{n:04}
      endpoint: https://127.0.0.1:6001
      count: 3
      first: 9
      tokenLifetimeSeconds: 60
      users: [{username: kairos, password: simulated-password}]
      cluster: {name: "store-{n}"}
  faults:
    - {server: palette, method: POST, path: /v1/*, times: 2, action: drop-after}
"""


def test_a_whole_file_is_read_field_by_field() -> None:
    """Durations, limits, tokens and faults arrive as they were written."""
    spec = parse_scenario(WHOLE).spec
    assert (spec.palette.pairing.accept_s, spec.palette.pairing.arrive_s) == (0.5, 2)
    assert (spec.palette.pairing.lists_clusters, spec.palette.pairing.shows_hosts) == (False, True)
    assert spec.palette.pairing.swap == {"store-9": "store-11"}
    assert (spec.palette.clock.offset_s, spec.palette.clock.sends_date) == (-90, False)
    assert (spec.palette.limits.slow.burst, spec.palette.limits.retry_after_s) == (7, 3)
    expiry = spec.palette.registration_tokens[0].expires_at
    assert expiry is not None
    assert expiry.isoformat() == "2030-01-01T00:00:00+00:00"
    assert (spec.faults[0].action, spec.faults[0].times) == ("drop-after", 2)


def test_one_entry_stands_for_many_hosts() -> None:
    """Names carry the number, ports count up."""
    hosts = parse_scenario(WHOLE).hosts()
    assert [host.name for host in hosts] == ["store-0009", "store-0010", "store-0011"]
    assert [host.endpoint[-4:] for host in hosts] == ["6001", "6002", "6003"]
    assert [host.cluster.name for host in hosts if host.cluster] == [
        "store-9",
        "store-10",
        "store-11",
    ]


def test_each_of_many_hosts_lies_about_the_host_of_its_number() -> None:
    """`{n}` stands for the number in `about`, as it does in a name."""
    liar = host_document(
        name="liar-{n}",
        endpoint="https://127.0.0.1:6001",
        count=2,
        **lies_about("store-{n}", "uid"),
    )
    hosts = make_scenario(liar, host_document(1), host_document(2)).hosts()
    assert [host.lies and host.lies.about for host in hosts] == ["store-1", "store-2", None, None]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("apiKeys:", "apikeys:", ["small.yaml:8:5: spec.palette.apikeys", "did you mean apiKeys?"]),
        ("endpoint: https://127.0.0.1:5443", "# none", ["small.yaml:6:3: spec.palette.endpoint"]),
        ("cluster:", "clustre:", ["small.yaml:21:7: spec.hosts[0].clustre", "mean cluster?"]),
        ("cluster: {", "cluster: {nmae: x, ", ["small.yaml:21:17:", "fields here are name, uid,"]),
        ("action: drop-after", "acton: drop", ["small.yaml:23:62", "did you mean action?"]),
        ("drop-after", "drop-aftr", ["small.yaml:23:70: ", "did you mean drop-after"]),
        ("burst: 7", "brust: 7", ["small.yaml:13:35: ", "did you mean burst?"]),
        ("perSecond: 5", "perSecond: fast", ["spec.palette.limits.slow"]),
        ("127.0.0.1:5443", "palette.example:5443", ["spec.palette.endpoint", "loopback only"]),
        ("127.0.0.1:5443", "127.0.0.1:6002", ["two servers have the endpoint"]),
        ("store-{n:04}", "store", ["two hosts are called store"]),
        ("action: drop-after", "action: explode", ["spec.faults[0].action"]),
        (
            "[{name: retail}]",
            "[{name: 1.10}]",
            ['spec.palette.projects[0].name: 1.10 is a number here: write "1.10"'],
        ),
        ("value: simulated-token", "value: simulated-token, defaultProject: lab", ["lab"]),
        (
            "count: 3",
            "count: 3\n      sendsRequestWith: other",
            ["unknown registration tokens: other"],
        ),
        (
            "count: 3",
            "count: 3\n      sendsRequestWith: t\n      pendingAt: palette.old.example",
            ["spec.hosts[0]", "a host has one request"],
        ),
        (
            "count: 3",
            "count: 3\n      lies: {about: store-4, what: [uid]}",
            ["store-0009 lies about store-4", "no host of this file"],
        ),
        ("count: 3", "lies: {about: store-0009, what: [uid]}", ["lies about itself"]),
        ("count: 3", "lies: {about: store-0010, what: []}", ["spec.hosts[0].lies.what"]),
        ("count: 3", "lies: {about: store-0010, what: [token]}", ["spec.hosts[0].lies.what[0]"]),
        ("store-9: store-11", "store-9: store-12", ["palette.pairing speaks of store-12"]),
        ("swap: {", "listsUidOf: {store-7: u}, swap: {", ["palette.pairing speaks of store-7"]),
        ("listsClusters:", "listsCluster:", ["spec.palette.pairing.listsCluster"]),
        ("offsetSeconds: -90", "offsetSeconds: 1e12", ["spec.palette.clock.offsetSeconds"]),
        ("kind: Simulation", "kind: [", ["not valid YAML"]),
        ("  hosts:", "   hosts:", [":", "begin in the same column"]),
        ("perSecond: 5", "perSecond: fast", ["perSecond: a number is needed"]),
        ("count: 3", "count: three", ["spec.hosts[0].count: a whole number is needed"]),
        ("listsClusters: false", "listsClusters: 3", ["listsClusters: true or false is needed"]),
        ("[{name: retail}]", "retail", ["spec.palette.projects: a list is needed"]),
        ("[{name: retail}]", "[retail]", ["spec.palette.projects[0]: a mapping is needed"]),
        ("[{key: simulated-api-key}]", "[]", ["spec.palette.apiKeys: at least 1 is needed"]),
        ("tokenLifetimeSeconds: 60", "delaySeconds: -1", ["delaySeconds: at least 0 is needed"]),
        ("{name: retail}", "{name: }", ["projects[0].name: it has no value; text is needed"]),
    ],
)
def test_a_bad_file_is_refused_with_the_place(old: str, new: str, words: list[str]) -> None:
    """The error names the file, the field and what is wrong with it."""
    assert old in WHOLE
    with pytest.raises(ConfigurationError) as caught:
        parse_scenario(WHOLE.replace(old, new), source="small.yaml")
    message = caught.value.problem.message
    assert message.startswith("small.yaml ")
    assert [word for word in words if word not in message] == []


def test_a_mistake_that_many_share_is_one_finding() -> None:
    """What stands once, behind an anchor, is said once, and nothing that only follows from it."""
    packs = "&layers [{layer: os, name: ubuntu, version: 22.04}]"
    version = f"{{version: 1.0.0, packs: {packs}}}"
    listed = f"profiles: [{{name: shop, type: cluster, versions: [{version}]}}]"
    local = "{name: shop, type: cluster, version: 1.0.0, packs: *layers}"
    broken = WHOLE.replace("clock:", f"{listed}\n    clock:").replace(
        'name: "store-{n}"', f'name: "store-{{n}}", profiles: [{local}, {local}]'
    )
    with pytest.raises(ConfigurationError) as caught:
        parse_scenario(broken, source="small.yaml")
    _, *findings = caught.value.problem.message.splitlines()
    assert len(findings) == 1, findings
    assert findings[0].endswith('packs[0].version: 22.04 is a number here: write "22.04"')


def test_a_number_as_a_password_is_not_shown() -> None:
    """It is still a password."""
    broken = WHOLE.replace("password: simulated-password", "password: 4815162342")
    with pytest.raises(ConfigurationError, match="it is a number here: write it in quotes") as it:
        parse_scenario(broken)
    assert "4815162342" not in str(it.value)


def test_an_error_holds_no_secret() -> None:
    """What stands in the wrong place may be a password."""
    broken = WHOLE.replace("password: simulated-password", "password: [hunter2-hunter2]")
    with pytest.raises(ConfigurationError) as caught:
        parse_scenario(broken)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_field_that_is_given_twice_is_shown_without_what_is_in_it() -> None:
    """The first of the two may be the right password."""
    broken = WHOLE.replace("password: simulated", "password: hunter2-hunter2, password: simulated")
    with pytest.raises(ConfigurationError, match="20:") as caught:
        parse_scenario(broken)
    assert "password" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_null_that_says_something_is_in_the_schema() -> None:
    """Editors hold it for right, as the simulator does."""
    schema = Scenario.model_json_schema()
    published = json.loads((ROOT / "schemas/simulation.json").read_text())
    for one in (schema, published):
        mode = one["$defs"]["HostSpec"]["properties"]["installationMode"]
        assert {"type": "null"} in mode["anyOf"]


@pytest.mark.parametrize("path", SIMULATIONS, ids=lambda path: path.parent.name)
def test_every_simulation_holds_against_the_published_schema(path: Path) -> None:
    """What an editor says of the examples is what the simulator says."""
    document = YAML(typ="safe", pure=True).load(path)
    schema = json.loads((ROOT / "schemas/simulation.json").read_text())
    assert [one.message for one in Draft202012Validator(schema).iter_errors(document)] == []


def test_every_field_of_the_format_is_described() -> None:
    """`pairctl explain Simulation` has a sentence for each."""
    schema = Scenario.model_json_schema()
    models = {"Simulation": schema, **schema["$defs"]}
    bare = {
        f"{name}.{field}"
        for name, model in models.items()
        for field, found in model.get("properties", {}).items()
        if "description" not in found and "$ref" not in found
    }
    assert bare == set()


def test_hostile_text_is_refused_not_fatal() -> None:
    """Thousands of braces end in an error, not in a dead process."""
    with pytest.raises(ConfigurationError, match="not valid YAML"):
        parse_scenario("{a: " * 20_000)
    with pytest.raises(ConfigurationError, match="larger than"):
        parse_scenario("#" * 2_000_000)


def test_secrets_are_not_in_reprs() -> None:
    """Keys, tokens and passwords stay out of what is printed."""
    text = repr(make_scenario(host_document(), palette=palette_document()))
    assert "simulated-" not in text


def test_hosts_of_one_cluster_are_spread_out_with_it() -> None:
    """The numbers of a counted entry are those of the other."""
    nodes = [{"name": "a"}, {"name": "b"}]
    first = host_document(1, name="store-{n}", count=2)
    first["cluster"] = {"name": "store-{n}", "nodes": nodes}
    second = _member("store-{n}", "b", count=2)
    hosts = {host.name: host for host in make_scenario(first, second).hosts()}
    assert hosts["other-2"].member_of is not None
    assert hosts["other-2"].member_of.host == "store-2"


@pytest.mark.parametrize(("host", "node", "more", "words"), [
    ("store-9", "b", {}, "no host of this file with a cluster"),
    ("other-1", "b", {}, "no host of this file with a cluster"),
    ("store-1", "a", {}, "one of its nodes after the first expected (b)"),
    ("store-1", "z", {}, "one of its nodes after the first expected (b)"),
    ("store-1", "b", {"cluster": {"name": "own"}}, "leave out `cluster`"),
    ("store-1", "b", {"managementMode": "central"}, "leave out `cluster`"),
])  # fmt: skip
def test_a_member_is_another_node_of_another_hosts_cluster(
    host: str, node: str, more: Document, words: str
) -> None:
    """What could not be is refused as the file is read."""
    first = host_document(1)
    first["cluster"] = {"name": "store-1", "nodes": [{"name": "a"}, {"name": "b"}]}
    with pytest.raises(ValidationError, match=re.escape(words)):
        make_scenario(first, _member(host, node, **more))


def test_a_node_is_one_host() -> None:
    """Two hosts cannot be the same node."""
    first = host_document(1)
    first["cluster"] = {"name": "store-1", "nodes": [{"name": "a"}, {"name": "b"}]}
    again = {**_member("store-1", "b"), "name": "third", "endpoint": "https://127.0.0.1:5999"}
    with pytest.raises(ValidationError, match="two hosts are the node store-1/b"):
        make_scenario(first, _member("store-1", "b"), again)


def _member(host: str, node: str, **more: Any) -> Document:
    users = [{"username": "kairos", "password": "simulated-password"}]
    name = "other-{n}" if "count" in more else "other-1"
    made = {"name": name, "endpoint": "https://127.0.0.1:5900", "users": users}
    return {**made, "memberOf": {"host": host, "node": node}, **more}
