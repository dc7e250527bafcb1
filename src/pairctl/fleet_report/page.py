"""The report as one HTML page: it holds all it needs, and may reach nothing else."""

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from jinja2 import BaseLoader, Environment, StrictUndefined
from markupsafe import Markup

from pairctl.fleet_report.packing import packed, script_json

_WIDTH = 1000
"""How wide the bars are drawn, in units of their own: the page scales them."""


def render_page(document: dict[str, Any]) -> str:
    """Return the page of a report's data. Every text in it is escaped, whatever it holds."""
    script, style = _file("report.js"), _file("report.css")
    page = _environment().from_string(_file("report.html.j2"))
    return page.render(
        report=document,
        policy=_policy(script, style),
        script=Markup(script),  # noqa: S704 - a file of ours
        style=Markup(style),  # noqa: S704 - a file of ours
        data=Markup(script_json(packed(document["clusters"]))),  # noqa: S704 - `<` is escaped
    )


def _policy(script: str, style: str) -> str:
    """Return the page's Content-Security-Policy: its own script and style, and no network.

    Texts never become markup: the script has no right to make any.
    """
    return "; ".join((
        "default-src 'none'",
        f"script-src {_hash(script)}",
        f"style-src {_hash(style)}",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ))  # fmt: skip


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _file(name: str) -> str:
    return (files(__package__) / "templates" / name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=BaseLoader(),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"fragment": _fragment, "bars": _bars, "thousands": "{:,}".format}
    return made


def _fragment(filters: dict[str, str]) -> str:
    """Return a link to the clusters that filters leave."""
    return f"#{urlencode(filters)}"


def _bars(parts: list[dict[str, Any]], whole: int) -> list[dict[str, Any]]:
    """Return parts, each with where its bar begins and how wide it is, of a whole of `_WIDTH`."""
    drawn, before = [], 0
    for part in parts:
        begin = before * _WIDTH // max(whole, 1)
        before += part["count"]
        end = before * _WIDTH // max(whole, 1)
        drawn.append({**part, "x": begin, "width": max(end - begin, 1)})
    return drawn
