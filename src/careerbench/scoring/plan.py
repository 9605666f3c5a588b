"""A framework laid out as small look-up tables that audits are joined to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from careerbench.scoring.rules import parts_needed

if TYPE_CHECKING:
    import pandas as pd

    from careerbench.frameworks import Framework


def criteria_table(framework: Framework) -> pd.DataFrame:
    """One row per criterion: ``benchmark``, ``criterion``, ``n_items``, ``n_needed``."""
    import pandas as pd

    rows = []
    for benchmark in framework.benchmarks:
        for criterion in benchmark.criteria:
            n_items = sum(item.scored for item in criterion.items)
            needed = parts_needed(criterion.rule, n_items)
            rows.append((benchmark.id, criterion.id, n_items, needed))
    return pd.DataFrame(rows, columns=["benchmark", "criterion", "n_items", "n_needed"])


def benchmarks_table(framework: Framework) -> pd.DataFrame:
    """One row per Benchmark: ``benchmark``, ``n_items`` (scored), ``n_criteria_needed``."""
    import pandas as pd

    rows = []
    for benchmark in framework.benchmarks:
        n_items = sum(item.scored for item in benchmark.items)
        needed = parts_needed(benchmark.rule, len(benchmark.criteria))
        rows.append((benchmark.id, n_items, needed))
    return pd.DataFrame(rows, columns=["benchmark", "n_items", "n_criteria_needed"])


def items_table(framework: Framework) -> pd.DataFrame:
    """One row per scored item: ``item``, ``benchmark``, ``criterion``, ``across_any``."""
    import pandas as pd

    rows = [
        (item.id, benchmark.id, criterion.id, item.across_years == "any_of")
        for benchmark in framework.benchmarks
        for criterion in benchmark.criteria
        for item in criterion.items
        if item.scored
    ]
    return pd.DataFrame(rows, columns=["item", "benchmark", "criterion", "across_any"])


def judge_answers(pairs: pd.DataFrame, framework: Framework) -> pd.DataFrame:
    """Judge each distinct item and answer: met, answered, not applicable or unknown.

    ``answer`` is an empty string where there is none. Adds 0/1 columns ``met``, ``answered``,
    ``not_applicable`` and ``unknown``.
    """
    judged = [
        _judge(framework, item, str(answer).strip())
        for item, answer in zip(pairs["item"], pairs["answer"], strict=True)
    ]
    columns = ["met", "answered", "not_applicable", "unknown"]
    return pairs.assign(**{name: [int(row[i]) for row in judged] for i, name in enumerate(columns)})


def _judge(framework: Framework, item_id: str, said: str) -> tuple[bool, bool, bool, bool]:
    item = framework.items.get(item_id)
    if item is None or not said:
        return False, False, False, item is None
    scale = framework.scales[item.scale]
    code = scale.lookup.get(said.casefold())
    answered = code in scale.answers
    return code in item.meets, answered, code in scale.not_applicable, code is None
