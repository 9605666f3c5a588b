"""What people write, folded so that the same words are the same text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SAME = str.maketrans(
    {**dict.fromkeys("’‘ʼ´`", "'"), **dict.fromkeys("‐‑‒–—−", "-"), "\u00a0": " "}
)
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*(%|per ?cent)?")
_BRACKET = re.compile(r"\s*\([^()]*\)$")


def folded(said: object) -> str:
    """Fold case, spaces, and the quotes and dashes that word processors put in.

    Examples
    --------
    >>> folded(" Don’t  know "), folded("Some (26–50%)")
    ("don't know", 'some (26-50%)')
    """
    return " ".join(str(said).translate(_SAME).casefold().split())


def answer_lookup(codes: Iterable[str], labels: Mapping[str, str]) -> dict[str, str]:
    """Map every way of writing an answer to its code: code, label, label without its bracket.

    Examples
    --------
    >>> answer_lookup(["some"], {"some": "Some (26-50%)"})
    {'some': 'some', 'some (26-50%)': 'some'}
    """
    known = list(codes)
    full = {folded(labels.get(code, code)): code for code in known}
    short: dict[str, set[str]] = {}
    for label, code in full.items():
        short.setdefault(_BRACKET.sub("", label), set()).add(code)
    alone = {label: code for label, (code, *others) in short.items() if not others}
    return alone | full | {folded(code): code for code in known}


def percent_of(word: str) -> float | None:
    """Read a percentage from 0 to 100; None where it is none, or a fraction without a sign.

    Examples
    --------
    >>> [percent_of(word) for word in ("67", "67.5 %", "0.67", "0.67%", "101", "most")]
    [67.0, 67.5, None, 0.67, None, None]
    """
    match = _PERCENT.fullmatch(word)
    if match is None:
        return None
    percent = float(match[1])
    bare_fraction = 0 < percent < 1 and not match[2]
    return None if percent > 100 or bare_fraction else percent
