"""Verdicts laid out as a table: one row for each unit and Benchmark, or criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.scoring import states

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.scoring.dense import Units
    from careerbench.scoring.rules import Verdict

_REASONS = (states.NOTHING_APPLIES, states.NOTHING_ANSWERED, states.ANSWERS_MISSING)


def scores_table(
    verdicts: Mapping[str, Verdict], units: Units, *, missing: str, name: str
) -> pd.DataFrame:
    """Lay Benchmarks out: a row for each unit and Benchmark, units outermost."""
    table = _counts_table(verdicts, units, name)
    base = "n_answered" if missing == "exclude" else "n_applicable"
    reason, state = _reasons_and_states(table, verdicts, missing)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = table["n_met"].to_numpy() / table[base].to_numpy()
    table["share"] = np.where(reason < 0, share, np.nan)
    table["share_reason"] = texts([*_REASONS, None], reason)
    table["state"] = texts(states.STATES, state)
    for count in ("n_criteria_met", "n_criteria_applicable"):
        table[count] = _laid_out([getattr(one, count) for one in verdicts.values()])
    table["n_audits"] = np.repeat(units.n_audits, len(verdicts))
    return table


def criteria_table(
    verdicts: Mapping[str, Verdict],
    units: Units,
    benchmarks: Mapping[str, str],
    *,
    missing: str,
) -> pd.DataFrame:
    """Lay criteria out: a row for each unit and criterion; ``benchmarks`` says whose each is."""
    table = _counts_table(verdicts, units, "criterion")
    _, state = _reasons_and_states(table, verdicts, missing)
    table["state"] = texts(states.STATES, state)
    owners = [benchmarks[criterion] for criterion in verdicts]
    table.insert(2, "benchmark", texts(owners, np.tile(np.arange(len(owners)), len(units))))
    return table


def _counts_table(verdicts: Mapping[str, Verdict], units: Units, name: str) -> pd.DataFrame:
    import pandas as pd

    n = len(verdicts)
    columns: dict[str, object] = {
        "school_urn": units.schools.take(np.repeat(units.school_codes, n)),
        "wave": _waves(units, n),
        name: texts(list(verdicts), np.tile(np.arange(n), len(units))),
        "n_items": np.tile([one.n_items for one in verdicts.values()], len(units)),
    }
    for count in ("n_applicable", "n_answered", "n_met"):
        columns[count] = _laid_out([getattr(one, count) for one in verdicts.values()])
    return pd.DataFrame(columns)


def texts(words: Sequence[str | None], codes: NDArray) -> object:
    """Write words by their number; a negative number counts from the end."""
    import pandas as pd

    return pd.array(list(words), dtype="str").take(np.where(codes < 0, len(words) - 1, codes))


def _waves(units: Units, n: int) -> object:
    """Repeat the waves, as the categories they came in or as text."""
    import pandas as pd

    codes = np.repeat(units.wave_codes, n)
    if isinstance(units.wave_dtype, pd.CategoricalDtype):
        return pd.Categorical.from_codes(codes, dtype=units.wave_dtype)
    return units.waves.take(codes)


def _reasons_and_states(
    table: pd.DataFrame, verdicts: Mapping[str, Verdict], missing: str
) -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """Give numbers to the reason why there is no score (-1: there is one) and to the state."""
    applicable, answered = table["n_applicable"].to_numpy(), table["n_answered"].to_numpy()
    complete = _laid_out([one.n_complete for one in verdicts.values()])
    gaps = (complete < applicable) & (missing == "not_scored")
    reason = np.where(applicable == 0, 0, np.where(answered == 0, 1, np.where(gaps, 2, -1)))
    holds = _laid_out([one.holds for one in verdicts.values()])
    verdict = np.where(holds == 1, 0, np.where(table["n_met"].to_numpy() > 0, 1, 2))
    return reason.astype(np.int8), np.where(reason < 0, verdict, 3).astype(np.int8)


def _laid_out(columns: Sequence[NDArray]) -> NDArray:
    """Lay columns side by side and read them row by row."""
    return np.stack(columns, axis=1).reshape(-1).astype(np.int64)
