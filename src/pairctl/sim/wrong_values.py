"""Why a value of a simulation file is refused: in YAML's words, not in those of the models."""

from typing import Final

from pydantic_core import ErrorDetails
from ruamel.yaml.nodes import Node, ScalarNode

from pairctl.text import model_words

_SECRETS: Final = frozenset({"key", "password", "value"})
_LONGEST_SHOWN = 40

_READ_AS: Final = {
    "int": "a number",
    "float": "a number",
    "bool": "a truth value",
    "timestamp": "a date",
}
"""What a value without quotes is, by the last part of its YAML tag."""

_NEEDED: Final = {
    **dict.fromkeys(("string_type", "string_unicode"), "text is needed"),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float"), "a whole number is needed"),
    **dict.fromkeys(("float_type", "float_parsing", "finite_number"), "a number is needed"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "true or false is needed"),
    **dict.fromkeys(("list_type", "tuple_type", "iterable_type"), "a list is needed"),
    **dict.fromkeys(("dict_type", "model_type", "dataclass_type"), "a mapping is needed"),
    **dict.fromkeys(
        ("datetime_type", "datetime_parsing", "datetime_from_date_parsing"),
        "a time such as 2030-01-31T12:00:00Z is needed",
    ),
    "literal_error": "{expected} is needed",
    "too_short": "at least {min_length} is needed",
    "string_too_short": "at least {min_length} characters are needed",
    "string_too_long": "at most {max_length} characters are allowed",
    "greater_than_equal": "at least {ge} is needed",
    "less_than_equal": "at most {le} is allowed",
    "greater_than": "more than {gt} is needed",
    "less_than": "less than {lt} is needed",
}
"""What is needed, by the kind of a model's error."""


def wrong_value(error: ErrorDetails, node: Node | None) -> str:
    """Return what is wrong with a value that stands in `node`, and what to write if that is plain.

    A value that may be a secret is not shown.
    """
    if error["type"] == "string_type" and isinstance(node, ScalarNode) and not node.style:
        return _not_text(node, is_hidden=error["loc"][-1] in _SECRETS)
    if error["type"] == "string_too_short" and error["ctx"]["min_length"] == 1:
        return "it is empty"
    needed = _NEEDED.get(error["type"])
    if needed is None:
        return model_words(error["msg"])
    return needed.format(
        **{
            name: int(limit) if isinstance(limit, float) and limit.is_integer() else limit
            for name, limit in error.get("ctx", {}).items()
        }
    )


def _not_text(node: ScalarNode, *, is_hidden: bool) -> str:
    read_as = _READ_AS.get(str(node.tag).rpartition(":")[2])
    if read_as is None:
        return "it has no value; text is needed"
    if is_hidden or len(node.value) > _LONGEST_SHOWN:
        return f"it is {read_as} here: write it in quotes"
    return f'{node.value} is {read_as} here: write "{node.value}"'
