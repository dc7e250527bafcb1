"""The transcript of a pairing: every exchange and every answer of the person, to be given away."""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pairctl import __version__
from pairctl.apis import Exchange, path_source
from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import API_VERSION, PairingRoutes
from pairctl.text import each_text, prose

FORMATS = ("md", "json")


@dataclass
class Transcript:
    """What happened, in order: titles of steps, notes, and exchanges as they are filled in."""

    intent: str
    is_dry_run: bool
    started_at: datetime
    routes: PairingRoutes
    entries: list[tuple[str, str | Exchange]] = field(default_factory=list)
    result: dict[str, str] = field(default_factory=dict)
    routes_block: tuple[str, ...] = ()

    def document(self, clean: Callable[[str], str]) -> dict[str, Any]:
        """Return the transcript as data, each text cleaned of all secrets known by now."""
        document = {
            "apiVersion": API_VERSION,
            "kind": "PairingTranscript",
            "pairctl": __version__,
            "intent": self.intent,
            "isDryRun": self.is_dry_run,
            "startedAt": self.started_at.isoformat(timespec="seconds"),
            "entries": [self._entry(kind, one) for kind, one in self.entries],
            "result": self.result,
            "routes": list(self.routes_block),
        }
        cleaned: dict[str, Any] = each_text(document, clean)
        return cleaned

    def _entry(self, kind: str, one: str | Exchange) -> dict[str, Any]:
        if isinstance(one, str):
            return {kind: one}
        problem = one.problem
        return {
            "number": one.number,
            "operation": str(one.operation),
            "method": one.route.method,
            "path": one.path,
            "endpoint": one.endpoint,
            "pathIs": str(path_source(one.route, self.routes)),
            "query": dict(one.query),
            "headers": dict(one.headers),
            "sent": one.sent,
            "status": one.status,
            "contentType": one.content_type,
            "sizeBytes": one.size_bytes,
            "answer": one.answered,
            "understood": one.understood,
            "problem": {"reason": problem.reason, "message": problem.message} if problem else None,
        }


def transcript_files(folder: Path, name: str) -> dict[str, Path]:
    """Return where the transcript of an intent goes, by format."""
    return {kind: folder / f"pairing-{name}.{kind}" for kind in FORMATS}


def refuse_existing(files: Mapping[str, Path]) -> None:
    """Refuse to write over a file. Raises ConfigurationError."""
    for file in files.values():
        if file.exists():
            raise ConfigurationError(
                Problem(
                    "TranscriptExists",
                    f"{file} exists",
                    "name another folder with --transcript, or write over it with --overwrite",
                )
            )


def write_transcript(
    files: Mapping[str, Path], transcript: Transcript, clean: Callable[[str], str]
) -> None:
    """Write both files; they can be read by their owner alone. Raises OSError."""
    document = transcript.document(clean)
    texts = {
        "json": json.dumps(document, indent=2, ensure_ascii=False) + "\n",
        "md": "\n".join(_markdown(document)) + "\n",
    }
    for kind, file in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        beside = file.with_name(f".{file.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            out.write(texts[kind])
        beside.replace(file)


def _markdown(document: Mapping[str, Any]) -> Iterator[str]:
    how = "a dry run" if document["isDryRun"] else "step by step"
    yield f"# Pairing of {prose(document['intent'])}, {how}"
    yield ""
    yield f"pairctl {document['pairctl']}, {document['startedAt']}. Secrets are masked; of answers,"
    yield "what pairctl does not read is told by its shape. Names, addresses and uids are in it."
    for entry in document["entries"]:
        yield ""
        if "number" in entry:
            yield from _exchange(entry)
        elif "step" in entry:
            yield f"## {prose(entry['step'])}"
        else:
            ((kind, text),) = entry.items()
            yield f"*{kind}:* {prose(text)}"
    result = document["result"]
    if result:
        yield from ("", "## Result", "")
        yield f"{result['phase']} ({result['reason']}): {prose(result['message'])}"
    yield from ("", "## Routes", "", "```yaml", *map(_fenced, document["routes"]), "```")


def _exchange(entry: Mapping[str, Any]) -> Iterator[str]:
    query = "?" + "&".join(f"{k}={v}" for k, v in entry["query"].items()) if entry["query"] else ""
    yield f"### {entry['number']}. {prose(entry['operation'])}"
    yield ""
    yield f"`{_fenced(entry['method'])} {_fenced(entry['path'] + query)}` at"
    yield f"{prose(entry['endpoint'])} (path: {entry['pathIs']})"
    if entry["headers"]:
        yield from (
            "",
            "Headers: " + prose(", ".join(f"{k}: {v}" for k, v in entry["headers"].items())),
        )
    if entry["sent"] is not None:
        yield from ("", "Sent:", "", "```json", *_json(entry["sent"]), "```")
    kind = prose(entry["contentType"])
    yield ""
    yield f"Answered: {entry['status'] or 'nothing'}, {entry['sizeBytes']} bytes, {kind}"
    if entry["answer"] is not None:
        yield from ("", "```json", *_json(entry["answer"]), "```")
    if entry["understood"]:
        yield from ("", f"Understood: {prose(entry['understood'])}")
    if problem := entry["problem"]:
        yield from ("", f"Problem: {prose(problem['reason'])}: {prose(problem['message'])}")


def _json(value: Any) -> list[str]:
    """Return JSON in lines that no code fence ends at."""
    return [_fenced(line) for line in json.dumps(value, indent=1, ensure_ascii=False).split("\n")]


def _fenced(line: str) -> str:
    return line.replace("`", "\\u0060")
