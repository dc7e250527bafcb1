"""Endpoints that URL parsers read in two ways, through both doors: the document and the rules."""

import json

import pytest

from pairctl.secrets import Destinations, EndpointNotAllowed, target
from pairctl.spec import SourceFile, load

ANYTHING = Destinations.of_operator({"key": ["*", "0.0.0.0/0", "[::]/0"]}, endpoints=["*"])

TWO_READINGS = (
    "https://127.1",
    "https://2130706433",
    "https://0",
    "https://0x7f000001",
    "https://0x7f.1",
    "https://0177.0.0.1",
    "https://10.0.42",
    "https://10.0.42.010",
    "https://10.0.42.10.",
    "https://[::ffff:127.0.0.1]",
    "https://[::ffff:7f00:1]",
    "https://[0:0:0:0:0:0:0:1]",
    "https://[FE80::1]",
    "https://[fe80::1%eth0]",
    "https://[fe80::1%25eth0]",
    "https://[::1",
    "https://::1",
    "https://a@b",
    "https://user:word@10.0.42.10",
    "https://10.0.42.10\\@evil.example",
    "https://10.0.42.10:5080@evil.example",
    "https://10.0.42.10#@evil.example",
    "https://10.0.42.10?@evil.example",
    "https://10.0.42.10/../",
    "https://10.0.42.10:0",
    "https://10.0.42.10:70000",
    "https://10.0.42.10:",
    "https://10.0.42.10:+443",
    "https://10.0.42.10: 443",
    "https://\uff11\uff12\uff17.0.0.1",
    "https://store\u3002example",
    "https://STORE.example",
    "https://store.example\t",
    "https:store.example",
    "https:///store.example",
    "//store.example",
    "http://store.example",
)
NEVER_CALLED = (
    "https://169.254.169.254",
    "https://0.0.0.0",
    "https://0.0.0.1",
    "https://[::]",
    "https://[fe80::1]",
    "https://224.0.0.1",
    "https://metadata.google.internal",
)
ONLY_WHERE_NAMED = (
    "https://localhost",
    "https://store.localhost",
    "https://127.0.0.1",
    "https://127.0.0.2:5080",
    "https://[::1]",
)


def findings(endpoint: str) -> list[str]:
    """Give what `validate` says of a Palette at this endpoint."""
    spec = {"endpoint": endpoint, "project": "lab", "apiKey": {"secret": "key"}}
    document = {"kind": "Palette", "metadata": {"name": "one"}, "spec": spec}
    text = json.dumps({"apiVersion": "pairctl/v1alpha1", **document})
    return [str(one) for one in load([SourceFile("palette.yaml", text.encode())]).findings]


@pytest.mark.parametrize("endpoint", TWO_READINGS)
def test_what_has_two_readings_is_refused_by_the_document_and_by_the_rules(endpoint: str) -> None:
    """A pull request is told; and where nobody validated, nothing is called all the same."""
    assert findings(endpoint)
    with pytest.raises(EndpointNotAllowed):
        ANYTHING.check("key", endpoint)


@pytest.mark.parametrize("endpoint", NEVER_CALLED)
def test_what_is_never_called_is_refused_under_the_widest_rules(endpoint: str) -> None:
    """No operator can allow a metadata service by a range that was drawn too wide."""
    with pytest.raises(EndpointNotAllowed, match="never called"):
        ANYTHING.check("key", endpoint)


@pytest.mark.parametrize("endpoint", ONLY_WHERE_NAMED)
def test_this_machine_is_called_only_where_a_pattern_names_it(endpoint: str) -> None:
    """It is a legal endpoint, for simulators; `*` and ranges around it do not mean it."""
    assert findings(endpoint) == []
    with pytest.raises(EndpointNotAllowed):
        ANYTHING.check("key", endpoint)
    Destinations.of_operator({"key": [target(endpoint).host]}).check("key", endpoint)
