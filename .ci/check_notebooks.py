"""Refuse notebooks that are stored with outputs, counts or the state of widgets."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ROOT / "notebooks"


def main() -> int:
    """Print what is wrong; return 1 if anything is, or if there is no notebook to check."""
    notebooks = [
        path for path in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in str(path)
    ]
    problems = [problem for path in sorted(notebooks) for problem in faults(path)]
    print("\n".join(problems) or f"{len(notebooks)} notebooks checked")  # noqa: T201
    return 1 if problems or not notebooks else 0


def faults(path: Path) -> Iterator[str]:
    """Say what a notebook holds that only running it should make."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    name = path.relative_to(ROOT).as_posix()
    if "widgets" in notebook["metadata"]:
        yield f"{name}: holds the state of its widgets"
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell.get("outputs"):
            yield f"{name}: cell {number} holds outputs"
        if cell.get("execution_count") is not None:
            yield f"{name}: cell {number} holds a count"
        if "execution" in cell["metadata"]:
            yield f"{name}: cell {number} holds the times of a run"


if __name__ == "__main__":
    sys.exit(main())
