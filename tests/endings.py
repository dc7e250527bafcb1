"""How a scenario ends, as one text: what the status branch says, and what the servers hold."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from ruamel.yaml import YAML

from pairctl.sim import (
    Cluster,
    Effect,
    Host,
    PairingRequest,
    Palette,
    Simulation,
    ThreadedSimulation,
)
from repo_factory import git
from scenario_factory import ENDING, World

VARYING = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z)|sha256:(?P<digest>[0-9a-f]{64})|\b[0-9a-f]{40}\b"
    r"|(?P<holder>(?<=holder: )\S+-[0-9a-f]{8}\b)|\b[0-9a-f]{32}\b|\b[0-9a-f]{24}\b"
    r"|(?<=127\.0\.0\.1:)(?P<port>\d+)"
)
QUOTED = re.compile(r"'(<[^'\n]+>)'")


class EndsAs(Protocol):
    """Asserts that a world ended as the file of this name in tests/data/endings has it.

    With `is_settled`, also that one more pass writes nothing.
    """

    def __call__(
        self,
        w: World,
        name: str,
        *beside: ThreadedSimulation,
        is_settled: bool = True,
        **known: str,
    ) -> None: ...


def world_ending(w: World, *beside: ThreadedSimulation, **known: str) -> str:
    """Write how a world ended; `beside` are more simulations, `known` more ids and their names.

    Of the status branch what it means, not its bytes: those are held for each example. Times, ids
    and ports are replaced by what they are, so that the text is the same in every run.
    """
    sims = (w.running, *beside)
    servers = "".join(running.call(lambda sim: "".join(_servers(sim))) for running in sims)
    ids = {uid: label.replace("_", " ") for label, uid in known.items()}
    for number, running in enumerate(sims):
        of = " of another world" * number
        named = running.call(_ids) | _places(running.simulation)
        ids = {value: label + of for value, label in named.items()} | ids
    return masked(branch_meaning(w.files()) + servers, ids | _commits(w))


def branch_meaning(files: Mapping[str, bytes]) -> str:
    """Write what a status branch says: phases and reasons, claims, evidence, and its files."""
    lines = ["=== statuses"]
    for path in _below(files, "status/"):
        document = _document(files[path])
        is_rollout = document["kind"] == "RolloutStatus"
        lines += _rollout_lines(document) if is_rollout else _status_lines(document)
    lines += [
        "=== claims",
        *(_claim_line(_document(files[path])) for path in _below(files, "claims/")),
    ]
    lines += ["=== evidence"]
    lines += [_evidence_line(_document(files[path])) for path in _below(files, "evidence/")]
    lines += ["=== observed", *_below(files, "observed/")]
    _, _, unnamed = files.get("STATUS.md", b"").decode().partition("## Pairing requests that no")
    rows = [line for line in unnamed.splitlines() if line.startswith("| ")][2:]
    return "\n".join([*lines, "=== requests that no intent names", *rows]) + "\n"


def _below(files: Mapping[str, bytes], folder: str) -> list[str]:
    return sorted(path for path in files if path.startswith(folder))


def _document(content: bytes) -> dict[str, Any]:
    return dict(YAML(typ="safe").load(content))


def _status_lines(document: dict[str, Any]) -> Iterator[str]:
    status = document["status"]
    request = f", request {status['pairingUid']}" if status.get("pairingUid") else ""
    yield f"{document['metadata']['name']}: {status['phase']} ({status['reason']}){request}"
    for one in status.get("profiles", ()):
        yield f"  with {one['name']} {one['version']}"
    for name in ("sent", "refused", "declined"):
        if name in status:
            yield f"  {name}: {', '.join(f'{k} {v}' for k, v in sorted(status[name].items()))}"
    for one in status["conditions"]:
        # Of a cluster that is not paired Palette has no health to tell: no news in any ending.
        is_silent = one["reason"] in ("NotPaired", "NotObserved")
        if one["status"] != "True" and not (one["type"] == "HealthyInPalette" and is_silent):
            yield f"  {one['type']} is {one['status']} ({one['reason']})"


def _rollout_lines(document: dict[str, Any]) -> Iterator[str]:
    status = document["status"]
    yield f"rollout {document['metadata']['name']}: {status['phase']}"
    for one in status["waves"]:
        yield f"  {one['name']}: {dict(sorted(one['counts'].items()))} of {one['size']}"


def _claim_line(document: dict[str, Any]) -> str:
    claim = document["claim"]
    return f"to {claim['action']} {claim.get('pairingUid', 'nothing yet')} of {claim['cluster']}"


def _evidence_line(document: dict[str, Any]) -> str:
    evidence = document["evidence"]
    state = "paired" if "pairedAt" in evidence else "accepted"
    return f"{evidence['cluster']} by {evidence['pairingUid']} for {evidence['intent']}: {state}"


def branch_text(files: Mapping[str, bytes]) -> str:
    """Write the files of a status branch below each other."""
    return "".join(f"=== {path}\n{files[path].decode()}" for path in sorted(files))


def masked(text: str, known: Mapping[str, str] | None = None) -> str:
    """Replace what differs from run to run: by its name where it is known, else by what it is.

    Digests are numbered as they appear, so that two that are equal still are.
    """
    for value, label in (known or {}).items():
        text = re.sub(rf"\b{re.escape(value)}\b", f"<{label}>", text)
    digests: dict[str, int] = {}

    def label(found: re.Match[str]) -> str:
        if found["digest"]:
            return f"<digest {digests.setdefault(found['digest'], len(digests) + 1)}>"
        names = ("time", "port", "holder")
        return next((f"<{name}>" for name in names if found[name]), "<id>")

    # YAML quotes an id whenever it could be read as a number, which is a matter of luck.
    return QUOTED.sub(r"\1", VARYING.sub(label, text))


def _ids(sim: Simulation) -> dict[str, str]:
    """Name clusters, pairing requests and profiles."""
    found = {
        host.cluster.uid: f"cluster {name}" for name, host in sim.hosts.items() if host.cluster
    }
    sent: dict[str, int] = {}
    for effect in sim.journal.effects_of("request"):
        name = effect.details["name"]
        sent[name] = sent.get(name, 0) + 1
        found[effect.pairing_uid] = f"request {sent[name]} of {name}"
    found |= {one.uid: f"{one.name} in Palette" for one in sim.palette.clusters}
    scopes = (None, *(project.uid for project in sim.palette.access.projects))
    for profile in (one for scope in scopes for one in sim.palette.catalog.visible_from(scope)):
        found |= {v.uid: f"profile {profile.name} {v.version}" for v in profile.versions}
    return found


def _places(sim: Simulation) -> dict[str, str]:
    """Name the servers by the ports that the scenario declares for them."""
    return {
        address.endpoint.removeprefix("https://"): f"at {declared.rpartition(':')[2]}"
        for declared, address in sim.addresses.items()
    }


def _commits(w: World) -> dict[str, str]:
    """Name the operators' commits by their number on main."""
    ids = git(w.box.bare, "rev-list", "--reverse", "main").split()
    return {commit: f"commit {number}" for number, commit in enumerate(ids, 1)}


