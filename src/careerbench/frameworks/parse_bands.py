"""TOML to bands of a percentage: where each answer begins."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

_STARTS = ("from", "above")


def parse_bands(answers: object, where: str, faults: list[str]) -> tuple[tuple[float, bool], ...]:
    """Read where each answer's band begins: ``from`` includes that percentage, ``above`` does not.

    A scale without either has no bands. What is wrong is added to ``faults``.

    Examples
    --------
    >>> answers = [{"code": "none", "from": 0}, {"code": "some", "above": 0}, {"code": "all"}]
    >>> faults = []
    >>> parse_bands(answers, "scale 'pupils'", faults), faults
    ((), ["scale 'pupils': the answer 'all' needs from or above, as the others have it"])
    """
    given = answers if isinstance(answers, list) else []
    listed = [answer if isinstance(answer, Mapping) else {"code": answer} for answer in given]
    if not any(key in answer for answer in listed for key in _STARTS):
        return ()
    bands = []
    for answer in listed:
        starts = [key for key in _STARTS if key in answer]
        name = f"the answer '{answer.get('code', '?')}'"
        if len(starts) != 1:
            said = "has from and above" if starts else "needs from or above, as the others have it"
            faults.append(f"{where}: {name} {said}")
            return ()
        start = answer[starts[0]]
        if not isinstance(start, int | float) or isinstance(start, bool) or not 0 <= start <= 100:
            faults.append(f"{where}: {name} begins at {start!r}, which is no percentage")
            return ()
        bands.append((float(start), starts[0] == "from"))
    _check_order(bands, where, faults)
    return tuple(bands)


def _check_order(bands: list[tuple[float, bool]], where: str, faults: list[str]) -> None:
    places = [(start, not inside) for start, inside in bands]
    if places[0] != (0.0, False):
        faults.append(f"{where}: the first band must begin from = 0")
    if any(first >= second for first, second in pairwise(places)):
        faults.append(f"{where}: the bands must be in rising order")
