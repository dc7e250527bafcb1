"""The labels that `pairctl inventory --write` gives to intents: `--label COLUMN`, `KEY=VALUE`."""

from collections.abc import Sequence

from pairctl.problem import ConfigurationError, Problem
from pairctl.spec import as_name, columns_in, nearest

ACKNOWLEDGE = "acknowledge"
"""The column that rows are acknowledged by."""

MOST_LETTERS = 63
"""How long a label's value may be; what rows make of it is for `validate` to say, by line."""

_HINT = "forms are COLUMN, KEY=VALUE and KEY={COLUMN}"


def labels_of(written: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """Return labels as a template has them, in the order in which they were `written`.

    Raises ConfigurationError for a key that is no name or given twice, a value that no row can
    have, a column that is not there and the one that rows are acknowledged by.
    """
    labels: dict[str, str] = {}
    for text in written:
        key, sign, value = text.partition("=")
        value = value if sign else f"{{{key}}}"
        if key in labels:
            raise _refused(text, f"`{key}` is given twice", "keep one of them")
        plain = value
        for column in columns_in(value):
            plain = plain.replace(f"{{{column}}}", "")
            if column == ACKNOWLEDGE:
                hint = "a person writes it for one row, to permit its pairing; name another column"
                raise _refused(text, f"the column `{column}` serves nothing else", hint)
            if column not in columns:
                hint = nearest(column, columns) or f"the columns are {', '.join(columns)}"
                raise _refused(text, f"the file has no column `{column}`", hint)
        if "{" in plain or "}" in plain:
            raise _refused(text, "a brace is not part of a column's name in braces", _HINT)
        if len(plain) > MOST_LETTERS:
            why = f"its value has {len(plain)} characters; at most {MOST_LETTERS} are allowed"
            raise _refused(text, why, "shorten it")
        try:
            labels[as_name(key)] = value
        except ValueError as error:
            raise _refused(text, str(error), _HINT) from error
    return labels


def _refused(text: str, why: str, hint: str) -> ConfigurationError:
    return ConfigurationError(Problem("BadLabel", f"--label {text}: {why}", hint))
