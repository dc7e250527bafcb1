"""Markdown as a forge renders it: tables with their cells, and text that is nothing but text."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

NO_WIDTH = "\u200b"
GFM = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def rendered(text: str, *, keep: bool = False) -> str:
    """Give a line of prose as it is read; `keep` leaves the spaces of no width in."""
    return "".join(_text(token, keep=keep) for token in GFM.parseInline(text))


def cells(row: str) -> list[str]:
    """Give the three cells of a row of a table as they are read."""
    (found,) = rows(f"| a | b | c |\n| --- | --- | --- |\n{row}\n", plain=True)
    return found


def rows(markdown: str, *, plain: bool = False) -> list[list[str]]:
    """Give the rows of all tables, without their heads; `plain` refuses markup in cells."""
    found: list[list[str]] = []
    in_body = False
    for token in GFM.parse(markdown):
        match token.type:
            case "tbody_open" | "tbody_close":
                in_body = token.type == "tbody_open"
            case "tr_open" if in_body:
                found.append([])
            case "inline" if in_body:
                found[-1].append(_text(token) if plain else _read(token))
    return found


def html(markdown: str) -> list[str]:
    """Give every piece of HTML that is in a text."""
    tokens = [one for token in GFM.parse(markdown) for one in (token, *(token.children or ()))]
    return [one.content.strip() for one in tokens if one.type in ("html_block", "html_inline")]


def _text(token: Token, *, keep: bool = False) -> str:
    kinds = {child.type for child in token.children or ()}
    assert kinds <= {"text", "text_special"}, kinds
    told = "".join(child.content for child in token.children or ())
    return told if keep else told.replace(NO_WIDTH, "")


def _read(token: Token) -> str:
    return "".join(child.content for child in token.children or ()).replace(NO_WIDTH, "")
