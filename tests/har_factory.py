"""Recordings as browsers save them: the shapes of the simulator's answers, with random values."""

import base64
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]

LIST = "/v1/dashboard/clusterpairs/metadata"
ONE = "/v1/clusterpairs/{pairingUid}"
ACCEPT = "/v1/spectroclusters/edge-native/pair"
VALIDATE = "/v1/spectroclusters/edge-native/pair/validate"
ORIGIN = "https://palette.example"


@dataclass
class Browser:
    """Records what an operator does in Palette's console. All that is secret is a canary."""

    rng: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - not for cryptography
    origin: str = ORIGIN
    is_base64: bool = False
    has_content: bool = True
    canaries: list[str] = field(default_factory=list)
    entries: list[Document] = field(default_factory=list)
    pairing_uid: str = ""

    def __post_init__(self) -> None:
        self.pairing_uid = self.canary()

    def canary(self) -> str:
        """Make a value that is to be seen nowhere."""
        made = f"{self.rng.getrandbits(96):024x}"
        self.canaries.append(made)
        return made

    def call(
        self, method: str, path: str, status: int = 200, sent: Any = None, answer: Any = None
    ) -> "Browser":
        """Record one exchange; `{pairingUid}` in the path is filled in."""
        url = self.origin + path.replace("{pairingUid}", self.pairing_uid)
        request: Document = {
            "method": method,
            "url": f"{url}?token={self.canary()}#{self.canary()}",
            "httpVersion": "HTTP/2",
            "headers": self._headers("Authorization", "ApiKey", "ProjectUid"),
            "queryString": [{"name": "token", "value": self.canary()}],
            "cookies": [{"name": "session", "value": self.canary()}],
        }
        if sent is not None:
            request["postData"] = {"mimeType": "application/json", "text": json.dumps(sent)}
        response = {
            "status": status,
            "statusText": self.canary(),
            "headers": self._headers("Set-Cookie", "ETag"),
            "cookies": [{"name": "session", "value": self.canary()}],
            "content": self._content(answer),
            "redirectURL": self.canary(),
        }
        entry = {"startedDateTime": "2026-01-02T03:04:05.678Z", "time": 12.5, "cache": {}}
        self.entries.append({**entry, "request": request, "response": response})
        return self

    def list_requests(self, path: str = LIST, **changes: Any) -> "Browser":
        """Open the list of pairing requests."""
        uids = [self.canary(), self.pairing_uid]
        items = [{"name": self.canary(), "pairingUid": uid, "state": "Pending"} for uid in uids]
        body = {"filter": {"state": {"eq": self.canary()}}}
        return self.call("POST", path, sent=body, answer={"items": items}, **changes)

    def open_request(self, path: str = ONE, **changes: Any) -> "Browser":
        """Open a pairing request."""
        spec = {
            "profiles": [{"name": self.canary(), "packs": []}],
            "machinepoolconfig": [{"name": self.canary()}],
            "registrationToken": self.canary(),
        }
        answer = {"metadata": {"name": self.canary()}, "spec": spec, "status": {"state": "Pending"}}
        return self.call("GET", path, answer=answer, **changes)

    def acceptance(self) -> Document:
        """Make what is sent to accept the request."""
        spec = {"pairingUid": self.pairing_uid, "profiles": [{"uid": self.canary()}]}
        return {"metadata": {"name": self.canary(), "labels": {"a": self.canary()}}, "spec": spec}

    def accept(
        self, path: str = ACCEPT, validate: str = VALIDATE, body: Any = None, **changes: Any
    ) -> "Browser":
        """Accept the request; what is accepted is validated before, if there is a path for it."""
        sent = body or self.acceptance()
        if validate:
            results = {"results": [{"name": self.canary(), "errors": []}]}
            verdict = {"profiles": [{"packs": results}], "machinePools": {"results": []}}
            self.call("POST", validate, sent=sent, answer=verdict)
        created = {"status": 201, "answer": {"uid": self.canary()}}
        return self.call("POST", path, sent=sent, **(created | changes))

    def reject(self, path: str = ONE, method: str = "DELETE") -> "Browser":
        """Reject the request."""
        return self.call(method, path, 204)

    def wander(self) -> "Browser":
        """Do what else a console does: lists, profiles, assets, failures."""
        packs = [{"name": self.canary(), "version": "1.0.0"}]
        profile = {"metadata": {"uid": self.canary()}, "spec": {"published": {"packs": packs}}}
        self.call("GET", f"/v1/clusterprofiles/{self.canary()}", answer=profile)
        self.call("POST", "/v1/dashboard/clusterprofiles", sent={}, answer={"items": [profile]})
        self.call("POST", LIST, 403, sent={}, answer={"code": self.canary(), "message": "no"})
        self.call("OPTIONS", ACCEPT, 204)
        return self.call("GET", f"/assets/{self.canary()}.js", answer=self.canary())

    def pair(self) -> "Browser":
        """Pair a cluster from beginning to end, and reject another."""
        self.wander().list_requests().open_request().wander().accept().wander()
        return self.reject()

    def save(self, **changes: Any) -> bytes:
        """Save the recording."""
        creator = {"name": self.canary(), "version": "1"}
        log = {"version": "1.2", "creator": creator, "entries": self.entries, **changes}
        return json.dumps({"log": log}).encode()

    def _headers(self, *names: str) -> list[Mapping[str, str]]:
        return [{"name": name, "value": self.canary()} for name in names]

    def _content(self, answer: Any) -> Document:
        if answer is None or not self.has_content:
            return {"size": 0, "mimeType": "application/json"}
        text = json.dumps(answer)
        if self.is_base64:
            coded = base64.b64encode(text.encode()).decode()
            return {"size": len(text), "text": coded, "encoding": "base64"}
        return {"size": len(text), "mimeType": "application/json", "text": text}
