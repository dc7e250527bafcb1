"""Help on a narrow terminal: without boxes, so that no option, variable or default is cut off."""

import shutil
from functools import partial
from typing import Any

BOXES_FROM = 80
"""From how many columns on there is room for boxes and columns."""

_WIDTH_OF_NAMES = 4
"""A longer name, as each option is, stands on a line of its own."""


def fit_help(command: Any, formatter: Any) -> None:
    """Have a command's help written as plain text where the terminal is narrow."""
    columns = shutil.get_terminal_size().columns
    if columns < BOXES_FROM:
        command.rich_markup_mode = None
        formatter.width = columns - 1
        formatter.write_dl = partial(formatter.write_dl, col_max=_WIDTH_OF_NAMES)
