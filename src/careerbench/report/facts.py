"""Facts of this room, read from the TOML files in it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_words(name: str) -> dict[str, Any]:
    """Read one of the room's files whole, by folder and name.

    Examples
    --------
    >>> load_words("open_data/words")["symbols"]["hidden"]
    'c'
    """
    file = files("careerbench.report") / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
