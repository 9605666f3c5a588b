"""Words for the codes of a release, in the order in which people expect them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.disclosure.populations import BENCHMARKS, OTHER, POSITIVE
from careerbench.periods import order_year_groups, show_year_group

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from careerbench.study import Study


def labels_of(study: Study) -> pd.DataFrame:
    """List ``dimension``, ``code`` and ``label`` of everything a release writes as a code.

    The dimension of items is ``item:<topic>`` and of answers ``answer:<topic>``.
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
        scale = survey.scale
        for item in scale.items:
            yield f"item:{survey.name}", item.id, item.text
        yield f"item:{survey.name}", scale.id, scale.title
        for code in scale.answers:
            yield f"answer:{survey.name}", code, scale.labels.get(code, code)
        top = [scale.labels.get(code, code) for code in scale.top_box]
        yield f"answer_group:{survey.name}", POSITIVE, f"Positive ({' or '.join(top)})"
        yield f"answer_group:{survey.name}", OTHER, "Other answers"
    years = {
        str(year)
        for survey in study.surveys.values()
        if "year_group" in survey.responses
        for year in survey.responses["year_group"].dropna().unique()
    }
    for year in order_year_groups(years):
        yield "year_group", year, show_year_group(year)
