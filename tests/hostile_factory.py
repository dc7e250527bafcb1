"""A repository that a stranger's pull request has filled with traps, and the files around it."""

import os
import socket
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from repo_factory import git
from spec_factory import file_of, intent, match, palette

MODULES = ("pairctl/__init__.py", "multiprocessing/__init__.py", "json.py", "trap.py")
"""What Python runs where it looks for modules in the current folder."""
SECRET = "the-word-that-nobody-may-see"
TOUCH = "touch {marker}"


@dataclass(frozen=True)
class Trap:
    """The repository `clone`; a `secret` beside it; and a `marker` that only a trap can make."""

    root: Path

    @property
    def clone(self) -> Path:
        """The work tree of the repository."""
        return self.root / "clone"

    @property
    def secret(self) -> Path:
        """A file outside of the repository."""
        return self.root / "secret.yaml"

    @property
    def marker(self) -> Path:
        """What is there once anything of the repository has been run."""
        return self.root / "marker"


def make_trap(root: Path) -> Trap:
    """Make the repository: what is committed on `main` and `pull`, and what only lies about."""
    trap = Trap(root)
    trap.secret.write_text(f"kind: {SECRET}\n")
    trap.clone.mkdir()
    git(trap.clone, "init", "--quiet", "--initial-branch", "main")
    for path, content in documents(trap).items():
        (trap.clone / path).parent.mkdir(parents=True, exist_ok=True)
        (trap.clone / path).write_bytes(content)
    git(trap.clone, "add", "--all")
    git(trap.clone, "commit", "--quiet", "--message", "documents")
    _links(trap)
    _odd_names(trap.clone)
    git(trap.clone, "add", "--all")
    git(trap.clone, "commit", "--quiet", "--message", "links and names")
    _odd_tree(trap.clone)
    _status_branch(trap)
    _no_files(trap.clone)
    _configuration(trap)
    return trap


def documents(trap: Trap) -> Mapping[str, bytes]:
    """Return documents that lead elsewhere, and files by which Git runs programs."""
    touch = TOUCH.format(marker=trap.marker)
    bare = f"[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsmonitor = {touch}\n"
    paths = ("/etc/passwd", "../secret.yaml", "link", "fleet/../../secret.yaml")
    lost = [palette(f"ca-{n}", tls={"caFile": path}) for n, path in enumerate(paths)]
    values = [{"pack": f"p-{n}", "file": path} for n, path in enumerate(paths)]
    return {
        "fleet/all.yaml": file_of(palette(), match(), intent()).content,
        "fleet/lost.yaml": file_of(*lost, match("lost", values=values)).content,
        "fleet/named.yaml": file_of(match("named", values=values[2:3])).content,
        ".gitattributes": b"* filter=evil diff=evil merge=evil text eol=crlf ident\n"
        b"*.yaml export-subst -diff\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "{touch}"\n'.encode(),
        ".gitconfig": f"[alias]\n\tcat-file = !{touch}\n".encode(),
        "bare/HEAD": b"ref: refs/heads/main\n",
        "bare/config": bare.encode(),
        "bare/objects/x.yaml": b"apiVersion: pairctl/v1alpha1\nkind: Nothing\n",
        "bare/refs/x": b"",
        ".ssh/id.yaml": b"hidden: true\n",
        **{path: f"open({str(trap.marker)!r}, 'w')\n".encode() for path in MODULES},
    }


def _links(trap: Trap) -> None:
    """Put links to files and folders outside, to nothing, to themselves and upwards."""
    targets = {
        "link": trap.secret,
        "secret.yaml": trap.secret,
        "passwd.yaml": "/etc/passwd",
        "zero.yaml": "/dev/zero",
        "dangling.yaml": "nothing",
        "circle.yaml": "circle.yaml",
        "outside": trap.root,
        "etc": "/etc",
        "around": ".",
        "above": "..",
        "fleet/inner.yaml": "../link",
    }
    for name, target in targets.items():
        (trap.clone / name).symlink_to(target)


