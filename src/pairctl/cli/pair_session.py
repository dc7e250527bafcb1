"""The conversation of `pairctl pair`: every exchange shown, and a person asked before each step."""

import json
import textwrap
from dataclasses import dataclass, field
from typing import Any

from pairctl.apis import Exchange, path_source
from pairctl.cli.routes_advice import RouteNotes, advice, routes_block
from pairctl.cli.screen import Screen
from pairctl.cli.terminal import Terminal
from pairctl.cli.transcript import Transcript
from pairctl.engine import Acted, Decided, Event, OutageBegan, Preview, Recorded
from pairctl.pairing import Decision
from pairctl.spec import Acceptance
from pairctl.text import MASK

ANSWER_LINES = 14
"""How many lines of an answer are shown; the transcript has all."""

WIDTH = 80

_BEFORE = {
    "request": "The host sends a pairing request to Palette. While it is not accepted it can be"
    " withdrawn: in Local UI, or with `desired: Local` in the intent.",
    "accept": "THIS CANNOT BE UNDONE. The cluster will be managed centrally; there is no way back"
    " to local management.",
    "withdraw": "The pending request is taken back. Another one can be sent later.",
    "reject": "The pending request is rejected in Palette. Another one can be sent later.",
}


@dataclass
class PairSession:
    """Shows and asks; it is the gate of the run, and hears of its exchanges and events.

    Without a `terminal` it only shows. What is long is shown in part, and whole in the transcript,
    where that `is_kept`.
    """

    name: str
    screen: Screen
    transcript: Transcript
    terminal: Terminal | None = None
    is_kept: bool = True
    notes: RouteNotes = field(default_factory=RouteNotes)
    is_left: bool = False
    _step: int = 0
    _shown: dict[tuple[str, str], Any] = field(default_factory=dict)
    _waited_for: str = ""
    _decided: str = ""

    # What is heard

    def __call__(self, event: Event) -> None:
        """Hear of an event of the engine."""
        match event:
            case Decided(_, decision):
                self.tell_decision(decision)
            case Acted(_, action, outcome, message):
                self.note(f"{action}: {outcome}" + (f": {message}" if message else ""))
            case Recorded(commit) if commit:
                self.note(f"recorded on the status branch: {commit[:7]}")
            case OutageBegan(problem):
                self.note(f"not on record yet, tried again for a while: {problem.message}")
            case _:
                pass

    def sending(self, exchange: Exchange) -> None:
        """Show a call before it is sent."""
        self.transcript.entries.append(("exchange", exchange))
        query = "&".join(f"{name}={value}" for name, value in exchange.query.items())
        path = f"{exchange.path}?{query}" if query else exchange.path
        self._line(f"#{exchange.number} {exchange.route.method} {path}", "bold")
        source = path_source(exchange.route, self.transcript.routes)
        self._words(f"{exchange.operation} at {exchange.endpoint}; path: {source}", 3, "dim")
        if exchange.sent is not None:
            self._body("sent", exchange.sent)

    def answered(self, exchange: Exchange) -> None:
        """Show an answer as it came."""
        key = (exchange.endpoint, f"{exchange.operation} {exchange.path}")
        is_same = self._shown.get(key) == (exchange.status, exchange.answered)
        self._shown[key] = (exchange.status, exchange.answered)
        words = f"answered {exchange.status}, {exchange.size_bytes} bytes"
        if exchange.answered is None or is_same:
            self._words(words + (", the same as before" if is_same else ""), 3)
        else:
            self._body(words, exchange.answered, ANSWER_LINES)

    def judged(self, exchange: Exchange) -> None:
        """Show how an answer was read."""
        self.notes.note(exchange)
        if exchange.problem:
            problem = exchange.problem
            self._words(f"not understood: {problem.reason}: {problem.message}", 3, "yellow")
        else:
            self._words(f"understood: {exchange.understood}", 3, "dim")

    # What is asked

    async def may_look(self) -> bool:
        """Ask before the first look."""
        self._begin("look")
        self._words(
            "Both sides are read: Palette's lists, and the host with its cluster. A login at Local"
            " UI is part of it. Nothing is changed. Each request is shown before it is sent.",
            0,
        )
        return await self._is_yes("Look?")

    async def permits(self, decision: Decision, preview: Preview) -> bool:
        """Show the very request, and ask; twice before what cannot be undone."""
        if not self.may_go_on():
            self.note("stopped before the next step: a path did not work, see below")
            return False
        action = preview.action
        self._begin(str(action))
        self.show_preview(preview)
        self._words(
            "Before it is sent, a claim is published on the status branch and both sides are looked"
            " at once more; if anything differs, it is not sent.",
            0,
        )
        self._words(_BEFORE[action.verb], 0, "bold red" if action.is_one_way else "")
        if not await self._is_yes(f"{str(action.verb).capitalize()}?"):
            return False
        return not action.is_one_way or await self._is_named(decision)

    async def has_patience(self, decision: Decision, wait_s: float) -> bool:
        """Show what is waited for, and wait; `q` and Enter leave."""
        words = decision.verdict.waiting_for or decision.verdict.message
        if words != self._waited_for:
            self._waited_for = words
            self.note(f"waiting for: {words}")
            self._words(f"looking again every {wait_s:g} s; to leave, type q and Enter", 0, "dim")
        self.is_left = self.terminal is None or await self.terminal.is_left(wait_s)
        if self.is_left:
            self.note("left while waiting; nothing is taken back")
        return not self.is_left

    def may_go_on(self) -> bool:
        """Whether no path of Palette's failed; a Palette of `acceptance: Console` needs none."""
        return not self.notes.failed or self._acceptance is Acceptance.CONSOLE

    # How it ends

    def finish(self) -> None:
        """Show what became of the paths, and what to do about those that failed."""
        block = tuple(routes_block(self.notes))
        self.transcript.routes_block = block
        self._line("")
        if self.notes.failed:
            for line in advice(self.notes):
                self._words(line, len(line) - len(line.lstrip()), "yellow")
        elif self.notes.worked:
            self._words("These paths worked; this goes into `spec` of the operator's file:", 0)
        else:
            return
        for line in block:
            self.screen.line(line)

    def show_preview(self, preview: Preview) -> None:
        """Show a request that would be sent."""
        source = path_source(preview.route, self.transcript.routes)
        self.note(f"to send: {preview.route.method} {preview.path} at {preview.endpoint}")
        self._words(f"path: {source}", 3, "dim")
        if preview.body is not None:
            self._body("body", preview.body)
            self.transcript.entries.append(("body", json.dumps(preview.body, ensure_ascii=False)))

    def note(self, text: str) -> None:
        """Show a note, and keep it."""
        self.transcript.entries.append(("note", text))
        self._words(text, 0)

    # How it is shown

    _acceptance: Acceptance = Acceptance.AUTO

    def _begin(self, title: str) -> None:
        self._step += 1
        self.transcript.entries.append(("step", f"Step {self._step}: {title}"))
        self._line("")
        self._words(f"Step {self._step}: {title}", 0, "bold cyan")

    def tell_decision(self, decision: Decision) -> None:
        """Show what is decided, once: of the intent itself, or held back by a cap."""
        self._acceptance = decision.case.intent.palette.acceptance
        verdict = decision.verdict
        words = f"next: {verdict.action}" if verdict.action else verdict.message
        text = f"decided: {decision.phase} ({verdict.reason}): {words}"
        self.transcript.result = {
            "phase": decision.phase.value,
            "reason": verdict.reason,
            "message": verdict.message,
        }
        if text == self._decided:
            return
        self._decided = text
        self.note(text)
        if verdict.human_action:
            self.note(f"what a person does: {verdict.human_action}")

    async def _is_yes(self, question: str) -> bool:
        if self.terminal is None:
            return False
        while True:
            answer = await self.terminal.ask(f"{question} [y]es / [q]uit:")
            match answer.casefold() if answer is not None else "q":
                case "y" | "yes":
                    self.transcript.entries.append(("answer", f"{question} yes"))
                    return True
                case "q" | "quit" | "n" | "no":
                    self.transcript.entries.append(("answer", f"{question} quit"))
                    self.is_left = True
                    return False

    async def _is_named(self, decision: Decision) -> bool:
        name = decision.case.cluster.name if decision.case.cluster else ""
        question = f"To accept for good, type the cluster's name ({self.screen.shown(name)}):"
        answer = await self.terminal.ask(question) if self.terminal else None
        is_named = bool(name) and answer == name
        word = "given" if is_named else "not given"
        self.transcript.entries.append(("answer", f"the cluster's name: {word}"))
        if not is_named:
            self.is_left = True
            self.note("that is not the cluster's name: nothing is accepted")
        return is_named

    def _body(self, title: str, body: Any, most: int | None = None) -> None:
        if body == MASK:
            self._words(f"{title}: (hidden: a login)", 3)
            return
        lines = json.dumps(body, indent=1, ensure_ascii=False).split("\n")
        self._words(f"{title}:", 3)
        for line in lines[:most]:
            self._line(f"     {line}", "dim")
        if most is not None and len(lines) > most:
            where = ", in the transcript" if self.is_kept else ": --transcript FOLDER keeps them"
            self._words(f"… {len(lines) - most} more lines{where}", 5, "dim")

    def _words(self, text: str, indent: int, style: str = "") -> None:
        """Show words in lines of at most 80 columns."""
        shown = self.screen.shown(text.strip())
        space = " " * indent
        for line in textwrap.wrap(
            shown,
            min(self.screen.out.width, WIDTH),
            initial_indent=space,
            subsequent_indent=space,
            break_long_words=False,
            break_on_hyphens=False,
        ):
            self.screen.line(line, style)

    def _line(self, text: str, style: str = "") -> None:
        self.screen.line(text, style)
