"""Time periods and their identifiers."""

from __future__ import annotations

from careerbench.errors import did_you_mean
from careerbench.loaders.published.facts import load_facts
from careerbench.loaders.published.screening.pair import Pair, in_rows, told


def check_times(pair: Pair) -> None:
    """Run every check of this file."""
    if pair.has("time_identifier"):
        _check_identifiers(pair)
    if pair.has("time_period"):
        _check_periods(pair)
    if pair.has("time_identifier", "time_period"):
        _check_lengths(pair)


def _check_identifiers(pair: Pair) -> None:
    facts = load_facts("ees")["time"]
    families = [*facts["four_digits"], *facts["six_digits"]]
    known = [name for family in families for name in family]
    met = pair.data.values("time_identifier").tolist()
    for name in met:
        if name not in known:
            said = f"'{name}' is not a time_identifier" if name else "time_identifier is blank"
            pair.faults.error(
                pair.data.name,
                "time_identifier",
                said,
                did_you_mean(name, known) if name else "such as Academic year",
                row=pair.data.row_of(pair.data.frame["time_identifier"] == name),
            )
    kinds = {at for at, family in enumerate(families) for name in met if name in family}
    if len(kinds) > 1:
        pair.faults.error(
            pair.data.name,
            "time_identifier",
            f"the file mixes time identifiers that do not go together: {told(met)}",
            "a file for each kind of period",
        )


def _check_periods(pair: Pair) -> None:
    periods = pair.data.values("time_period")
    hint = "four digits, or six for two consecutive years such as 201920"
    for period in periods:
        where = pair.data.frame["time_period"] == period
        if period == "":
            said = f"time_period is blank {in_rows(int(where.sum()))}"
        elif not (period.isascii() and period.isdigit() and len(period) in {4, 6}):
            said = f"time_period '{period}' is not a four or six digit number"
        elif len(period) == 6 and (int(period[2:4]) + 1) % 100 != int(period[4:]):
            said = f"time_period '{period}' is not two consecutive years"
        else:
            continue
        pair.faults.error(pair.data.name, "time_period", said, hint, row=pair.data.row_of(where))


def _check_lengths(pair: Pair) -> None:
    """Check that each identifier stands beside periods of its own length."""
    facts = load_facts("ees")["time"]
    pairs = pair.data.frame[["time_identifier", "time_period"]].drop_duplicates()
    for length, families in ((4, facts["four_digits"]), (6, facts["six_digits"])):
        names = [name for family in families for name in family]
        rows = pairs[pairs["time_identifier"].isin(names)]
        wrong = rows[(rows["time_period"].str.len() != length) & (rows["time_period"] != "")]
        for name, found in wrong.groupby("time_identifier", sort=False):
            where = (pair.data.frame["time_identifier"] == name) & pair.data.frame[
                "time_period"
            ].isin(found["time_period"])
            pair.faults.error(
                pair.data.name,
                "time_period",
                f"time_period {told(found['time_period'])} does not go with time_identifier "
                f"'{name}'",
                f"a number of {length} digits",
                row=pair.data.row_of(where),
            )
