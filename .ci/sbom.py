#!/usr/bin/env python3
"""Writes the software bill of materials: CycloneDX 1.6, as JSON, with the same bytes each time.

`sbom.py FILE` lists pairctl and what it runs with, in the versions of src/requirements.txt, and
who needs whom. The time in it is SOURCE_DATE_EPOCH, where that is set; its number follows from all
the rest.
"""

import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packages import closure, pinned, project, this_python, version
from packageurl import PackageURL

FORMAT = SchemaVersion.V1_6


def main(file: Path) -> None:
    """Write the file, once it has held against the format's own schema."""
    bom = bill(int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    bom.serial_number = uuid5(NAMESPACE_URL, text(bom))
    made = text(bom)
    if wrong := JsonStrictValidator(FORMAT).validate_str(made):
        raise SystemExit(f"not CycloneDX: {wrong}")
    file.write_text(f"{made}\n", "utf-8")


def bill(epoch_s: int) -> Bom:
    """List the components, and what each of them needs directly."""
    needed = closure([this_python()])
    components = dict(components_of(needed))
    own = components.pop("pairctl")
    bom = Bom(serial_number=UUID(int=0), components=components.values())
    bom.metadata.timestamp = datetime.fromtimestamp(epoch_s, UTC)
    bom.metadata.component = own
    for name, direct in needed.items():
        bom.register_dependency(components.get(name, own), [components[one] for one in direct])
    return bom


def components_of(names: dict[str, set[str]]) -> Iterator[tuple[str, Component]]:
    """Describe each of them; a package is known by its name and version, wherever it comes from."""
    for name in names:
        is_own = name == "pairctl"
        number = version() if is_own else pinned()[name].version
        licenses = [LicenseFactory().make_from_string(str(project()["license"]))] if is_own else []
        yield (
            name,
            Component(
                name=name,
                version=number,
                type=ComponentType.APPLICATION if is_own else ComponentType.LIBRARY,
                purl=PackageURL("pypi", None, name, number),
                bom_ref=f"{name}=={number}",
                licenses=licenses,
            ),
        )


def text(bom: Bom) -> str:
    """Give the bill as JSON."""
    return make_outputter(bom, OutputFormat.JSON, FORMAT).output_as_string(indent=2)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program, and its one argument
        raise SystemExit("which file? sbom.py FILE")
    main(Path(sys.argv[1]))
