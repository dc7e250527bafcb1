"""What a package offers is loaded from its modules when it is asked for."""

import ast
import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

import pairctl
from pairctl.on_demand import on_demand

SRC = Path(pairctl.__file__).parent
PACKAGES = sorted(
    file.parent.name
    for file in SRC.glob("*/__init__.py")
    if "from pairctl.on_demand import" in file.read_text()
)


def offered(package: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return what a package imports for type checkers, and what it loads: modules by name."""
    tree = ast.parse((SRC / package / "__init__.py").read_text())
    (branch,) = (one for one in tree.body if isinstance(one, ast.If))
    (assigned,) = branch.orelse
    assert isinstance(assigned, ast.Assign)
    assert isinstance(assigned.value, ast.Call)
    by_module: dict[str, str] = ast.literal_eval(assigned.value.args[1])
    imports = [one for one in branch.body if isinstance(one, ast.ImportFrom)]
    seen = {alias.name: str(one.module) for one in imports for alias in one.names}
    places = {
        name: f"pairctl.{package}.{module}"
        for module, names in by_module.items()
        for name in names.split()
    }
    return seen, places


@pytest.mark.parametrize("package", PACKAGES)
def test_type_checkers_see_what_is_loaded(package: str) -> None:
    """Both lists of a package are one: what is checked, and held to the floors, is what runs."""
    seen, places = offered(package)
    assert seen == places


@pytest.mark.parametrize("package", PACKAGES)
def test_all_that_a_package_offers_is_there(package: str) -> None:
    """Each name leads to what its module has, and never to a module of the same name."""
    module = importlib.import_module(f"pairctl.{package}")
    _, places = offered(package)
    assert set(places) <= set(module.__all__)
    for name in module.__all__:
        found = getattr(module, name)
        assert not isinstance(found, ModuleType)
        if name in places:
            assert found is getattr(sys.modules[places[name]], name)


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    """The error is Python's own, with the package and the name."""
    with pytest.raises(AttributeError, match="'Nothing'"):
        _ = importlib.import_module("pairctl.spec").Nothing


def test_a_name_is_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was asked for stands in the package from then on."""
    package = ModuleType("pairctl.made_up")
    monkeypatch.setitem(sys.modules, package.__name__, package)
    part = ModuleType("pairctl.made_up.part")
    part.thing = object()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, part.__name__, part)
    load = on_demand(package.__name__, {"part": "thing other"})
    assert load("thing") is part.thing
    assert vars(package)["thing"] is part.thing
