"""An export and its mapping become survey rows; free text becomes rows of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import careerbench.loaders.privacy as privacy
from careerbench import checks
from careerbench.errors import ReadError, quoted
from careerbench.loaders import validate
from careerbench.loaders.exports.closed import frequent_answers
from careerbench.loaders.exports.judge import AnswerJudge, has_option, was_asked
from careerbench.loaders.exports.model import facts
from careerbench.loaders.exports.plan import Plan, lay_over
from careerbench.loaders.exports.read import open_export, set_apart
from careerbench.loaders.exports.respondents import MappedFile, Opened, describe
from careerbench.loaders.wide import ItemColumn, lengthen

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from careerbench.loaders.exports.mapping import SurveyMapping
    from careerbench.loaders.exports.model import Export

_FIRST = (
    "respondent", "school_urn", "wave", "year_group", "item", "answer", "answer_reason",
)  # fmt: skip


def survey_rows(file: MappedFile, *, step: str) -> pd.DataFrame:
    """Make one row per respondent and item; ``loaders.load_survey`` says what is in it."""
    import numpy as np

    opened = _open(file, step=step)
    items = list(opened.plan.items)
    if not items:
        raise ReadError(
            f"{step}: the mapping of '{opened.export.source.title}' names no item.",
            found="no entry under [items]",
            hint="write which column is which item: careerbench map drafts it",
        )
    common = frequent_answers(
        [opened.export.frame[column] for column, _ in opened.plan.items.values()]
    )
    judged = [_judge(opened, file.mapping, item, common) for item in items]
    wide = opened.frame.assign(
        **{f"item {item}": each.codes for item, each in zip(items, judged, strict=True)}
    )
    columns = [ItemColumn(f"item {item}", item) for item in items]
    frame, findings = lengthen(wide, columns, opened.findings)
    n_rows, headings = len(wide), [opened.plan.items[item][0] for item in items]
    findings = replace(
        findings, cells=np.array([*map(privacy.show_heading, headings)] * n_rows, object)
    )
    reasons = np.column_stack([each.reasons.to_numpy(dtype=object) for each in judged]).ravel()
    for place, each in enumerate(judged):
        for at, said, hint in each.said:
            marked = np.zeros(n_rows * len(items), bool)
            marked[place :: len(items)] = at
            heading = privacy.show_heading(headings[place])
            findings.note_table(heading, said, hint, severity="error", at=marked)
    frame = frame.assign(answer_reason=_as_text(reasons, frame))
    rest = [name for name in frame.columns if name not in _FIRST]
    source = opened.export.source
    return validate.settle(frame[[*_FIRST, *rest]], findings, source, on_problem=file.on_problem)


def free_text_rows(file: MappedFile, *, step: str) -> pd.DataFrame:
    """Make one row per respondent and answer in their own words."""
    import numpy as np
    import pandas as pd

    opened = _open(file, step=step)
    who = opened.frame[["respondent", "school_urn", "wave", "year_group"]]
    parts = [who.head(0).assign(question="", text="")]
    for name in opened.plan.free_text:
        cells = opened.export.frame[name]
        said = who.assign(question=_words(opened.export, name), text=cells)
        parts.append(said[~opened.findings.bad & cells.notna().to_numpy()])
    long = pd.concat(parts, ignore_index=True).astype({"question": "str", "text": "str"})
    findings = replace(opened.findings, bad=np.zeros(len(long), bool))
    return validate.settle(long, findings, opened.export.source, on_problem=file.on_problem)


def _open(file: MappedFile, *, step: str) -> Opened:
    checks.require_one_of(file.on_problem, validate.ON_PROBLEM, name="on_problem", step=step)
    mapping = file.mapping
    if file.wave is not None:
        mapping = replace(mapping, constants={**mapping.constants, "wave": file.wave})
        mapping = replace(
            mapping, columns={k: v for k, v in mapping.columns.items() if k != "wave"}
        )
    export = open_export(file.path, mapping.export or None, step=step, sheet=file.sheet)
    export = set_apart(export, mapping.include, step=step)
    privacy.require_known(file.keep_personal, export.frame.columns, step=step)
    plan = lay_over(mapping, export, file.keep_personal, step=step)
    export = _say_left_out(export, plan).decide(f"mapped by '{mapping.file}'")
    return describe(export, plan, mapping, file, step=step)


def _say_left_out(export: Export, plan: Plan) -> Export:
    texts = {each.column: each.text for each in export.questions}
    private = [name for name, kind in plan.left_out.items() if kind in ("personal", "upn")]
    found = privacy.find_personal(export.frame[private], texts=texts)
    other = [name for name, kind in plan.left_out.items() if kind not in ("personal", "upn")]
    if found:
        export = export.decide(privacy.say_dropped(found))
    if plan.free_text:
        export = export.decide(
            f"free text kept apart: {quoted(map(privacy.show_heading, plan.free_text))}"
        )
    if other:
        export = export.decide(f"columns left out: {quoted(map(privacy.show_heading, other))}")
    return export


def _judge(opened: Opened, mapping: SurveyMapping, item: str, common: set[str]) -> _ItemAnswers:
    """Judge one item's answers, and tell who was not asked from who did not answer."""
    import numpy as np

    column, rule = opened.plan.items[item]
    export = opened.export
    question = next(each for each in export.questions if each.column == column)
    cells = export.frame[column]
    if rule.option:
        cells = has_option(cells, rule, facts(export.kind).get("separators", ()))
    judge = AnswerJudge(item, mapping, export.codes.get(column, {}))
    judged = judge.judge(cells, common | set(question.options))
    reasons = judged.reasons
    if column in export.reasons:
        given = export.reasons[column]
        reasons = reasons.where(cells.notna() | given.isna(), given)
    asked = np.ones(len(cells), bool)
    if item in opened.plan.asked:
        asked = was_asked(export.frame[opened.plan.asked[item]], rule)
    if judge.scale is not None:
        years = next(each.year_groups for each in judge.scale.items if each.id == item)
        if years:
            given_years = opened.frame["year_group"]
            asked = asked & (given_years.isin(years) | given_years.isna()).to_numpy()
    unasked = ~asked & cells.isna().to_numpy()
    return _ItemAnswers(judged.codes, reasons.mask(unasked, "not_asked"), judged.said)


@dataclass(frozen=True, eq=False)
class _ItemAnswers:
    """One item's codes, reasons and what is wrong."""

    codes: pd.Series
    reasons: pd.Series
    said: tuple[tuple[NDArray[np.bool_], str, str], ...]


def _words(export: Export, column: str) -> str:
    return next(each.text for each in export.questions if each.column == column)


def _as_text(values: NDArray[np.object_], frame: pd.DataFrame) -> pd.Series:
    import pandas as pd

    return pd.Series(pd.array(values, dtype="str"), index=frame.index)
