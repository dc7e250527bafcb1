"""`make fuzz`: search for a stated time, in a process with limits, and keep what is found.

    python -m fuzzing [SECONDS] [FIRST_SEED]

First come answers of both APIs, 150 of each kind that fit a schema, as many that do not, and as
many errors; then hostile repositories, until the time is over. Without a seed each run looks
elsewhere. What is found is written into the corpus, `tests/data/fuzz-answers` or, made small,
`tests/data/fuzz`; the exit code is 1.
"""

import hashlib
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

from fuzzing.answers import CORPUS as ANSWERS_CORPUS
from fuzzing.answers import KINDS, cases, hold_answer
from fuzzing.case import CORPUS, Case
from fuzzing.laws import hold
from fuzzing.patience import by_the_clock
from fuzzing.search import MADE_SMALL_S, Tally, search

MEMORY_BYTES = 2 << 30
HUNG_S = 60
"""So long after it should have ended the process that searches is ended."""
SHOWN_EACH_S = 2
ANSWERS = 150
"""How many answers of each kind, and of each sort, are made up in a run."""
ANSWERS_S = 600
"""How long that may take where a machine is busy."""


def main() -> None:
    """Search in a child; what ends the child is found as well."""
    given = sys.argv[1:]
    seconds, first_seed = [*given, *("60", str(random.randrange(1 << 31)))[len(given) :]]  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        last = Path(folder) / "case"
        command = [sys.executable, "-m", "fuzzing", "child", seconds, first_seed, str(last)]
        try:
            limit_s = float(seconds) + MADE_SMALL_S + HUNG_S + ANSWERS_S
            status = subprocess.run(command, timeout=limit_s, check=False).returncode
        except subprocess.TimeoutExpired:
            status = -1
        if status not in (0, 1):
            keep(Case.loads(last.read_text()), f"the process that searched ended with {status}")
        sys.exit(1 if status else 0)


def child(seconds: float, first_seed: int, last: Path) -> None:
    """Search until the time is over, and say how it went."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    search_answers(first_seed)
    started = shown_at = time.monotonic()
    descriptor = os.open(last, os.O_WRONLY | os.O_CREAT)

    def before(case: Case) -> None:
        content = case.dumps().encode()
        os.pwrite(descriptor, content, 0)
        os.ftruncate(descriptor, len(content))

    def is_over(tally: Tally) -> bool:
        nonlocal shown_at
        now = time.monotonic()
        if sys.stdout.isatty() and now > shown_at + SHOWN_EACH_S:
            shown_at = now
            say(f"\r{now - started:4.0f} s: {tally} ")
        return now > started + seconds

    tally = search(first_seed, is_over, before, partial(hold, within=by_the_clock))
    say(f"\r{time.monotonic() - started:4.0f} s from seed {first_seed}: {tally}\n")
    if tally.broken is not None:
        keep(tally.broken, "".join(traceback.format_exception(tally.error)))
        sys.exit(1)


def search_answers(first_number: int) -> None:
    """Hold answers of every kind to the laws; the first that breaks one ends the search."""
    started = time.monotonic()
    for kind in KINDS:
        for number in range(first_number, first_number + ANSWERS):
            for told in cases(kind, number):
                try:
                    hold_answer(told, within=by_the_clock)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is kept
                    why = "".join(traceback.format_exception(error))
                    say(f"{why}\nkept as {told.save(ANSWERS_CORPUS)}\n")
                    sys.exit(1)
    took_s, count = time.monotonic() - started, len(KINDS) * ANSWERS
    say(f"{took_s:4.0f} s: {count} answers that fit, {count} odd ones, {count} errors\n")


def keep(case: Case, why: str) -> None:
    """Write a case into the corpus, under a name that only it has."""
    name = f"found-{hashlib.sha256(case.dumps().encode()).hexdigest()[:12]}"
    case.save(CORPUS / name)
    say(f"{why}\nkept as {CORPUS / name}: give it a name that says what was wrong\n")


def say(text: str) -> None:
    """Write to standard output at once."""
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    if sys.argv[1:2] == ["child"]:
        child(float(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
