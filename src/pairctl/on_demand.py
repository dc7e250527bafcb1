"""What a package offers, loaded from its modules when it is asked for (PEP 562)."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def on_demand(package: str, offers: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a package's `__getattr__`; `offers` has the names by module, with spaces between.

    A name that is also a module's cannot be offered so: loading the module would take its place.
    The same imports stand beside it under `TYPE_CHECKING`, for type checkers and the floors.
    """
    modules = {name: module for module, names in offers.items() for name in names.split()}

    def load(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        found = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, found)  # it is not asked for a second time
        return found

    return load
