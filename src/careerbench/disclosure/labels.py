"""Words for the codes of a release, in the order in which people expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.disclosure.populations import BENCHMARKS, OTHER, POSITIVE
from careerbench.periods import (
    YEAR_GROUPS,
    key_stage_of,
    order_year_groups,
    show_year_group,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from careerbench.frameworks import SurveyScale
    from careerbench.study import Study, Survey

_TITLES = {"year_group": "Year group", "sex": "Sex", "fsm": "Free school meals",
           "fsm6": "Free school meals at any time in six years",
           "sen": "Special educational needs"}  # fmt: skip
_CODES = {
    "sex": {"F": "Female", "M": "Male"},
    "fsm": {
        "yes": "Eligible for free school meals",
        "no": "Not eligible for free school meals",
    },
}
"""Words for the codes that most surveys use; a code without a word is its own word."""


def labels_of(study: Study) -> pd.DataFrame:
    """List ``dimension``, ``code`` and ``label`` of everything a release writes as a code.

    The dimension of items is ``item:<topic>``, of answers ``answer:<topic>``, of groups of answers
    ``answer_group:<topic>``, and ``answer_group:<topic>:<item>`` for an item that is put the other
    way round. The names of characteristics themselves stand under ``characteristic``.
    """
    import pandas as pd

    return pd.DataFrame(_rows(study), columns=["dimension", "code", "label"]).astype("str")


def _rows(study: Study) -> Iterator[tuple[str, str, str]]:
    yield "topic", BENCHMARKS, "Benchmarks"
    for survey in study.surveys.values():
        yield "topic", survey.name, survey.title
    for wave, title in study.wave_titles.items():
        yield "wave", wave, title
    for benchmark, title in study.framework.labels.items():
        yield f"item:{BENCHMARKS}", benchmark, title
    for state in ("achieved", "partial", "not achieved", "not scored"):
        yield f"answer:{BENCHMARKS}", state, state.capitalize()
    for survey in study.surveys.values():
        yield from _of_survey(survey)
    yield from _of_characteristics(study)


def _of_survey(survey: Survey) -> Iterator[tuple[str, str, str]]:
    """Name a survey's items and answers; an item put the other way round has its own groups."""
    scale = survey.scale
    for item in scale.items:
        yield f"item:{survey.name}", item.id, item.text
    yield f"item:{survey.name}", scale.id, scale.title
    for code in scale.answers:
        yield f"answer:{survey.name}", code, scale.labels.get(code, code)
    yield f"answer_group:{survey.name}", POSITIVE, _positive(scale, reverse=False)
    yield f"answer_group:{survey.name}", OTHER, "Other answers"
    for item in scale.items:
        if item.reverse:
            own = f"answer_group:{survey.name}:{item.id}"
            yield own, POSITIVE, _positive(scale, reverse=True)
            yield own, OTHER, "Other answers"


def _positive(scale: SurveyScale, *, reverse: bool) -> str:
    """Say which answers count as positive, as `populations` groups them."""
    top = {scale.answers[code] for code in scale.top_box}
    said = [
        scale.labels.get(code, code)
        for code in scale.answers
        if scale.value_of(code, reverse=reverse) in top
    ]
    return f"Positive ({' or '.join(said)})"


def _of_characteristics(study: Study) -> Iterator[tuple[str, str, str]]:
    """Name the characteristics that a release is sliced by, and their codes."""
    for name in study.release.characteristics:
        met = {
            str(code)
            for survey in study.surveys.values()
            if name in survey.responses
            for code in survey.responses[name].dropna().unique()
        }
        if not met:
            continue
        if name == "year_group":
            yield "characteristic", "key_stage", "Key stage"
        yield "characteristic", name, _TITLES.get(name, name.replace("_", " ").capitalize())
        if name == "year_group":
            met_stages = {key_stage_of(year) for year in met}
            for stage in dict.fromkeys(key_stage_of(year) for year in YEAR_GROUPS):
                if stage and stage in met_stages:
                    yield "key_stage", stage, _stage(stage)
            for year in order_year_groups(met):
                yield name, year, show_year_group(year)
        else:
            words = _CODES.get(name, {})
            for code in [*(c for c in words if c in met), *sorted(met - set(words))]:
                yield name, code, words.get(code, code)


def _stage(code: str) -> str:
    return "Early years (EYFS)" if code == "EYFS" else f"Key stage {code.removeprefix('KS')}"
