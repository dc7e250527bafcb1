"""A hostile repository as a value, and as a folder of `tests/data/fuzz`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from pairctl.spec import SourceFile

CORPUS = Path(__file__).parents[1] / "data" / "fuzz"


@dataclass(frozen=True)
class Case:
    """Files of a pull request, and of the status branch, by path."""

    documents: Mapping[str, bytes]
    records: Mapping[str, bytes] = field(default_factory=dict)

    def __repr__(self) -> str:
        files = {**self.documents, **self.records}
        return f"Case({', '.join(f'{path}: {len(body)} bytes' for path, body in files.items())})"

    @property
    def sources(self) -> tuple[SourceFile, ...]:
        """The documents in the order of their paths."""
        return tuple(SourceFile(path, body) for path, body in sorted(self.documents.items()))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a case of the corpus: the folders `documents` and `records`."""
        return cls(_files(folder / "documents"), _files(folder / "records"))

    def save(self, folder: Path) -> None:
        """Write the case as a folder."""
        for part, files in (("documents", self.documents), ("records", self.records)):
            for path, content in files.items():
                (folder / part / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / part / path).write_bytes(content)

    def dumps(self) -> str:
        """Return the case as one text, quickly."""
        parts = (
            {p: b.decode("latin-1") for p, b in f.items()} for f in (self.documents, self.records)
        )
        return json.dumps(list(parts))

    @classmethod
    def loads(cls, text: str) -> Self:
        """Return the case that `dumps` wrote."""
        parts = ({p: t.encode("latin-1") for p, t in f.items()} for f in json.loads(text))
        return cls(*parts)


def _files(folder: Path) -> Mapping[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def corpus() -> list[Path]:
    """Return the folders of all cases that once found something."""
    return sorted(path for path in CORPUS.iterdir() if path.is_dir())
