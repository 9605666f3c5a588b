"""How the cost of finding what holds schools back grows with their number. Ratios in one run.

Run with ``uv run pytest tests/benchmarks``; the normal test run leaves this folder out.
"""

import time

import numpy as np
import pandas as pd
import pytest

from careerbench import frameworks, scoring

N_SMALL, N_LARGE, N_WAVES = 2_400, 24_000, 3


def made_up(framework, n_schools):
    """Answers of many schools, half of them met."""
    rng = np.random.default_rng(1)
    names = [name for name, item in framework.items.items() if item.scored]
    met = {name: framework.items[name].meets[-1] for name in names}
    unmet = {name: framework.scales[framework.items[name].scale].answers[0] for name in names}
    words = sorted({*met.values(), *unmet.values()})
    to_code = np.array([[words.index(side[name]) for name in names] for side in (unmet, met)])
    unit, item = np.divmod(np.arange(n_schools * N_WAVES * len(names)), len(names))
    answer = to_code[rng.integers(0, 2, len(item)), item]
    columns = {
        "school_urn": (unit // N_WAVES, [str(100_000 + urn) for urn in range(n_schools)]),
        "wave": (unit % N_WAVES, ["baseline", "year_1", "year_2"]),
        "item": (item, names),
        "answer": (answer, words),
    }
    return pd.DataFrame(
        {name: pd.Categorical.from_codes(codes, known) for name, (codes, known) in columns.items()}
    )


def seconds(call, rounds):
    """Return the median processor time of some rounds, after one that finds its memory."""
    call()
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        call()
        taken.append(time.process_time() - start)
    return float(np.median(taken))


@pytest.fixture(scope="module")
def framework():
    return frameworks.load_framework("gatsby-2025")


@pytest.mark.parametrize("step", ["cheapest_path", "holding_back"])
def test_ten_times_the_schools_take_at_most_twelve_times_as_long(framework, step):
    def call(audits):
        if step == "cheapest_path":
            return scoring.cheapest_path(audits, framework, target=5)
        return scoring.holding_back(scoring.score_criteria(audits, framework))

    small, large = (made_up(framework, n) for n in (N_SMALL, N_LARGE))
    ratio = seconds(lambda: call(large), 3) / seconds(lambda: call(small), 5)
    assert ratio <= 12, f"{ratio:.1f}"


def test_the_cheapest_path_of_every_school_takes_a_few_times_their_scoring(framework):
    audits = made_up(framework, N_LARGE)
    scored = seconds(lambda: scoring.score_criteria(audits, framework), 3)
    ratio = seconds(lambda: scoring.cheapest_path(audits, framework, target=5), 3) / scored
    assert ratio <= 25, f"{ratio:.1f}"
