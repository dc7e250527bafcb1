"""What a walkthrough is made of. Data only: `runner` runs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pairctl.demo.sandbox import Sandbox
from pairctl.exits import Exit
from pairctl.pairing import Phase
from pairctl.sim import EffectKind, ThreadedSimulation

Act = Callable[[ThreadedSimulation, Sandbox], None]


@dataclass(frozen=True, slots=True)
class Run:
    """Run pairctl in the clone; it has to end with `code`.

    `into` is a file of the clone that takes what it prints, and is committed.
    """

    why: str
    words: str
    code: Exit = Exit.OK
    into: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """Show a file of the status branch."""

    why: str
    path: str


@dataclass(frozen=True, slots=True)
class Document:
    """Show the lines of a document of the clone that have one of these words."""

    why: str
    path: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edit:
    """Change documents, and commit: in each file, one text for another; for no text, a new file."""

    why: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Do what a person does, to the simulated servers or beside the clone; `done` says which."""

    why: str
    act: Act
    done: str = "done in the simulator"


Step = Run | Show | Document | Edit | Person


@dataclass(frozen=True, slots=True)
class Walkthrough:
    """One walkthrough, of the example of its name, or of another `example`.

    `ends` is the phase of each intent at the end: a name may have wildcards. `done` is all that
    was done for good to each edge host's clusters, in order. One that `is_brief` shows its steps
    and what they come to, and no progress or exit codes. `intents` are the only ones of the example
    that it is about; none: all.
    """

    name: str
    title: str
    steps: tuple[Step, ...]
    ends: Mapping[str, Phase]
    done: Mapping[str, tuple[EffectKind, ...]]
    example: str = ""
    is_brief: bool = False
    intents: tuple[str, ...] = ()
