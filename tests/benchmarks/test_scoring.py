"""How fast 4.3 million audit answers are scored, beside what a user would write. Ratios in one run.

Run with ``uv run pytest tests/benchmarks``; the normal test run leaves this folder out.
"""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from careerbench import frameworks, scoring

N_SCHOOLS, N_WAVES, N_BENCHMARKS, N_ITEMS = 24_000, 3, 8, 60
ROUNDS = 5
SMALL_SECONDS = 0.020
LINEAR = 12.5  # ten times the answers: ten times the cost, and the noise of a shared machine


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


def test_seventy_schools_are_scored_in_under_20_milliseconds(benchmark, pilot):
    audits = pilot.audits
    spent = [float(median_cpu(lambda: scoring.score_benchmarks(audits, pilot.framework))[0])
             for _ in range(3)]  # fmt: skip
    benchmark.extra_info |= {"milliseconds": min(spent) * 1000}
    benchmark.pedantic(scoring.score_benchmarks, args=(audits, pilot.framework), rounds=1)
    assert min(spent) < SMALL_SECONDS


COLD = """
import sys, time
from careerbench import scoring
from careerbench.study import open_study
pilot = open_study(sys.argv[1])
start = time.process_time()
scoring.score_benchmarks(pilot.audits, pilot.framework)
print(time.process_time() - start)
"""


def test_the_first_scores_of_a_session_are_as_quick(benchmark, sample_folder):
    spent = [float(printed(COLD, sample_folder)) for _ in range(3)]
    benchmark.extra_info |= {"milliseconds": min(spent) * 1000}
    benchmark.pedantic(lambda: None, rounds=1)
    assert min(spent) < SMALL_SECONDS


def printed(program, *arguments):
    """Run a program in a Python of its own and return what it prints."""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout


STREAM = """
import sys, time
from pathlib import Path
from careerbench import frameworks
from careerbench.scoring.stream import score_parquet

def peak():
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024

framework = frameworks.load_framework(sys.argv[2])
before, start = peak(), time.process_time()
n = score_parquet(Path(sys.argv[1]), Path(sys.argv[3]), framework, overwrite=True)
print(n, time.process_time() - start, peak() - before)
"""


def written_audits(folder, n_schools, at_once=12_000):
    """Write answers to Parquet some schools at a time, as no memory would hold them."""
    rng = np.random.default_rng(1)
    folder.mkdir()
    for number, first in enumerate(range(0, n_schools, at_once)):
        n = min(at_once, n_schools - first)
        columns = {
            "school_urn": (np.repeat(np.arange(n), N_WAVES * N_ITEMS),
                           [str(100_000 + first + urn) for urn in range(n)]),
            "wave": (np.tile(np.repeat(np.arange(N_WAVES), N_ITEMS), n),
                     ["baseline", "year_1", "year_2"]),
            "item": (np.tile(np.arange(N_ITEMS), n * N_WAVES), [f"i{n}" for n in range(N_ITEMS)]),
            "answer": (rng.integers(0, 3, n * N_WAVES * N_ITEMS), ["no", "yes", "dk"]),
        }  # fmt: skip
        table = pd.DataFrame(
            {name: pd.Categorical.from_codes(*column) for name, column in columns.items()}
        )
        table.to_parquet(folder / f"part-{number:03}.parquet", index=False)
    return folder


def test_cost_grows_no_faster_than_answers_and_43_million_fit_in_2_gb(benchmark, tmp_path):
    toml = made_up_framework(tmp_path) and tmp_path / "sixty.toml"
    found = {}
    for n_schools in (2_400, 24_000, 240_000):
        audits = written_audits(tmp_path / f"audits_{n_schools}", n_schools)
        said = printed(STREAM, audits, toml, tmp_path / "scores.parquet").split()
        found[n_schools] = [float(word) for word in said]
        assert found[n_schools][0] == n_schools * N_WAVES * N_BENCHMARKS
    seconds = {n_schools: spent for n_schools, (_, spent, _) in found.items()}
    peak = found[240_000][2]
    benchmark.extra_info |= {
        "seconds": seconds,
        "gigabytes": peak / 1e9,
        "times_as_long": [seconds[24_000] / seconds[2_400], seconds[240_000] / seconds[24_000]],
    }
    benchmark.pedantic(lambda: None, rounds=1)
    assert peak < 2e9
    assert seconds[24_000] / seconds[2_400] < LINEAR
    assert seconds[240_000] / seconds[24_000] < LINEAR


def test_in_memory_cost_grows_no_faster_than_answers(national, benchmark):
    audits, framework = national
    tenth = audits.iloc[: len(audits) // 10]
    few = tenth.assign(school_urn=tenth["school_urn"].cat.remove_unused_categories())
    small, large = median_cpu(
        lambda: scoring.score_benchmarks(few, framework),
        lambda: scoring.score_benchmarks(audits, framework),
    )
    benchmark.extra_info |= {"times_as_long": large / small}
    benchmark.pedantic(scoring.score_benchmarks, args=(few, framework), rounds=1)
    assert large / small < LINEAR
