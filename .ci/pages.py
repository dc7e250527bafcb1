#!/usr/bin/env python3
"""Writes what the documentation takes from the code, or with `--check` says what is not current.

Some pages are written whole; others have what is written between two marks.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer

from pairctl.cli.app import COMMANDS, app
from pairctl.cli.field_lookup import guide_of_kind
from pairctl.cli.log_catalogue import EVENTS
from pairctl.cli.settings import long_name, shared_options
from pairctl.glossary import (
    CONDITIONS,
    GROUPS,
    PHASES,
    ROLLOUT_PHASES,
    Group,
    Lesson,
    Reason,
    lesson_of,
)
from pairctl.pairing import TABLES, Truth
from pairctl.spec import KINDS, Code, FieldGuide

ROOT = Path(__file__).parents[1]
LOG_OPTIONS = frozenset({"--log-level", "--log-format"})
UNLISTED = frozenset({"--install-completion", "--show-completion", "--help"})
GENERATED = "<!-- Written by `make schemas` from {}; changes belong there. -->"

CODES = """\
# The codes of findings

What `pairctl validate` may find in documents. An **error** refuses its document, and what refers
to it; a **warning** or an **info** refuses nothing. A code never changes its meaning: tools may
build on it. `pairctl explain CODE` shows the same in a terminal.

The examples are whole files. They refer to the Palettes `production` and `lab`, and to the
ProfileMatch `retail-split` for `production`; everything else stands in them."""

STATUSES = """\
# What a status says

pairctl writes a status for every intent, on the branch `pairctl-status`: a phase with its reason,
what it waits for, what a person does, and conditions. It is written from what each pass
sees, and changes only where something did; nothing in it ticks. `pairctl explain WORD` shows each
word in a terminal.

