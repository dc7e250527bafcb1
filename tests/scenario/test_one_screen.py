"""What an operator sees of a fleet of 40: each command's output is within one screen.

Counted are the lines that stand on a terminal of 24 when the program has ended, standard output and
error together, a line that is wider than the terminal as many as it takes; of a pipe the lines of
both. While `apply --wait` runs, its progress is never higher than the terminal.
"""

from pathlib import Path

from pty_factory import at_terminal
from repo_factory import git
from scenario_factory import World, world
from screen_factory import MODES, Mode, Terminal, lines_on
from sim_factory import OLD_GRAFANA, Document, LocalProfile, host_document

SIZE, HOSTS, SCREEN = 40, 6, 24
INFRA = host_document()["cluster"]["profiles"][0]


def hosts() -> list[Document]:
    """Describe six hosts: two have a layer in another version than is published."""
    old = LocalProfile("store-addons", "add-on", "1.0.0", (OLD_GRAFANA,))
    found = []
    for number in range(1, HOSTS + 1):
        cluster = host_document(number)["cluster"]
        profiles = [INFRA, old] if number > HOSTS - 2 else cluster["profiles"]
        found.append(host_document(number, cluster={**cluster, "profiles": profiles}))
    return found


def fleet(w: World) -> list[Document]:
    """Write 40 intents: behind six addresses is a host, behind the others is nothing."""
    dark = [
        {**w.local_ui(1), "endpoint": f"https://127.0.0.1:{number}"}
        for number in range(HOSTS + 1, SIZE + 1)
    ]
    here = [w.intent(number) for number in range(1, HOSTS + 1)]
    return [
        *here,
        *(
            w.intent(1, f"store-{HOSTS + 1 + at}", localUI=place, acknowledge=None)
            for at, place in enumerate(dark)
        ),
    ]


def output(w: World, mode: Mode, *command: str) -> tuple[list[str], int, str]:
    """Run a command; gives the lines that stand there, how high it ever was, and all it wrote."""
    rules = w.rules if command[0] in ("plan", "apply") else []
    if mode.columns is None:
        done = w.run(command[0], *command[1:], rules=bool(rules), env=mode.environment)
        return lines_on(done.stdout + done.stderr, None), 0, done.stdout + done.stderr
    arguments = [command[0], *rules, *command[1:]]
    terminal = Terminal()
    with at_terminal(arguments, w.box.clone, w.environment, mode.environment) as session:
        session.end()
        terminal.write(session.text)
    return lines_on(terminal.text, mode.columns), terminal.highest, session.text


def test_a_fleet_of_40_is_told_within_one_screen(tmp_path: Path) -> None:
    """In each mode: no line wider than the terminal, each cause once, with all its names."""
    commands = (("plan",), ("apply", "--wait", "--interval", "0.2"), ("status",), ("validate",))
    with world(tmp_path, *hosts(), fleet=fleet) as w:
        for kind, mode in MODES.items():
            for command in commands:
                lines, highest, text = output(w, mode, *command)
                shown = "\n".join(lines)
                what = f"{command[0]}, {kind}:\n{shown}"
                assert max(len(lines), highest) <= SCREEN, what
                assert mode.columns is None or max(map(len, lines)) <= mode.columns, what
                assert mode.locale != "C" or text.isascii(), what
                assert mode.columns or "\x1b" not in text, what
                names = "34 intents: " if command[0] == "validate" else "34 Blocked, Unreachable: "
                assert f"{names}store-7 to store-40\n" in shown, what
                assert text.count("cannot be reached") <= 1, what
                git(w.box.clone, "fetch", "--quiet", "origin")
        ends = [w.told(f"store-{number}") for number in (1, 4, 5)]
        assert ends == [("Paired", "Paired"), ("Paired", "Paired"), ("Blocked", "LayersDiffer")]
