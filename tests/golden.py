"""Files that hold what came of something, whole: compared in every run, written only when asked."""

from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

FOLDER = Path(__file__).parent / "data" / "endings"
OPTION = "--rewrite-endings"


@dataclass(frozen=True)
class Golden:
    """The files below one folder. With `is_rewriting`, each takes the text it is compared with."""

    folder: Path = FOLDER
    is_rewriting: bool = False

    def holds(self, name: str, text: str) -> None:
        """Assert that a text is the file's, line by line; an absent file is an empty one."""
        path = self.folder / f"{name}.txt"
        if self.is_rewriting:
            path.write_text(text)
        expected = path.read_text() if path.exists() else ""
        differing = unified_diff(
            expected.splitlines(),
            text.splitlines(),
            f"{path.name}, as it is kept",
            "now",
            "",
            "",
            2,
        )
        told = "\n".join(differing)
        assert not told, f"{told}\n\nIf this is right: pytest {OPTION}, and read the difference."