[Phases](#phases) · [Phases of rollouts](#phases-of-rollouts) · [Conditions](#conditions) ·
[Reasons](#reasons)"""

CONDITIONS_NOTE = """\
They follow the Kubernetes conventions; `lastTransitionTime` changes only when `status` does, and
`observedGeneration` is the hash of the intent with all that it refers to, as it was judged."""

REASONS_NOTE = """\
`reason` is one word, beside a phase and in each condition. The condition `Ready` always has the
reason of the phase; where other conditions can have the word too, they are named. `message`,
`waitingFor` and `humanAction` tell the case at hand: which layer, which node, which secret."""


KINDS_PAGE = """\
# The kinds of documents

What a repository holds: YAML files with any number of documents, each of one kind. Unknown fields
are refused. [examples/valid](../examples/valid) shows every field, [schemas](../schemas) are for
editors, and `pairctl explain KIND.spec` tells the same in a terminal. Not in the repository lie
[the operator's file](operator.md), [your configuration file](config.md) and
[simulations](simulation.md)."""

COMMANDS_PAGE = """\
# All commands

`pairctl COMMAND --help` tells the same. Each option has a variable of the environment; what several
commands share may also stand in [your configuration file](config.md), and `pairctl config` shows
what holds. `validate`, `doctor`, `plan`, `apply`, `status`, `explain`, `evidence`, `inventory` and
`config` take `-o json`: each result says its `apiVersion` and `kind`, and those of `plan` and
`validate` have a [schema](../schemas). In all of them `commit` is the one that the result is about
(`sourceCommit` of a status the one that brought this state of its intent), `humanAction` what a
person does about an intent, and `hint` about a finding, an error or a check. `pairctl
--install-completion` sets up your shell (bash, zsh, fish): it completes commands, options, names of
intents, kinds and fields."""

EXIT_CODES = """\
## Exit codes

| code | when |
| --- | --- |
| 0 | fine, nothing to do |
| 1 | an error, a wrong option too; a `--timeout` that ran out; a Palette that could not be \
looked at, where nothing else says more (`plan`, `apply`, `pair`), or in any case (`discover`); \
what is on record and cannot be read (`status`, `evidence`, `report`); schemas that are not \
current (`schema --check`); a cluster that did not end as it should (`demo`) |
| 2 | there is something to do, or under way, also where something is blocked as well (`plan`, \
`pair --dry-run`); findings (`validate`) |
| 3 | something is blocked: it goes on only if a person, or the world, does something (`plan`, \
`apply`, `pair`, which ends so too where a step was not permitted, or the run was left); a file or \
document is refused (`plan`, `apply`, `discover`, `approve`, `expand`); it is not known what is to \
do, as of a site that no pass has seen (`plan --offline`); something does not match, \
or is not seen yet (`explain`), cannot be exported (`export`), failed (`doctor`), is not verified \
(`evidence --verify`), or is missing in the recording (`routes`); a row was not reached, shows \
another certificate, or matches nothing (`inventory`) |
| 4 | `watch` has not looked for longer than `status --max-age` says, or when it has is not known |
| 130, 143 | after Ctrl-C, after SIGTERM |

`status` only shows: what is blocked is no other code. `watch` ends with 0 when it is told to. For
who knows Terraform: 0 and 2 of `plan` are those of `-detailed-exitcode`, and need no option; in
Atlantis, or a CI that stops at any other code than 0, let 2 and 3 pass, as `action.yml` does."""

SELECTION = """\
## Which intents

`plan`, `apply`, `status`, `validate`, `explain`, `approve`, `report` and `export` take names of
intents, or `-l`, a selector of their labels as Kubernetes has it (`region=emea,wave in
(1,2),!retired`). An `apply` for some counts duplicates and caps over all, and leaves what is on
record of the others. What several intents have in common is shown once, with their names; `--all`
shows each."""

REPOSITORY = """\
## Which repository, and which commit

`-r` is a path or a clone URL, with `--ref` and `--path`. It is read from the commit, never from the
work tree; what is not committed is not there, and `plan` and `apply` say so. In a clone, `plan`
reads the clone's own commit, and says which branch that is and whether it is pushed; `apply` and
`watch` carry out what is *merged*: the branch that is checked out (or `--ref`) as the remote
(`--remote`, `origin`) has it, fetched, and never a commit that the remote has on no branch or tag.
`--local` lets them carry out what is only in the clone. `status`, `plan --offline`, `explain`,
`approve`, `evidence`, `report` and `export` fetch the status branch if they can; else they take it
as the clone has it, and say so. Only `validate` takes a folder as it lies there, or a commit with
`--ref`.

Git's configuration, the clone's and yours, may have another URL in place of the remote's
(`url.<base>.insteadOf`, `pushInsteadOf`). pairctl follows it to the same path of the same host: to
a login, or between https and ssh. Anywhere else it does not go, and says so, with the URL that it
uses.

A file counts where one of its documents names an apiVersion of pairctl, or nearly does; all others
are another tool's, and nothing is said of them. `.pairctlignore` at the top of the repository, in
the syntax of `.gitignore`, leaves out files that would count, such as examples. It takes nothing
back: an ignored intent that has a status, or a set with such a row, is said to be ignored, and
nothing is done for it. An inventory counts where a set names it, whatever the list says."""


def main() -> None:
    """Write, or with `--check` compare."""
    pages = dict(all_pages())
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    elif stale := [path for path, text in pages.items() if read(path) != text]:
        names = ", ".join(str(path.relative_to(ROOT)) for path in stale)
        sys.exit(f"{names}: not what the code says; run `make schemas`")


def read(path: Path) -> str:
    """Return a page as it is; empty where there is none."""
    return path.read_text("utf-8") if path.exists() else ""


def all_pages() -> Iterator[tuple[Path, str]]:
    """Yield each page's path, and the text that it should have."""
    yield between("ARCHITECTURE.md", "tables", decision_tables())
    yield ROOT / "docs/codes.md", page("src/pairctl/spec/codes.py and glossary/lessons", codes())
    yield ROOT / "docs/statuses.md", page("src/pairctl/glossary", statuses())
    yield ROOT / "docs/kinds.md", page("src/pairctl/spec", kinds())
    yield ROOT / "docs/commands.md", page("src/pairctl/cli", commands())
    yield between("docs/operator.md", "fields", fields_of("Operator"))
    yield between("docs/config.md", "fields", fields_of("Config"), "variables", variables())
    yield between("docs/watch.md", "events", log_events())
    yield between("docs/simulation.md", "fields", fields_of("Simulation"))


def between(name: str, *parts: str) -> tuple[Path, str]:
    """Return a page's path, and the page with texts between the marks of its parts.

    `parts` are the name of a part and its text, in turns.
    """
    text = read(ROOT / name)
    for what, part in zip(parts[::2], parts[1::2], strict=True):
        begin, end = f"<!-- {what}: begin -->", f"<!-- {what}: end -->"
        before, rest = text.split(begin)
        text = f"{before}{begin}\n\n{part}\n\n{end}{rest.split(end)[1]}"
    return ROOT / name, text


def page(source: str, parts: Iterable[str]) -> str:
    """Return a page of parts, headed by where its text comes from."""
    return "\n\n".join([GENERATED.format(source), *parts]) + "\n"


def table(*rows: Iterable[str]) -> str:
    """Return a table; the first row is its head."""
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * lines[0].count(" | ") + " --- |", *lines[1:]])


