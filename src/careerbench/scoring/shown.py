"""A share as a publisher shows it: on screen only, never a value to calculate with."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from careerbench.checks import require_one_of
from careerbench.errors import BadArgumentError
from careerbench.frameworks.model import ROUNDINGS
from careerbench.result import show

_STEP = "show_percent"
_MOST_PLACES = 9


def show_percent(share: object, rounding: str = "half_up", *, places: int = 0) -> str:
    """Show a share as a percentage, rounded as a publisher rounds it.

    Parameters
    ----------
    share : number
        A proportion from 0 to 1, such as ``n_met / n_applicable``; missing shows as "".
    rounding : {"half_up", "truncate"}
        ``framework.display`` says which one a framework's publisher uses.
    places : int, default 0
        Decimal places, at most 9.

    Raises
    ------
    BadArgumentError
        If the share is no number from 0 to 1, or the rounding or the places are not known.

    Notes
    -----
    A number is taken as it is written: 0.58 is 58%, though the machine's nearest number is a
    trifle below. Schools' own pages suggest that the older Compass tool cut percentages off; what
    is shown is text, so that nobody calculates with it.

    Examples
    --------
    >>> show_percent(14 / 16), show_percent(14 / 16, "truncate"), show_percent(None)
    ('88%', '87%', '')
    """
    require_one_of(rounding, ROUNDINGS, name="rounding", step=_STEP)
    if type(places) is not int or not 0 <= places <= _MOST_PLACES:
        raise BadArgumentError(
            f"{_STEP}: places must be a whole number from 0 to {_MOST_PLACES}.",
            found=repr(places),
            hint="places=1",
        )
    if show(share) == "":
        return ""
    try:
        exact = None if isinstance(share, str | bool) else Decimal(str(share))
    except InvalidOperation:
        exact = None
    if exact is None or not 0 <= exact <= 1:
        raise BadArgumentError(
            f"{_STEP}: a share must be a number from 0 to 1.", found=repr(share), hint="14 / 16"
        )
    return show(exact, f".{places}%", rounding=rounding)
