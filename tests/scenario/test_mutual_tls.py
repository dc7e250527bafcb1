"""Servers that let nobody in without a client certificate: the status says what it is."""

from pathlib import Path

import pytest

from doctor_factory import PALETTE as PALETTE_CHECKS
from doctor_factory import look
from scenario_factory import quick_palette, world
from sim_factory import host_document

VERSIONS = ["1.2", "1.3"]


def shut(version: str) -> dict[str, str]:
    """Describe how such a server speaks TLS."""
    return {"version": version, "clientCertificate": "Required"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_host_that_wants_a_client_certificate_is_blocked_with_the_cause(
    tmp_path: Path, version: str
) -> None:
    """The reason, what a person does, and `doctor` say it; another host goes its way."""
    hosts = [host_document(1, tls=shut(version)), host_document(2)]
    with world(tmp_path, *hosts, fleet=lambda w: [w.intent(1), w.intent(2)]) as w:
        w.apply()
        assert w.told() == ("Blocked", "ClientCertificateRequired")
        status = w.status()
        assert "client certificate" in status["message"]
        assert "without one" in status["humanAction"]
        assert w.told("store-2") == ("Paired", "Paired")
        failed = dict(look(w, "store-1", hosts=True).failed)
        assert failed == {"host/store-1": "tls" if version == "1.2" else "login"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_palette_that_wants_a_client_certificate_blocks_its_intents(
    tmp_path: Path, version: str
) -> None:
    """The same word for Palette; the host is not even asked to do anything."""
    with world(tmp_path, palette=quick_palette(tls=shut(version))) as w:
        w.apply()
        assert w.told() == ("Blocked", "ClientCertificateRequired")
        assert w.kinds() == []
        failed = look(w).failed
        assert failed == [(PALETTE_CHECKS, "tls" if version == "1.2" else "api-key")]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_server_of_one_version_of_tls_is_paired_as_any(tmp_path: Path, version: str) -> None:
    """Without the demand there is nothing to tell."""
    with world(tmp_path, host_document(1, tls={"version": version})) as w:
        w.apply()
        assert w.told() == ("Paired", "Paired")
