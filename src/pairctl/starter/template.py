"""The texts that a new repository is made of, with `%{name}` where an answer goes."""

import json
import re
import string
from collections.abc import Mapping
from importlib.resources import files

_TRAPS = r"(?:y|n|yes|no|on|off|true|false|null)"
_PLAIN = re.compile(rf"(?!{_TRAPS}$)[a-z][a-z0-9-]*|https://[a-z0-9][a-z0-9.-]*(:[0-9]+)?")


class _Template(string.Template):
    """Leaves `$` alone: workflows and modelines are full of it."""

    delimiter = "%"


def fill(template: str, values: Mapping[str, str]) -> str:
    """Return a template's text with the values in their places."""
    text = (files(__package__) / "templates" / template).read_text(encoding="utf-8")
    return _Template(text).substitute(values)


def scalar(text: str) -> str:
    """Return a text as YAML that reads as this text: quoted, unless it could be nothing else."""
    if _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)
