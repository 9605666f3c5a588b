"""One framework file on top of another: what changes is written, the rest is taken over."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careerbench.errors import FrameworkError, did_you_mean
from careerbench.frameworks.files import is_path, read_toml

if TYPE_CHECKING:
    from careerbench.frameworks.faults import Table

_OWN = ("id", "title", "notes", "source", "extends")
_DEEPEST = 8


def extended(toml: Table, *, name: str, folder: Path | None = None, depth: int = 0) -> Table:
    """Put a file on top of the one it ``extends``: an edition's name or a path from ``folder``.

    Entries of the file win. A scale or Benchmark whose name or id the base has takes the other's
    place whole; others come after. ``id``, ``title``, ``notes`` and ``source`` are never taken
    over: what is said of one edition need not hold for another.

    Raises
    ------
    FrameworkError
        If the base is not known, or files extend each other in a circle.

    Examples
    --------
    >>> mine = {"id": "mine", "title": "Mine", "extends": "gatsby-2025", "missing": "exclude"}
    >>> both = extended(mine, name="mine.toml")
    >>> both["id"], both["missing"], len(both["benchmark"])
    ('mine', 'exclude', 8)
    """
    if "extends" not in toml:
        return toml
    base = _base(toml["extends"], name, folder, depth)
    kept = {key: value for key, value in base.items() if key not in _OWN}
    own = {key: value for key, value in toml.items() if key != "extends"}
    both = kept | own
    if _named(base.get("scales")) and _named(own.get("scales")):
        both["scales"] = base["scales"] | own["scales"]
    if _listed(base.get("benchmark")) and _listed(own.get("benchmark")):
        both["benchmark"] = _in_place(base["benchmark"], own["benchmark"])
    return both


def _base(said: Any, name: str, folder: Path | None, depth: int) -> Table:
    if depth == _DEEPEST:
        raise FrameworkError(
            f"load_framework: '{name}' extends a file that extends a file without end.",
            found=f"{_DEEPEST} files deep",
            hint="let the first of them stand alone",
        )
    if isinstance(said, str) and is_path(said):
        path = (folder or Path()) / said
        return extended(read_toml(path), name=path.name, folder=path.parent, depth=depth + 1)
    known = shipped_names()
    if said not in known:
        raise FrameworkError(
            f"load_framework: '{name}' extends {said!r}, which is not known.",
            found=repr(said),
            hint=f"{did_you_mean(said, known)} or the path of your own .toml file",
        )
    return extended(shipped_table(said), name=said, depth=depth + 1)


def _in_place(base: list[Table], own: list[Table]) -> list[Table]:
    """Put each Benchmark in the place of the base's of the same id, others at the end."""
    left = list(own)
    merged = []
    for part in base:
        mine = next((one for one in left if one.get("id") == part.get("id")), None)
        merged.append(part if mine is None else mine)
        left = [one for one in left if one is not mine]
    return merged + left


def _named(said: object) -> bool:
    return isinstance(said, dict)


def _listed(said: object) -> bool:
    return isinstance(said, list) and all(isinstance(part, dict) for part in said)


@cache
def shipped_names() -> tuple[str, ...]:
    """Name the editions that ship, by their files: ``gatsby_2025.toml`` holds ``gatsby-2025``."""
    inside = (files("careerbench.frameworks") / "data").iterdir()
    names = (file.name.removesuffix(".toml") for file in inside if file.name.endswith(".toml"))
    return tuple(sorted(name.replace("_", "-") for name in names))


@cache
def shipped_table(name: str) -> Table:
    """Read the file of one edition that ships."""
    file = files("careerbench.frameworks") / "data" / f"{name.replace('-', '_')}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
