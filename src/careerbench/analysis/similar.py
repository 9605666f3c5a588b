"""Schools like a given one, and how much the choice of them matters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from careerbench import checks
from careerbench.analysis import groups, nearest
from careerbench.errors import BadArgumentError, counted, quoted
from careerbench.result import Result, half_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

_SAID = {
    "sd": "divided by its standard deviation",
    "range": "divided by its range",
    "rank": "replaced by its rank, from 0 to 1",
}


@dataclass(frozen=True, eq=False)
class SimilarSchools(Result):
    """The schools nearest to each school asked about, with their distances."""

    to: tuple[str, ...]
    on: tuple[str, ...]
    exact: tuple[str, ...]
    k: int
    scaling: str
    n_schools: int
    n_missing: int
    n_not_exact: int
    n_tied: int
    balance: pd.DataFrame = field(repr=False)

    caption: ClassVar[str] = "The most similar schools, nearest first"
    formats: ClassVar[Mapping[str, str]] = {"distance": ".2f"}
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Say on what schools are alike, who could not be compared, and how good it is."""
        exactly = f", among schools with the same {quoted(self.exact)}" if self.exact else ""
        few = len(self.table) < self.k * len(self.to)
        tied = (
            f"{counted(self.n_tied, 'school')} just as near as the last shown left out: the "
            "earlier row stands first."
            if self.n_tied
            else ""
        )
        return (
            f"distance: straight line over {quoted(self.on)}, each {_SAID[self.scaling]} among "
            f"the {counted(self.n_schools, 'school')} with all of them{exactly}.",
            f"{counted(self.n_missing, 'school')} without a characteristic could not be compared; "
            f"{self.n_not_exact:,} differ in what must be the same.",
            *((f"Fewer than {self.k} schools could be compared.",) if few else ()),
            *((tied,) if tied else ()),
            *self._balance_note(),
        )

    def _balance_note(self) -> tuple[str, ...]:
        """Say how far the schools found are from those asked about, where any were found."""
        if not len(self.table):
            return ()
        worst = self.balance["standardised_difference"].abs().max()
        return (
            f"Largest standardised difference in balance: {half_up(worst, places=2)}; alike on "
            "these characteristics does not mean alike in others.",
        )


@dataclass(frozen=True, eq=False)
class SimilarSets(Result):
    """One comparison with similar schools, under other reasonable choices of them."""

    outcome: str
    to: tuple[str, ...]

    caption: ClassVar[str] = "The comparison with similar schools, under other choices of them"
    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("value", "similar_mean"), ".2f"),
        "difference": "+.2f",
        "largest_imbalance": ".2f",
    }
    counts: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "n_similar": ("similar_mean", "difference"),
        "n_lower": ("similar_mean", "difference"),
        "n_no_outcome": (),
    }

    @property
    def notes(self) -> tuple[str, ...]:
        """Say how far the answer depends on the choice of schools."""
        found = self.table["difference"]
        span = (
            f"from {_signed(found.min())} to {_signed(found.max())}; above zero in "
            f"{int((found > 0).sum())} of {counted(int(found.notna().sum()), 'set')}."
            if found.notna().any()
            else "not known under any set."
        )
        return (
            f"difference in '{self.outcome}', own value less the mean of similar schools: {span}",
            "n_lower: similar schools with a lower value. n_no_outcome: similar schools without "
            "one, in no mean. The first row is the choice made; the others change the number of "
            "schools, the scaling, or leave one characteristic out.",
            "Sets share schools, so their agreement is not independent evidence.",
        )


