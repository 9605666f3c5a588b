"""Facts about published tables, read from ``schemas/*.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def load_facts(name: str) -> dict:
    """Read one file of ``schemas/`` whole, tables and all.

    Examples
    --------
    >>> load_facts("performance")["layouts"]["ks4"]["local_authority"]
    '4'
    """
    file = files("careerbench.loaders") / "schemas" / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
