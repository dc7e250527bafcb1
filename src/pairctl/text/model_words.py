"""What a model's validator says, without what the library puts before it."""

_PREFIXES = ("Value error, ", "Assertion failed, ")


def model_words(message: str) -> str:
    """Return a message of pydantic's as a person may read it."""
    for prefix in _PREFIXES:
        message = message.removeprefix(prefix)
    return message
