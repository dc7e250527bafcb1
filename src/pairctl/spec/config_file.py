"""Reading the configuration file of whoever types the commands. Pure: it is given the bytes."""

from collections.abc import Mapping
from typing import NamedTuple

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec.config import Config
from pairctl.spec.decoding import decode
from pairctl.spec.findings import Finding, Span, any_refuses
from pairctl.spec.nodes import locate
from pairctl.spec.parsing import Tree, parse
from pairctl.spec.shape import hold
from pairctl.spec.source import SourceFile


class Setting(NamedTuple):
    """What the file says of one option, text or a list of texts; and where."""

    value: str | list[str]
    span: Span


def load_config(file: SourceFile) -> Mapping[str, Setting]:
    """Return the settings of a configuration file by their keys; none for an empty file.

    Raises ConfigurationError with all findings, each with its place.
    """
    decoded = decode(file)
    parsed = parse(file.path, decoded.text or "")
    if any_refuses(findings := (*decoded.findings, *parsed.findings)):
        raise ConfigurationError(invalid_config(findings))
    match parsed.trees:
        case ():
            return {}
        case (tree,):
            return _settings(file.path, tree)
        case trees:
            raise ConfigurationError(
                Problem(
                    "InvalidConfig",
                    f"{file.path} holds {len(trees)} documents; one of `kind: Config` is needed",
                    "keep all of it in one document; PAIRCTL_CONFIG names another file",
                )
            )


def invalid_config(findings: tuple[Finding, ...]) -> Problem:
    """Return the problem that a configuration file with these findings is."""
    shown = "\n".join(str(one) for one in sorted(findings) if one.refuses)
    hint = "`pairctl explain Config.spec` has all fields; PAIRCTL_CONFIG=/dev/null does without"
    return Problem("InvalidConfig", f"the configuration file:\n{shown}", hint)


def _settings(path: str, tree: Tree) -> Mapping[str, Setting]:
    held, findings = hold(path, "Config", Config, tree.root)
    findings = (*tree.findings, *findings)
    if held is None or any_refuses(findings):
        raise ConfigurationError(invalid_config(findings))
    given = held.spec.model_dump(exclude_none=True)
    return {
        key: Setting(value, locate(tree.root, ("spec", key)).value_span)
        for key, value in given.items()
    }
