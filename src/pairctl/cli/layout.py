"""Lines and tables that fit a terminal: nothing in them breaks inside a word, a name or an id."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.text import Text

from pairctl.cli.screen import Screen
from pairctl.cli.wrapping import wrapped

NARROW = 72
"""Below so many columns a table whose cells would wrap becomes blocks."""

_GAP = 2


def shortened(text: Text, width: int, cut: str) -> Text:
    """Return text on one line: its first words, and the sign `cut` where there are more."""
    if text.cell_len <= width:
        return text
    return wrapped(text, width - cell_len(cut) - 1)[0] + Text(f" {cut}", style="dim")


def show_wrapped(screen: Screen, line: Text, lead: str = "") -> None:
    """Show a text, set in: on a terminal in lines that break between words, elsewhere in one."""
    for part in wrapped(line, screen.prose_width, lead, f"{lead}  "):
        screen.out.print(part, soft_wrap=True)


def first_lines(lines: Sequence[Text], most: int, width: int, cut: str) -> list[Text]:
    """Return at most so many lines; where there are more the last one ends with the sign `cut`."""
    if len(lines) <= most:
        return list(lines)
    last = lines[most - 1]
    indent = last.plain[: len(last.plain) - len(last.plain.lstrip())]
    fitting = wrapped(last, width - cell_len(cut) - 1, indent)[0]
    return [*lines[: most - 1], fitting + Text(f" {cut}", style="dim")]


def show_rows(screen: Screen, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Show a table, or where it has no room, each row as a block with its titles."""
    widths = _widths(titles, rows, screen.out.width)
    if widths is None:
        for line in _blocks(titles, rows, screen.prose_width):
            screen.out.print(line, soft_wrap=True)
        return
    head = [Text(title, style="bold") for title in titles]
    for row in (head, *rows):
        for line in _row_lines(row, widths):
            screen.out.print(line, soft_wrap=True)


def show_noted_rows(screen: Screen, titles: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
    """Show a table whose last cells stay whole: where they have no room, below their rows."""
    widths = _widths(titles, rows, screen.out.width)
    columns = zip(*([Text(title) for title in titles], *rows), strict=True)
    natural = tuple(max(cell.cell_len for cell in column) for column in columns)
    short = _widths(titles[:-1], [row[:-1] for row in rows], screen.out.width)
    if widths == natural or short is None:
        show_rows(screen, titles, rows)
        return
    head = [Text(title, style="bold") for title in titles]
    for *cells, note in (head, *rows):
        for line in _row_lines(cells, short):
            screen.out.print(line, soft_wrap=True)
        if note.plain.strip():
            show_wrapped(screen, note, "    ")


def _row_lines(row: Sequence[Text], widths: Sequence[int]) -> Iterator[Text]:
    """Yield a row of a table in lines without spaces at their ends."""
    columns = [
        [part for line in cell.split("\n", allow_blank=True) for part in wrapped(line, width)]
        for cell, width in zip(row, widths, strict=True)
    ]
    for cells in zip_longest(*columns, fillvalue=Text()):
        line = Text()
        for cell, width in zip(cells, widths, strict=True):
            shown = cell.copy()
            shown.pad_right(max(width - cell.cell_len, 0) + _GAP)
            line.append_text(shown)
        line.rstrip()
        yield line


def _widths(
    titles: Sequence[str], rows: Sequence[Sequence[Text]], room: int
) -> tuple[int, ...] | None:
    """Return how wide each column is; None where a table is not to be had in so many columns."""
    columns = list(zip(*([Text(title) for title in titles], *rows), strict=True))
    natural = [max(cell.cell_len for cell in column) for column in columns]
    room -= _GAP * len(columns)  # the last column has a gap too
    if sum(natural) <= room:
        return tuple(natural)
    least = [max(map(_longest_word, column)) for column in columns]
    if room < NARROW - _GAP * len(columns) or sum(least) > room:
        return None
    left, widths = room - sum(least), list(least)
    for number in sorted(range(len(columns)), key=lambda one: natural[one]):
        longer = sum(natural[one] > widths[one] for one in range(len(columns)))
        more = min(natural[number] - widths[number], left // max(longer, 1))
        widths[number] += more
        left -= more
    return tuple(widths)


def _longest_word(cell: Text) -> int:
    return max((cell_len(word) for word in cell.plain.split()), default=0)


def _blocks(titles: Sequence[str], rows: Sequence[Sequence[Text]], width: int) -> Iterator[Text]:
    """Yield each row as lines: its first cell, and below it the others with their titles."""
    for first, *cells in rows:
        head = first.copy()
        head.stylize("bold")
        yield head
        for title, cell in zip(titles[1:], cells, strict=True):
            if cell.plain.strip():
                lead = Text(f"{title.lower()}: " if title else "", style="dim")
                yield from wrapped(lead + cell, width, "  ", "    ")
