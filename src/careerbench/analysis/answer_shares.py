"""How often each answer to each item of a survey was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from careerbench.analysis import groups
from careerbench.analysis.results_pictures import AnswerShares

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.frameworks import SurveyScale

_STEP = "answer_shares"
_TAKEN = ("item", "answer", "n", "n_answered", "n_missing", "share", "value", "in_top_box")


def answer_shares(
    responses: pd.DataFrame,
    scale: SurveyScale | str | Path,
    *,
    by: str | Iterable[str] | None = None,
) -> AnswerShares:
    """Count how often each answer to each item of a scale was given.

    Parameters
    ----------
    responses : DataFrame
        One row per respondent and item, as for :func:`careerbench.scoring.score_items`:
        ``respondent``, ``school_urn``, ``item``, ``answer``.
    scale : SurveyScale, str or Path
        The scale, its name, or the path of its TOML file.
    by : str or list of str, optional
        Columns to take apart, such as ``["year_group"]`` or ``"wave"``.

    Returns
    -------
    AnswerShares
        One row per group, item and answer, from the lowest answer to the highest, and a row for
        an answer that nobody gave: ``n`` who gave it, ``n_answered`` (those whose answer counts),
        ``n_missing`` (asked, and no answer that counts) and ``share`` of ``n_answered`` (0 to 1;
        missing where nobody answered, and then ``share_reason`` says so).

    Raises
    ------
    MissingColumnsError
        If the table lacks a column.
    CareerBenchError
        As for :func:`careerbench.scoring.score_items`.
    BadArgumentError
        If ``by`` names a column that the result has for itself.

    Notes
    -----
    Answers are counted as they were ticked; those to reversed items are not turned round. Pupils
    of one school are not independent, so there is no interval: these describe.

    Examples
    --------
    >>> import pandas as pd
    >>> responses = pd.DataFrame({"respondent": list("abc"), "answer": ["Yes", "Yes", None]})
    >>> responses = responses.assign(school_urn="900001", item="pu_jobs", year_group="3")
    >>> found = answer_shares(responses, "pupil-careers").to_frame()
    >>> found[["item", "answer", "n", "n_answered", "n_missing", "share"]].tail(2)
          item answer  n  n_answered  n_missing  share
    2  pu_jobs  A bit  0           2          1    0.0
    3  pu_jobs    Yes  2           2          1    1.0
    """
    from careerbench.frameworks import SurveyScale, load_scale
    from careerbench.scoring.scales import score_items

    rule = scale if isinstance(scale, SurveyScale) else load_scale(scale)
    names = [name for name in groups.free_names(by, _TAKEN, step=_STEP) if name != "scale"]
    hint = "loaders.load_survey(path)"
    needed = ["respondent", "school_urn", "item", "answer", *names]
    groups.require_table(responses, needed, step=_STEP, hint=hint)
    rows = score_items(responses, rule)
    group, table = groups.group_rows(rows, names)
    code = _codes(rows["answer"], rule)
    item = np.array([rule.item_ids.index(name) for name in rows["item"].astype(str)], dtype=int)
    met = np.array(sorted(set(item)), dtype=int)
    shape = (len(table), len(met), len(rule.answers) + 1)
    place = (group, np.searchsorted(met, item), code)
    flat = np.ravel_multi_index(place, shape) if len(rows) else np.empty(0, dtype=int)
    counts = np.bincount(flat, minlength=int(np.prod(shape))).reshape(shape)
    levels = tuple(rule.labels.get(answer, answer) for answer in rule.answers)
    found = _table(table, [rule.item_ids[number] for number in met], levels, counts)
    texts = {one.id: one.text for one in rule.items}
    return AnswerShares(found, scale=rule.id, levels=levels, items=texts, by=tuple(names))


def _codes(answers: pd.Series, scale: SurveyScale) -> NDArray[np.int64]:
    """Give each answer its place on the scale; what counts as none comes last."""
    from careerbench.frameworks.words import folded

    order = {code: place for place, code in enumerate(scale.answers)}
    said = answers.astype("str").fillna("")
    code = {word: scale.lookup.get(folded(word), "") for word in said.unique()}
    return np.array([order.get(code[word], len(order)) for word in said], dtype=np.int64)


def _table(
    groups_met: pd.DataFrame, items: list[str], levels: tuple[str, ...], counts: NDArray[np.int64]
) -> pd.DataFrame:
    """Lay the counts out: a row for each group, item and answer; asked of nobody, no row."""
    import pandas as pd

    n_groups, n_items, n_levels = len(groups_met), len(items), len(levels)
    table = groups_met.loc[groups_met.index.repeat(n_items * n_levels)].reset_index(drop=True)
    table["item"] = np.tile(np.repeat(np.array(items, dtype=object), n_levels), n_groups)
    table["answer"] = np.tile(np.array(levels, dtype=object), n_groups * n_items)
    answered = counts[:, :, :-1]
    table["n"] = answered.reshape(-1)
    table["n_answered"] = np.repeat(answered.sum(axis=2).reshape(-1), n_levels)
    table["n_missing"] = np.repeat(counts[:, :, -1].reshape(-1), n_levels)
    table["share"] = groups.ratio(table["n"].to_numpy(), table["n_answered"].to_numpy())
    reason = [None if n else "nobody answered" for n in table["n_answered"]]
    table["share_reason"] = pd.array(reason, dtype="str")
    asked = (table["n_answered"] + table["n_missing"] > 0).to_numpy(dtype=bool)
    return table[asked].reset_index(drop=True)
