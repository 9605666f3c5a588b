"""How fast 4.3 million audit answers are scored, beside what a user would write. Ratios in one run.

Run with ``uv run pytest tests/benchmarks``; the normal test run leaves this folder out.
"""

import time

import numpy as np
import pandas as pd
import pytest

from careerbench import frameworks, scoring

N_SCHOOLS, N_WAVES, N_BENCHMARKS, N_ITEMS = 24_000, 3, 8, 60
ROUNDS = 5


def made_up_framework(folder):
    """Sixty yes-or-no items under eight Benchmarks."""
    lines = ['id = "sixty"', 'title = "Sixty"', "valid_from = 2020-09-01", "[scales.s]"]
    lines += ['answers = ["no", "yes"]', 'meets = ["yes"]', 'missing = ["dk"]']
    for number in range(N_BENCHMARKS):
        lines += ["[[benchmark]]", f'id = "b{number}"', f'title = "B{number}"']
        for item in range(number, N_ITEMS, N_BENCHMARKS):
            lines += ["[[benchmark.criterion]]", f'id = "c{item}"', 'text = "c"']
            lines += [
                "[[benchmark.criterion.item]]",
                f'id = "i{item}"',
                'text = "i"',
                'scale = "s"',
            ]
    path = folder / "sixty.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return frameworks.load_framework(path)


@pytest.fixture(scope="module")
def national(tmp_path_factory):
    rng = np.random.default_rng(1)
    n = N_SCHOOLS * N_WAVES * N_ITEMS
    school = np.repeat(np.arange(N_SCHOOLS), N_WAVES * N_ITEMS)
    wave = np.tile(np.repeat(np.arange(N_WAVES), N_ITEMS), N_SCHOOLS)
    item = np.tile(np.arange(N_ITEMS), N_SCHOOLS * N_WAVES)
    names = {
        "school_urn": (school, [str(100_000 + urn) for urn in range(N_SCHOOLS)]),
        "wave": (wave, ["baseline", "year_1", "year_2"]),
        "item": (item, [f"i{number}" for number in range(N_ITEMS)]),
        "answer": (rng.integers(0, 3, n), ["no", "yes", "dk"]),
    }
    audits = pd.DataFrame(
        {name: pd.Categorical.from_codes(codes, words) for name, (codes, words) in names.items()}
    )
    return audits, made_up_framework(tmp_path_factory.mktemp("framework"))


def idiom(audits):
    """Score as a pandas user would: map items to Benchmarks, then group and count."""
    owner = {f"i{number}": f"b{number % N_BENCHMARKS}" for number in range(N_ITEMS)}
    benchmark = audits["item"].map(owner)
    met = audits["answer"] == "yes"
    return audits.assign(benchmark=benchmark, met=met).groupby(
        ["school_urn", "wave", "benchmark"], observed=True
    )["met"].agg(["size", "sum"])  # fmt: skip


def copied(audits):
    return [audits[name].cat.codes.to_numpy().copy() for name in audits.columns]


def median_cpu(*calls):
    """Median CPU seconds of each call, the calls taken in turns."""
    spent = [[] for _ in calls]
    for _ in range(ROUNDS):
        for times, call in zip(spent, calls, strict=True):
            start = time.process_time()
            call()
            times.append(time.process_time() - start)
    return [float(np.median(times)) for times in spent]


def test_scoring_against_the_idiom_and_against_copying(national, benchmark):
    audits, framework = national
    scores = scoring.score_benchmarks(audits, framework)
    expected = idiom(audits)
    assert scores["n_met"].sum() == expected["sum"].sum()
    ours, theirs, copying = median_cpu(
        lambda: scoring.score_benchmarks(audits, framework),
        lambda: idiom(audits),
        lambda: copied(audits),
    )
    benchmark.extra_info |= {"times_faster": theirs / ours, "times_copying": ours / copying}
    benchmark.pedantic(scoring.score_benchmarks, args=(audits, framework), rounds=1)