def _servers(sim: Simulation) -> Iterator[str]:
    yield "=== edge hosts\n"
    for host in sim.hosts.values():
        yield f"{host.name}: {_host(host)}\n"
    palette = sim.palette
    yield "=== pairing requests in Palette\n"
    for request in sorted(palette.requests, key=_sender):
        yield f"{request.uid} of {_sender(request)}: {palette.state_of(request)}\n"
    yield "=== clusters in Palette\n"
    for cluster in sorted(palette.clusters, key=lambda one: one.name):
        yield _cluster(palette, cluster)
    yield "=== done for good, by cluster\n"
    for name, effects in _by_cluster(sim).items():
        yield f"{name}: {', '.join(f'{one.kind} {one.pairing_uid}' for one in effects)}\n"


def _host(host: Host) -> str:
    """Tell what a host believes; looking at its mode lets it learn, so the request goes first."""
    pairing = host.pairing
    told = "no pairing request"
    if pairing:
        words = f" ({pairing.message})" if pairing.message else ""
        told = f"{pairing.uid} to {pairing.target.endpoint} is {pairing.status}{words}"
    return f"{told}, managed {'locally' if host.management_mode == 'local' else 'centrally'}"


def _sender(request: PairingRequest) -> str:
    return request.application.cluster_name


def _cluster(palette: Palette, cluster: Cluster) -> str:
    lines = [f"{cluster.name} from {cluster.pairing_uid}"]
    lines += [f"  tags: {dict(cluster.labels)}", f"  annotations: {dict(cluster.annotations)}"]
    for choice in cluster.choices:
        found = palette.catalog.version(choice.uid)
        assert found is not None
        profile, version = found
        values = f"variables {dict(choice.variables)}, values of {list(choice.pack_names)}"
        lines.append(f"  {profile.name} {version.version}: {values}")
    return "\n".join(lines) + "\n"


def _by_cluster(sim: Simulation) -> dict[str, list[Effect]]:
    names = {host.cluster.uid: name for name, host in sim.hosts.items() if host.cluster}
    done: dict[str, list[Effect]] = {}
    for effect in sim.journal.effects_of(*ENDING):
        done.setdefault(names.get(effect.cluster_uid, effect.cluster_uid), []).append(effect)
    return dict(sorted(done.items()))
