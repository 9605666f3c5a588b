"""The same school under a new number: follow one-to-one successors, and account for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.checks import require_columns

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    import pandas as pd

KEPT, CONTINUED, MERGED, SPLIT, CYCLE = "kept", "continued as", "merged into", "split", "cycle"


def resolve_urns(
    urns: Iterable[str], links: pd.DataFrame, *, on: date | None = None
) -> pd.DataFrame:
    """Find the number under which each school goes on.

    Parameters
    ----------
    urns : iterable of str
        School URNs, any order, repeats allowed.
    links : DataFrame
        One row per link: ``school_urn``, ``link_urn``, ``link_type`` and ``link_date``, as
        ``loaders.load_links`` gives them.
    on : date, optional
        Follow links up to this day only; a link without a date is followed. Default: all links.

    Returns
    -------
    DataFrame
        One row per distinct URN, in the order met: ``school_urn``, ``current_urn``, ``outcome``
        ("kept", "continued as", "merged into", "split", "cycle") and ``n_steps``. After a split,
        or on a cycle, nobody can say which number goes on without a decision: ``current_urn`` is
        then the last number before it.

    Raises
    ------
    MissingColumnsError
        If ``links`` lacks a column.

    Notes
    -----
    Only links whose type begins with "Successor" are followed; a school with several successors
    has split, a school whose successor has several predecessors has merged.

    Examples
    --------
    >>> import pandas as pd
    >>> links = pd.DataFrame({"school_urn": ["900007"], "link_urn": ["900071"]})
    >>> links = links.assign(link_type="Successor", link_date=pd.Timestamp("2021-01-01"))
    >>> resolve_urns(["900007", "900008"], links)
      school_urn current_urn       outcome  n_steps
    0     900007      900071  continued as        1
    1     900008      900008          kept        0
    """
    import pandas as pd

    needed = ("school_urn", "link_urn", "link_type", "link_date")
    require_columns(links.columns, needed, step="resolve_urns", hint="loaders.load_links(path)")
    forward = links[links["link_type"].astype("str").str.startswith("Successor")]
    if on is not None:
        forward = forward[forward["link_date"].isna() | (forward["link_date"] <= pd.Timestamp(on))]
    pairs = set(zip(forward["school_urn"], forward["link_urn"], strict=True))
    onward: dict[str, list[str]] = {}
    backward: dict[str, int] = {}
    for old, new in sorted(pairs):
        onward.setdefault(old, []).append(new)
        backward[new] = backward.get(new, 0) + 1
    rows = [(urn, *_follow(urn, onward, backward)) for urn in dict.fromkeys(urns)]
    return pd.DataFrame(rows, columns=["school_urn", "current_urn", "outcome", "n_steps"])


def _follow(
    urn: str, onward: dict[str, list[str]], backward: dict[str, int]
) -> tuple[str, str, int]:
    seen, here, outcome = [urn], urn, KEPT
    while here in onward:
        successors = onward[here]
        if len(successors) > 1:
            return here, SPLIT, len(seen) - 1
        if successors[0] in seen:
            return urn, CYCLE, 0
        here = successors[0]
        seen.append(here)
        outcome = MERGED if outcome == MERGED or backward[here] > 1 else CONTINUED
    return here, outcome, len(seen) - 1
