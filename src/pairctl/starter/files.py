"""From answers to files: every text that `pairctl init` writes."""

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from pairctl import __version__
from pairctl.spec import SourceFile, load, schemas
from pairctl.starter.answers import PLACEHOLDER_ENDPOINT, Answers, BadAnswer, Forge
from pairctl.starter.source import Source
from pairctl.starter.template import fill, scalar

SCHEMAS = PurePosixPath(".pairctl/schemas")
"""Hidden, so that it is not read as documents; committed, so that editors find it."""

_PLACEHOLDER_COMMIT = "0" * 40
_BY_CI = "CI shows what is wrong on the changed lines, and what a merge will do."
_BY_A_PERSON = (
    "`pairctl validate` shows what is wrong, and `pairctl plan --offline --base main` what a merge "
    "of the branch will do. No CI is set up to say it."
)
_PLACEHOLDER_PROJECT = "-where-pairctl-is-/pairctl"  # no name at a forge begins with a hyphen

_PLAIN_REF = re.compile(r"v[0-9.]+|[a-f][0-9a-f]{39,63}")  # YAML reads others as numbers, or no
_PINNED = "the commit that you trust"
_MOVABLE = "put in its commit: a tag can be moved to other code"

_OF_FORGE: Mapping[Forge, Mapping[str, str]] = {
    Forge.GITHUB: {
        ".github/workflows/pairctl.yml": "github-workflow.yml",
        ".github/CODEOWNERS": "codeowners",
    },
    Forge.GITLAB: {".gitlab-ci.yml": "gitlab-ci.yml", "CODEOWNERS": "codeowners"},
    Forge.NONE: {},
}


@dataclass(frozen=True, slots=True)
class StarterFiles:
    """The texts by their paths from the repository's top, and what a person does next."""

    texts: Mapping[str, str]
    steps: tuple[str, ...]


def starter_files(answers: Answers) -> StarterFiles:
    """Return all files of a new repository. Raises BadAnswer where the Palette were not valid."""
    up = "../" * (len(answers.folder.parts) + 1)
    project = f"project: {scalar(answers.project)}" if answers.project else "# project: edge-retail"
    values = {
        "name": scalar(answers.name),
        "secret": f"palette-{answers.name}",
        "endpoint": scalar(answers.endpoint),
        "host": urlsplit(answers.endpoint).netloc,
        "project": project,
        "schemas": f"{up}{SCHEMAS}",
        "review": _BY_A_PERSON if answers.forge is Forge.NONE else _BY_CI,
        "ci": "/.gitlab-ci.yml" if answers.forge is Forge.GITLAB else "/.github/",
        **_values_of_folder(answers.folder),
        **_values_of_source(answers.source),
    }
    texts = {path: fill(name, values) for path, name in _templates(answers).items()}
    # The document that the answers went into is held against pairctl's own rules.
    palette = _palette(answers)
    content = texts[palette].encode("utf-8", "surrogatepass")
    for finding in load([SourceFile(palette, content)]).findings:
        raise BadAnswer(f"{finding.path}: {finding.message}", finding.hint)
    editors = {str(SCHEMAS / name): text for name, text in schemas().items()}
    return StarterFiles(dict(sorted({**texts, **editors}.items())), tuple(_steps(answers)))


def _palette(answers: Answers) -> str:
    return str(answers.folder / "palettes" / f"{answers.name}.yaml")


def _templates(answers: Answers) -> Mapping[str, str]:
    """Return which template each file is made of."""
    folder = answers.folder
    hooks = "pre-commit-local.yaml" if answers.source is None else "pre-commit.yaml"
    return {
        _palette(answers): "palette.yaml",
        str(folder / "matches/retail.yaml.example"): "match.yaml",
        str(folder / "intents/store-0001.yaml.example"): "intent.yaml",
        str(folder / "README.md"): "readme.md",
        ".gitignore": "gitignore",
        ".pre-commit-config.yaml": hooks,
        **_OF_FORGE[answers.forge],
    }


def _values_of_folder(folder: PurePosixPath) -> Mapping[str, str]:
    if not folder.parts:
        return {"path": ".", "below": "/", "folder": "", "path_option": ""}
    quoted = shlex.quote(str(folder))
    return {
        "path": scalar(str(folder)),
        "below": f"/{folder}/",
        "folder": f" {quoted}",
        "path_option": f" --path {quoted}",
    }


def _values_of_source(source: Source | None) -> Mapping[str, str]:
    if source is None:
        project = _PLACEHOLDER_PROJECT
        source = Source(f"https://gitlab.example.com/{project}", _PLACEHOLDER_COMMIT)
        shown, ref_shown = "pairctl", f"v{__version__}: put in its commit, where you keep pairctl"
    else:
        project, shown = source.project, f"[pairctl]({source.url})"
        ref_shown = _PINNED if source.is_pinned else _MOVABLE
    return {
        "source": source.url,
        "source_project": project,
        "ref": source.ref,
        "ref_scalar": source.ref if _PLAIN_REF.fullmatch(source.ref) else scalar(source.ref),
        "ref_told": ref_shown,
        "pairctl": shown,
    }


def _steps(answers: Answers) -> Iterator[str]:
    folder = answers.folder
    if answers.endpoint == PLACEHOLDER_ENDPOINT:
        yield f"{_palette(answers)}: replace {PLACEHOLDER_ENDPOINT} with your Palette's address"
    if answers.source is None and answers.forge is not Forge.NONE:
        ci = next(iter(_OF_FORGE[answers.forge]))
        yield f"{ci}: replace `{_PLACEHOLDER_PROJECT}` with the repository that holds pairctl"
    if answers.source is not None and not answers.source.is_pinned:
        tag, url = answers.source.ref, answers.source.url
        yield f"`git ls-remote {url} {tag}` tells the commit of {tag}: put that in its place"
    yield f"{folder / 'matches'}, {folder / 'intents'}: begin with the examples"
    check = f"pairctl validate{_values_of_folder(folder)['folder']}"
    yield f"run `{check}`, and commit (in a new folder, `git init` first)"
    yield "run `pre-commit install`, and every commit is proven before it is made"
    yield f"{folder / 'README.md'} tells how to go on"