def similar_schools(
    schools: pd.DataFrame,
    *,
    to: object,
    on: str | Iterable[str],
    k: int = 10,
    exact: str | Iterable[str] | None = None,
    scaling: str = "sd",
    group: str = "school_urn",
) -> SimilarSchools:
    """Find the schools nearest to a school on declared characteristics.

    Parameters
    ----------
    schools : DataFrame
        One row per school: ``school_urn``, the characteristics of ``on`` (numbers or truth
        values) and of ``exact`` (anything).
    to : str or list of str
        The school asked about, or several; none of them is offered as similar to another.
    on : str or list of str
        Characteristics on which to be near.
    k : int, default 10
        Schools to find for each school asked about.
    exact : str or list of str, optional
        Characteristics that must be the same.
    scaling : {"sd", "range", "rank"}
        How characteristics become comparable, over all schools that have every one of them.
    group : str, default "school_urn"
        Column that names the school.

    Returns
    -------
    SimilarSchools
        One row per school asked about and similar school: ``to``, ``rank`` from 1,
        ``school_urn``, ``distance`` (no unit) and the characteristics. ``balance`` has one row per
        characteristic: ``value`` of the schools asked about, ``similar_mean``, ``all_mean`` and
        ``standardised_difference``, value less similar_mean over the standard deviation of all.

    Raises
    ------
    MissingColumnsError
        If ``schools`` lacks a column.
    TableProblemsError
        If a school is there twice, a characteristic is not a number or the same everywhere, or a
        school asked about lacks one.
    BadArgumentError
        If a school asked about is not there, or ``k`` is no number of schools.

    Notes
    -----
    The distance is Euclidean over the scaled characteristics, each counting the same. Schools
    that lack one are left out and counted. Of schools at the same distance the earlier row stands
    first; how many equally near ones were left out is said.

    Examples
    --------
    >>> import pandas as pd
    >>> register = pd.DataFrame({
    ...     "school_urn": ["900001", "900002", "900003", "900004"],
    ...     "n_pupils": [800, 820, 1500, 790], "fsm_share": [0.2, 0.25, 0.1, None],
    ... })
    >>> found = similar_schools(register, to="900001", on=["n_pupils", "fsm_share"], k=1)
    >>> found.to_frame()[["rank", "school_urn", "distance"]].round(2)
       rank school_urn  distance
    0     1     900002      0.66
    """
    step = "similar_schools"
    table = nearest.read_characteristics(schools, to, on, exact, group, step=step)
    k = nearest.whole_number(k, name="k", step=step)
    checks.require_one_of(scaling, nearest.SCALINGS, name="scaling", step=step)
    found, n_tied, n_not_exact = nearest.nearest_to(table, k, scaling)
    return SimilarSchools(
        _listed(table, found),
        to=table.to,
        on=table.on,
        exact=table.exact,
        k=k,
        scaling=scaling,
        n_schools=int(table.whole.sum()),
        n_missing=int((~table.whole).sum()),
        n_not_exact=n_not_exact,
        n_tied=n_tied,
        balance=nearest.balance(table, found),
    )


