"""The kinds of text that answers hold, each with a length and nothing in it that acts on anything.

What is only shown is cut and made printable. What is compared is never altered into something else
that may be equal: it is refused, or marked so that it equals nothing. A text is cleaned of secrets
before it is cut, by the `clean` of the validation's context.
"""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ValidationInfo
from pydantic_core import PydanticCustomError

from pairctl.text import REPLACEMENT, beginning, is_plain, marked, one_line

LONGEST_READ = 2_048
"""How long a text is looked through for secrets that is longer than it may be."""

LONGEST_SHOWN = 500
LONGEST_NAME = 253
LONGEST_WORD = 64
LONGEST_ID = 128
LONGEST_ADDRESS = 300
LONGEST_TAG = 1_024
MOST_TAGS = 64
MOST_LAYERS = 500

_ELLIPSIS = "…"

Clean = Callable[[str], str]


def _clean_of(info: ValidationInfo) -> Clean:
    clean: Clean = (info.context or {}).get("clean", str)
    return clean


def _shown(text: str, info: ValidationInfo) -> str:
    if len(text) > LONGEST_READ:
        return f"(a text of {len(text)} characters)"
    return beginning(one_line(_clean_of(info)(text)), LONGEST_SHOWN) if text else text


def _marked(most: int) -> AfterValidator:
    def within(text: str, info: ValidationInfo) -> str:
        if len(text) > LONGEST_READ:
            return f"{_ELLIPSIS} ({len(text)} characters)"
        if len(text) > most:
            text = _clean_of(info)(text)
        return beginning(marked(text), most)

    return AfterValidator(within)


def _fit(most: int) -> AfterValidator:
    def fit(text: str) -> str:
        if len(text) > most:
            raise PydanticCustomError("too_long", "more than {most} characters", {"most": most})
        if not is_plain(text):
            raise PydanticCustomError(
                "characters_that_cannot_be_shown", "characters that cannot be shown"
            )
        return text

    return AfterValidator(fit)


def without_secret(text: str, info: ValidationInfo) -> str:
    """Refuse an id that holds a secret: ids become names of files, and parts of paths."""
    if _clean_of(info)(text) != text:
        raise PydanticCustomError("holds_a_secret", "an id that holds a secret")
    return text


def _nothing_for_odd(text: str, info: ValidationInfo) -> str:
    fits = len(text) <= LONGEST_ID and is_plain(text) and _clean_of(info)(text) == text
    return text if fits else ""


def _texts(value: Any) -> Any:
    """Drop what is no text: Local UI's tags may hold objects."""
    if not isinstance(value, dict):
        return value
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _tags(value: Any) -> Any:
    """Drop what is no text, and what nobody could type: it equals nothing that is asked for."""
    if not isinstance(value, dict):
        return value
    fitting = (
        (key, text)
        for key, text in _texts(value).items()
        if all(len(one) <= LONGEST_TAG and is_plain(one) for one in (key, text))
    )
    return dict(list(fitting)[:MOST_TAGS])


Shown = Annotated[str, AfterValidator(_shown)]
"""A sentence for people: one line, cleaned, cut."""

Word = Annotated[str, _marked(LONGEST_WORD)]
"""A word such as a state: compared with words that are known, and shown."""

Label = Annotated[str, _marked(LONGEST_NAME)]
"""A name that is shown, or looked up among others; an odd one equals no other."""

PlaceText = Annotated[str, _marked(LONGEST_ADDRESS)]
"""An address as a host gives it."""

Name = Annotated[str, _fit(LONGEST_NAME)]
"""A name that a one-way step rests on: an odd one is refused."""

Identity = Annotated[str, _fit(LONGEST_ID), AfterValidator(without_secret)]
"""An id: whoever gives a secret for one is refused."""

ForeignIdentity = Annotated[str, AfterValidator(_nothing_for_odd)]
"""An id in a list of many, as somebody else gave it: none where it is odd, or holds a secret."""

Texts = Annotated[dict[str, str], BeforeValidator(_texts)]
Tags = Annotated[dict[str, str], BeforeValidator(_tags)]


def is_manifest(pack_type: str) -> bool:
    """Whether a pack is a manifest, by the word for its type: those alone have no version."""
    return pack_type.casefold() == "manifest"


def is_altered(name: str) -> bool:
    """Whether a Label is not what it was made from, as far as that shows."""
    is_cut = name.endswith(_ELLIPSIS) and len(name) == LONGEST_NAME
    return is_cut or name.startswith(_ELLIPSIS) or REPLACEMENT in name


def is_fit(*texts: str) -> bool:
    """Whether texts that are compared letter for letter can be shown as they are."""
    return all(len(text) <= LONGEST_NAME and is_plain(text) for text in texts)