# ── ARCHITECTURE.md ──────────────────────────────────────────────────────────────────────────────


def decision_tables() -> str:
    """Return all decision tables as Markdown."""
    parts = []
    for desired, rules in TABLES.items():
        rows = [(rule.observed, rule.decision) for rule in rules]
        parts += [f"### `desired: {desired}`", table(("observed", "decision"), *rows)]
    return "\n\n".join(parts)


# ── fields ───────────────────────────────────────────────────────────────────────────────────────


def kinds() -> Iterator[str]:
    """Yield the parts of the page of kinds: what all share, then each with its fields."""
    yield KINDS_PAGE
    shown = [kind for kind in KINDS if kind != "Operator"]
    yield " · ".join(f"[{kind}](#{kind.lower()})" for kind in shown)
    yield "## Every document"
    head = [one for one in guide_of_kind(shown[0]).below() if "spec" not in one.path]
    yield fields_table(one for one in head if one.name != "kind")
    for kind in shown:
        guide = guide_of_kind(kind)
        yield f"## {kind}"
        yield guide.description
        yield fields_of(kind)


def fields_of(kind: str) -> str:
    """Return the fields of a kind's `spec`: a table for each mapping, below its path."""
    spec = guide_of_kind(kind).field("spec")
    assert spec is not None
    return "\n\n".join(field_parts(spec))


def field_parts(field: FieldGuide) -> Iterator[str]:
    """Yield the parts of a field and all below it."""
    path = ".".join(field.path[1:])
    yield f"### {field.path[0]}: `{path}`"
    yield sentences([field.description.removesuffix("."), *field.rules])
    yield fields_table(field.fields)
    for one in field.fields:
        if one.fields:
            yield from field_parts(one)


def fields_table(fields: Iterable[FieldGuide]) -> str:
    """Return a table of fields: name, type, whether it is needed, and what it is for."""
    rows = [
        (
            f"`{'.'.join(one.path[1:]) if 'spec' not in one.path else one.name}`",
            cell(one.type),
            "yes" if one.is_required else "",
            cell(sentences([one.description.removesuffix("."), *field_facts(one)])),
        )
        for one in fields
    ]
    return table(("field", "type", "needed", "what it is"), *rows)


def field_facts(field: FieldGuide) -> Iterator[str]:
    """Yield what else is to be said of a field: its default, what may stand there, its form."""
    if field.default:
        yield f"default `{field.default}`"
    if len(field.allowed) > 1:
        yield f"one of {', '.join(f'`{word}`' for word in field.allowed)}"
    elif field.allowed and not field.description.startswith("Always"):
        yield f"always `{field.allowed[0]}`"
    if not field.fields:
        yield from field.rules
    yield from (f"for example `{example}`" for example in field.examples)


def sentences(texts: Iterable[str]) -> str:
    """Return texts as sentences."""
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in texts if text)


def cell(text: str) -> str:
    """Return a text as it may stand in a cell of a table."""
    return " ".join(text.replace("|", "\\|").split())


# ── docs/commands.md ─────────────────────────────────────────────────────────────────────────────


def commands() -> Iterator[str]:
    """Yield the parts of the page of commands: a table of all, what they share, then each."""
    made = {name: command(name) for name in COMMANDS}
    yield COMMANDS_PAGE
    rows = [(f"[{name}](#pairctl-{name})", one.help.split("\n\n")[0]) for name, one in made.items()]
    yield table(("command", "what it does"), *((name, cell(text)) for name, text in rows))
    yield EXIT_CODES
    yield SELECTION
    yield REPOSITORY
    yield "## Options of all commands"
    yield (
        "They stand before the command; those of logs may stand behind it as well, as in\n"
        "`pairctl apply --log-level info`. What lines there are: [logs](watch.md#logs)."
    )
    yield options_table(typer.main.get_command(app), "pairctl")
    for name, one in made.items():
        yield from command_parts(name, one)


def command(name: str) -> Any:
    """Return a command as the program makes it."""
    group: Any = typer.main.get_command(app)
    return group.get_command(None, name)


def command_parts(name: str, one: Any) -> Iterator[str]:
    """Yield the parts of one command: what it does, its options, examples."""
    yield f"## pairctl {name}"
    yield one.help
    yield options_table(one, name)
    lines = [line.strip() for line in one.epilog.splitlines() if line.startswith("  ")]
    yield "```sh\n" + "\n".join(lines) + "\n```"