def similar_sets(
    schools: pd.DataFrame,
    *,
    to: object,
    on: str | Iterable[str],
    outcome: str,
    k: int | Sequence[int] = (10, 5, 20),
    exact: str | Iterable[str] | None = None,
    scaling: str | Sequence[str] = nearest.SCALINGS,
    leave_out: bool = True,
    group: str = "school_urn",
) -> SimilarSets:
    """Compare a school's outcome with similar schools, under each reasonable choice of them.

    Parameters
    ----------
    schools, to, on, exact, group
        As for :func:`similar_schools`.
    outcome : str
        Column of numbers or truth values to compare.
    k, scaling : one or several
        Numbers of schools and scalings to try; the first of each is the choice made.
    leave_out : bool, default True
        Also leave out one characteristic of ``on`` at a time, with the first k and scaling.

    Returns
    -------
    SimilarSets
        One row per set: ``on``, ``k``, ``scaling``, ``value`` (of the schools asked about),
        ``similar_mean``, ``difference``, ``n_similar`` with an outcome, ``n_lower``,
        ``n_no_outcome``, ``n_shared`` with the set of the first row, ``largest_imbalance``.

    Raises
    ------
    MissingColumnsError, TableProblemsError, BadArgumentError
        As :func:`similar_schools`.

    Notes
    -----
    With several schools asked about, ``value`` and ``similar_mean`` are means over those with an
    outcome, each against its own similar schools.

    Examples
    --------
    >>> import pandas as pd
    >>> register = pd.DataFrame({
    ...     "school_urn": list("abcdef"), "n_pupils": [800, 820, 1500, 790, 400, 900],
    ...     "fsm_share": [0.2, 0.25, 0.1, 0.3, 0.2, 0.15], "n_achieved": [5, 4, 6, 3, 2, 4],
    ... })
    >>> found = similar_sets(
    ...     register, to="a", on=["n_pupils", "fsm_share"], outcome="n_achieved", k=[2, 3]
    ... )
    >>> found.to_frame()[["k", "scaling", "similar_mean", "difference"]].head(2).round(2)
       k scaling  similar_mean  difference
    0  2      sd           4.0         1.0
    1  2   range           4.0         1.0
    """
    step = "similar_sets"
    table = nearest.read_characteristics(schools, to, on, exact, group, step=step)
    checks.require_name(outcome, name="outcome", step=step)
    checks.require_truth(leave_out, name="leave_out", step=step)
    nearest.require_known(schools, [outcome], step=step)
    groups.require_table(schools, [outcome], step=step, hint=nearest.HINT)
    value = nearest.numbers(schools[outcome], step=step)
    numbers = [nearest.whole_number(one, name="k", step=step) for one in nearest.several(k)]
    scalings = checks.as_names(scaling)
    for one in scalings:
        checks.require_one_of(one, nearest.SCALINGS, name="scaling", step=step)
    if not numbers or not scalings:
        raise BadArgumentError(f"{step}: k or scaling names nothing.", found="nothing", hint="k=10")
    sets = [(table, number, one) for number in numbers for one in scalings]
    if leave_out and len(table.on) > 1:
        sets += [(table.without(name), numbers[0], scalings[0]) for name in table.on]
    return SimilarSets(_compared(sets, value), outcome=str(outcome), to=table.to)


def _signed(number: float) -> str:
    return half_up(number, places=2, sign=True)


def _listed(table: nearest.Characteristics, found: nearest.Near) -> pd.DataFrame:
    """Make one row per school asked about and similar school."""
    import pandas as pd

    rows = np.concatenate([those for _, those, _ in found])
    listed = pd.DataFrame(
        {
            "to": [table.urn[row] for row, those, _ in found for _ in those],
            "rank": np.concatenate([np.arange(1, len(those) + 1) for _, those, _ in found]),
            "school_urn": table.urn[rows],
            "distance": np.concatenate([distance for *_, distance in found]),
        }
    )
    return listed.assign(**{name: table.traits[rows, at] for at, name in enumerate(table.on)})


def _compared(
    sets: list[tuple[nearest.Characteristics, int, str]], outcome: NDArray[np.float64]
) -> pd.DataFrame:
    """Compare the outcome under each set of similar schools."""
    import pandas as pd

    rows: list[dict] = []
    first: set[tuple[int, int]] = set()
    for table, k, scaling in sets:
        found, _, _ = nearest.nearest_to(table, k, scaling)
        pairs = {(row, int(one)) for row, those, _ in found for one in those}
        first = first or pairs
        own, means, lower, n, none = [], [], 0, 0, 0
        for row, those, _ in found:
            there = outcome[those][~np.isnan(outcome[those])]
            n, none = n + len(there), none + len(those) - len(there)
            if np.isnan(outcome[row]) or not len(there):
                continue
            own.append(outcome[row])
            means.append(there.mean())
            lower += int((there < outcome[row]).sum())
        value, similar = (float(np.mean(one)) if one else np.nan for one in (own, means))
        imbalance = nearest.balance(table, found)["standardised_difference"].abs().max()
        rows.append(
            {
                "on": ", ".join(table.on),
                "k": k,
                "scaling": scaling,
                "value": value,
                "similar_mean": similar,
                "difference": value - similar,
                "n_similar": n,
                "n_lower": lower,
                "n_no_outcome": none,
                "n_shared": len(pairs & first),
                "largest_imbalance": imbalance,
            }
        )
    return pd.DataFrame(rows)
