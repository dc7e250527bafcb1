"""READMEs as they are read: commands, what each is said to print, and how it is said to end."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import warm

BLOCK = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)
ENDING = re.compile(r"\(exit code (\d+)\)")
SERVED = re.compile(r"(https://127\.0\.0\.1:\d+)\s+(https://127\.0\.0\.1:\d+)")
PATIENCE_S = 240


@dataclass(frozen=True)
class Command:
    """A command of a README; `words` is what it prints, among other things, a line each."""

    line: str
    words: tuple[str, ...] = ()
    code: int = 0


@dataclass(frozen=True)
class Answer:
    """What a command really printed, on both of its outputs, and its exit code."""

    text: str
    code: int

    def has(self, words: str) -> bool:
        """Tell whether the words are there, however they are spaced; `…` stands for anything."""
        parts = [r"\s+".join(map(re.escape, part.split())) for part in words.split("…")]
        return re.search(r"\s*.*?\s*".join(parts), self.text) is not None


def commands_of(readme: str) -> list[Command]:
    """List the commands of all console blocks, in order."""
    found: list[Command] = []
    for line in "".join(BLOCK.findall(readme)).splitlines():
        ending = ENDING.fullmatch(line)
        if line.startswith("$ "):
            found.append(Command(line.removeprefix("$ ")))
        elif ending:
            last = found.pop()
            found.append(Command(last.line, last.words, int(ending[1])))
        else:
            last = found.pop()
            found.append(Command(last.line, (*last.words, line), last.code))
    return found


@contextmanager
def simulating(command: Command, folder: Path, env: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run the README's simulator, on free ports; gives where each declared address really is."""
    server = subprocess.Popen(
        ["bash", "-c", f"exec {command.line} --any-ports"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    try:
        said = ""
        while "serving" not in said:
            line = server.stdout.readline()
            assert line, said
            said += line
        yield dict(SERVED.findall(said))
    finally:
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=PATIENCE_S)


def run_all(commands: list[str], folder: Path, answers: Path, env: dict[str, str]) -> list[Answer]:
    """Run commands one after the other in one shell, as a person would.

    Nobody looks on: between two passes there are not the two seconds that a person has.
    """
    waiting = "pairctl apply --wait "
    quick = [line.replace(waiting, f"PAIRCTL_APPLY_INTERVAL=0.3 {waiting}") for line in commands]
    script = "".join(
        f"{{ {line}\n}} >{answers}/{number}.out 2>&1; echo $? >{answers}/{number}.code\n"
        for number, line in enumerate(quick)
    )
    subprocess.run(["bash", "-c", script], cwd=folder, env=env, check=True, timeout=PATIENCE_S)
    return [
        Answer(
            (answers / f"{number}.out").read_text(), int((answers / f"{number}.code").read_text())
        )
        for number in range(len(commands))
    ]


def status_branch(repository: Path) -> dict[str, bytes]:
    """Give every file of the status branch."""
    alone = {**os.environ, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}

    def git(*arguments: str) -> bytes:
        return subprocess.check_output(["git", *arguments], cwd=repository, env=alone)

    paths = git("ls-tree", "-r", "--name-only", "pairctl-status").decode().splitlines()
    return {path: git("show", f"pairctl-status:{path}") for path in paths}


def environment(root: Path) -> dict[str, str]:
    """Make a person's environment: `pairctl` on the path, a name for Git, nothing of the user's."""
    program = root / "bin" / "pairctl"
    program.parent.mkdir()
    program.write_text(warm.shell_script())
    program.chmod(0o755)
    who = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in (("NAME", "an operator"), ("EMAIL", "operator@localhost"))
    }
    return {
        "PATH": f"{program.parent}:{os.environ['PATH']}",
        "HOME": str(root),
        "TMPDIR": str(root),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        **who,
    }