def _odd_names(clone: Path) -> None:
    """Put files under names that terminals, logs and command lines trip over."""
    names = (
        "a\n::error::b.yaml",
        "\x1b[2J.yaml",
        "--help.yaml",
        "-rf",
        "\u202egpj.yaml",
        "%0A.yaml",
    )
    for name in (*map(os.fsencode, names), b"caf\xe9.yaml", b"n" * 250 + b".yaml"):
        with suppress(OSError):  # some systems refuse what is not UTF-8
            Path(os.fsdecode(os.fsencode(clone) + b"/" + name)).write_bytes(b"kind: Nothing\n")


def _odd_tree(clone: Path) -> None:
    """Commit, on the branch `pull`, entries that no work tree can have."""
    blob = git(clone, "rev-parse", "HEAD:fleet/all.yaml")
    tree = git(clone, "rev-parse", "HEAD^{tree}")
    lines = "".join(
        f"{mode} {kind} {object_id}\t{name}\n"
        for mode, kind, object_id, name in (
            ("040000", "tree", tree, "clone"),
            ("040000", "tree", tree, ".."),
            ("040000", "tree", tree, ".git"),
            ("100644", "blob", blob, ".."),
            ("160000", "commit", "1" * 40, "submodule"),
            ("160000", "commit", "1" * 40, "submodule.yaml"),
            ("100755", "blob", blob, "run.yaml"),
        )
    )
    odd = git(clone, "mktree", "--missing", stdin=lines.encode())
    commit = git(clone, "commit-tree", odd, "-p", "HEAD", "-m", "odd")
    git(clone, "update-ref", "refs/heads/pull", commit)


def _status_branch(trap: Trap) -> None:
    """Commit a status branch with links, and files that are nothing of what they should be."""
    bodies = {
        "100644 inline observed/palettes/production.yaml": b"observed: {profiles: [{name: []}]}\n",
        "120000 inline observed/clusters/store-0042.yaml": os.fsencode(trap.secret),
        "100644 inline status/store-0042.yaml": b"\xff\x00" * 1000,
        "120000 inline status/other.yaml": b"/etc/passwd",
    }
    edits = (b"M %s\ndata %d\n%s\n" % (k.encode(), len(v), v) for k, v in bodies.items())
    head = b"commit refs/heads/pairctl-status\ncommitter a <a@localhost> 0 +0000\ndata 0\n"
    git(trap.clone, "fast-import", "--quiet", stdin=head + b"".join(edits))


def _no_files(clone: Path) -> None:
    """Put what is no file where documents are, and a folder nested deep."""
    os.mkfifo(clone / "pipe.yaml")
    with suppress(PermissionError):
        os.mknod(clone / "device.yaml", 0o20666, os.makedev(1, 5))
    here = Path.cwd()
    with closing(socket.socket(socket.AF_UNIX)) as server:
        os.chdir(clone)  # a socket's path may be too short for a temporary folder's
        server.bind("socket.yaml")
        os.chdir(here)
    (clone / "folder.yaml").mkdir()


def _configuration(trap: Trap) -> None:
    """Let all that Git can be told to run leave a mark."""
    touch = TOUCH.format(marker=trap.marker)
    for name in ("core.fsmonitor", "core.sshCommand", "core.pager", "core.editor", "diff.external"):
        git(trap.clone, "config", name, touch)
    for name in (
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "pager.cat-file",
    ):
        git(trap.clone, "config", name, touch)
    for name in ("alias.cat-file", "alias.ls-tree", "credential.helper"):
        git(trap.clone, "config", name, f"!{touch}")
    git(trap.clone, "config", "remote.origin.url", f"ext::sh -c '{touch}'")
    hooks = trap.clone / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-checkout", "reference-transaction", "post-index-change", "pre-auto-gc"):
        (hooks / name).write_text(f"#!/bin/sh\n{touch}\n")
        (hooks / name).chmod(0o755)
