"""Unique pupil numbers: checked by their check letter, and replaced by a keyed hash."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.privacy_key import StudyKey

_SHAPE = re.compile(r"[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]")


def looks_like_upn(text: str) -> bool:
    """Tell whether a text has the shape of a unique pupil number, sound or not.

    Examples
    --------
    >>> looks_like_upn("b801 2000 05 001"), looks_like_upn("p17")
    (True, False)
    """
    return _SHAPE.fullmatch(_compact(text)) is not None


def is_sound_upn(text: str) -> bool:
    """Check a unique pupil number, temporary ones too.

    Notes
    -----
    The check letter decides. An authority that python-stdnum's list of 2011 does not know is
    accepted: authorities have been made since.

    Examples
    --------
    >>> is_sound_upn("B801200005001"), is_sound_upn("A801200005001")
    (True, False)
    """
    from stdnum.gb import upn

    said = _compact(text)
    return _SHAPE.fullmatch(said) is not None and upn.calc_check_digit(said[1:]) == said[0]


def hash_upns(cells: pd.Series, key: StudyKey) -> pd.Series:
    """Replace every cell that has the shape of a pupil number; the others stay as they are."""
    import pandas as pd

    codes, texts = pd.factorize(cells)
    hashed = [key.hash(_compact(text)) if looks_like_upn(text) else text for text in texts]
    return pd.Series(pd.array([*hashed, None], dtype="str").take(codes), index=cells.index)


def unsound_upns(cells: pd.Series, *, all_of_them: bool) -> NDArray[np.bool_]:
    """Mark cells with a pupil number that is not sound.

    With ``all_of_them`` every cell is meant to hold one; otherwise only those of its shape.
    """
    import pandas as pd

    codes, texts = pd.factorize(cells)
    bad = [(all_of_them or looks_like_upn(text)) and not is_sound_upn(text) for text in texts]
    return pd.array([*bad, False], dtype=bool).take(codes).to_numpy(dtype=bool)


def _compact(text: str) -> str:
    from stdnum.gb import upn

    return upn.compact(str(text))