def options_table(one: Any, name: str) -> str:
    """Return a table of a command's arguments and options."""
    context = one.context_class(one, info_name=name)
    rows = []
    for parameter in one.params:
        record = parameter.get_help_record(context)
        unlisted = UNLISTED if name == "pairctl" else UNLISTED | LOG_OPTIONS
        if record is None or long_name(parameter) in unlisted:
            continue
        default = record[1].partition("default: ")[2].partition(";")[0].rstrip("]").strip("()")
        variable = parameter.envvar if long_name(parameter) else ""
        rows.append(
            (
                f"`{cell(record[0])}`",
                cell(parameter.help or ""),
                f"`{cell(default)}`" if default else "",
                f"`{variable}`" if variable else "",
            )
        )
    return table(("option", "what it does", "default", "variable"), *rows)


def variables() -> str:
    """Return a table of the variables of what commands share."""
    found = {
        "PAIRCTL_CONFIG": "`pairctl --config`",
        "PAIRCTL_LOG_LEVEL": "`pairctl --log-level`",
        "PAIRCTL_LOG_FORMAT": "`pairctl --log-format`",
    }
    for name in COMMANDS:
        one = command(name)
        for parameter in one.params:
            if long_name(parameter) in shared_options(one):
                found.setdefault(str(parameter.envvar), f"`{long_name(parameter)}`")
    return table(("variable", "option"), *((f"`{one}`", of) for one, of in found.items()))


def log_events() -> str:
    """Return a table of the log's events."""
    rows = [
        (f"`{one.name}`", one.level, cell(one.meaning), ", ".join(f"`{f}`" for f in one.fields))
        for one in EVENTS
    ]
    return table(("event", "level", "when", "fields"), *rows)


# ── docs/codes.md ────────────────────────────────────────────────────────────────────────────────


def codes() -> Iterator[str]:
    """Yield the parts of the page of codes: a table of all, then a lesson each."""
    lessons = [lesson_of(code) for code in Code]
    rows = [
        (f"[{one.code}](#{one.code.lower()})", one.severity, one.code.meaning) for one in lessons
    ]
    yield CODES
    yield table(("code", "severity", "meaning"), *rows)
    for one in lessons:
        yield from lesson(one)


def lesson(one: Lesson) -> Iterator[str]:
    """Yield the parts of one code. GitHub makes the heading's anchor: the code in lower case."""
    yield f"## {one.code}"
    yield f"*{one.severity}*: {one.code.meaning}"
    yield one.why
    yield f"**Wrong**\n\n{one.wrong.text}"
    yield f"**Right**\n\n{one.right.text}"


# ── docs/statuses.md ─────────────────────────────────────────────────────────────────────────────


def statuses() -> Iterator[str]:
    """Yield the parts of the page of statuses: phases, conditions, and reasons in their groups."""
    phases = [(f"`{phase}`", told.when, told.until) for phase, told in PHASES.items()]
    conditions = [
        (f"`{kind}`", *(told.when(truth) for truth in Truth)) for kind, told in CONDITIONS.items()
    ]
    yield STATUSES
    yield "## Phases"
    yield table(("phase", "when", "until"), *phases)
    yield "## Phases of rollouts"
    rollouts = [(f"`{phase}`", told.when, told.until) for phase, told in ROLLOUT_PHASES.items()]
    yield table(("phase", "when", "until"), *rollouts)
    yield "## Conditions"
    yield CONDITIONS_NOTE
    yield table(("condition", *(f"{truth} when" for truth in Truth)), *conditions)
    yield "## Reasons"
    yield REASONS_NOTE
    for group in GROUPS:
        yield from reasons(group)


def reasons(group: Group) -> Iterator[str]:
    """Yield the parts of one group of reasons."""
    rows = [
        (f"`{one.word}`", places(one), one.when, one.until, one.action or "nothing")
        for one in group.reasons
    ]
    yield f"### {group.title}"
    yield group.about
    yield table(("reason", "where", "when", "until", "what a person does"), *rows)


def places(reason: Reason) -> str:
    """Return where a reason can stand: phases, then conditions with their status."""
    phases = " or ".join(f"`{phase}`" for phase in reason.phases)
    conditions = " or ".join(f"`{kind}`" for kind in reason.conditions)
    rollouts = "`waitsFor` of a rollout" if reason.of_rollouts else ""
    in_conditions = conditions and f"{conditions} {reason.truth}"
    return "; ".join(filter(None, [phases, in_conditions, rollouts]))


if __name__ == "__main__":
    main()
