"""Parquet of any size, scored some schools at a time."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from careerbench import cli, scoring
from careerbench.errors import CareerBenchError
from careerbench.frameworks import load_framework
from careerbench.scoring.stream import score_parquet

NEEDED = ["school_urn", "wave", "item", "answer", "year_group", "audit_date"]


@pytest.fixture
def answers(tmp_path, pilot):
    """The sample study's audits in two Parquet files, as Spark would leave them."""
    folder = tmp_path / "answers"
    folder.mkdir()
    audits = pilot.audits[[name for name in NEEDED if name in pilot.audits]]
    audits = audits.astype({"wave": "str"}).sample(frac=1, random_state=1)
    audits.iloc[:3000].to_parquet(folder / "part-0.parquet", index=False)
    audits.iloc[3000:].to_parquet(folder / "part-1.parquet", index=False)
    (folder / "_SUCCESS").touch()
    return folder


def in_order(scores):
    """Order by school and wave, Benchmarks as they come."""
    ordered = scores.astype({"wave": "str"}).sort_values(["school_urn", "wave"], kind="stable")
    return ordered.reset_index(drop=True)


@pytest.mark.parametrize("rows_at_once", [2_000, 5_000_000])
def test_streamed_scores_are_those_of_memory_in_order(answers, pilot, tmp_path, rows_at_once):
    told = []
    n_scores = score_parquet(
        answers, tmp_path / "scores.parquet", pilot.framework,
        rows_at_once=rows_at_once, on_progress=told.append,
    )  # fmt: skip
    found = pd.read_parquet(tmp_path / "scores.parquet")
    expected = in_order(scoring.score_benchmarks(pilot.audits, pilot.framework))
    pd.testing.assert_frame_equal(found, expected, check_dtype=False)
    assert (n_scores, told[0], told[-1]) == (len(found), 0, 1)
    assert told == sorted(told)
    assert {path.name for path in tmp_path.iterdir()} == {"answers", "scores.parquet"}


def run(capsys, *arguments):
    code = cli.main(["score", *(str(argument) for argument in arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


NAMED = ("--framework", "ne-primary-2019", "-o")


def test_the_command_scores_parquet_and_does_not_overwrite(capsys, answers, tmp_path):
    target = tmp_path / "scores.parquet"
    code, out, err = run(capsys, answers, *NAMED, target)
    assert (code, out, err) == (
        0,
        f"{len(pd.read_parquet(target)):,} scores written to {target}\n",
        "",
    )
    before = target.read_bytes()
    code, _, err = run(capsys, answers, *NAMED, target)
    assert (code, "is there already" in err, target.read_bytes() == before) == (1, True, True)
    assert run(capsys, answers / "part-0.parquet", *NAMED, target, "--force")[0] == 0
    assert target.read_bytes() != before


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda folder: (folder / "part-1.parquet").write_bytes(b"PAR1 no more"),
         "'answers' cannot be read to its end"),
        (lambda folder: pd.DataFrame({"school_urn": ["1"]}).to_parquet(folder / "part-0.parquet"),
         "has no column 'wave', 'item', 'answer'|cannot be read to its end"),
        (lambda folder: [path.unlink() for path in folder.glob("*.parquet")],
         "holds no Parquet file"),
        (lambda folder: pd.read_parquet(folder / "part-1.parquet").to_parquet(
            folder / "part-2.parquet", index=False), "are answered twice"),
        (lambda folder: pd.read_parquet(folder / "part-1.parquet").assign(answer="perhaps")
         .to_parquet(folder / "part-1.parquet", index=False), "are not on their item's scale"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_told_and_leaves_no_file(answers, tmp_path, spoil, problem):
    spoil(answers)
    with pytest.raises(CareerBenchError, match=problem):
        score_parquet(answers, tmp_path / "scores.parquet", load_framework("ne-primary-2019"))
    assert [path.name for path in tmp_path.iterdir()] == ["answers"]


def test_the_command_is_told_what_it_lacks(capsys, answers, tmp_path, sample_folder):
    target = tmp_path / "scores.parquet"
    assert "under which framework" in run(capsys, answers, "-o", target)[2]
    assert "there is no framework" in run(capsys, answers, "--framework", "x", "-o", target)[2]
    assert "which have no study.toml" in run(capsys, sample_folder, *NAMED, target)[2]
    assert "holds no Parquet file" in run(capsys, tmp_path / "nowhere", *NAMED, target)[2]
    where = tmp_path / "no" / "where.parquet"
    assert "cannot be written" in run(capsys, answers, *NAMED, where)[2]
    assert not target.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C reaches a process otherwise there")
def test_an_interrupted_run_leaves_nothing_behind(tmp_path):
    n_schools = 40_000
    items = ["p2_parents", "p8_staff"]
    audits = pd.DataFrame({
        "school_urn": np.repeat([str(100_000 + n) for n in range(n_schools)], len(items)),
        "item": items * n_schools,
    }).assign(wave="baseline", answer="in_place")  # fmt: skip
    audits.to_parquet(tmp_path / "audits.parquet", index=False)
    program = (
        "import sys; from pathlib import Path; from careerbench import frameworks\n"
        "from careerbench.scoring.stream import score_parquet\n"
        "folder = Path(sys.argv[1])\n"
        "score_parquet(folder / 'audits.parquet', folder / 'scores.parquet',"
        " frameworks.load_framework('ne-primary-2019'), rows_at_once=300,"
        " on_progress=lambda done: print(done, flush=True))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout.readline() == "0\n"
        process.stdout.readline()
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode != 0
    assert "KeyboardInterrupt" in err, err.partition("nanobind")[0]
    assert [path.name for path in tmp_path.iterdir()] == ["audits.parquet"]


def test_streaming_never_mixes_raters_and_knows_its_missing_rules(answers, pilot, tmp_path):
    target = tmp_path / "scores.parquet"
    with pytest.raises(CareerBenchError, match="missing has no value 'zero'"):
        score_parquet(answers, target, pilot.framework, missing="zero")
    with pytest.raises(CareerBenchError, match="framework must be a Framework"):
        score_parquet(answers, target, "ne-primary-2019")
    for number, rater in enumerate(["self", "peer"]):
        path = answers / f"part-{number}.parquet"
        pd.read_parquet(path).assign(rater=rater).to_parquet(path, index=False)
    with pytest.raises(CareerBenchError, match="2 kinds of rater, which are never mixed"):
        score_parquet(answers, target, pilot.framework)
    assert not target.exists()


def test_scores_are_never_written_over_the_answers_nor_under_another_kind_of_name(
    answers, pilot, tmp_path
):
    before = (answers / "part-0.parquet").read_bytes()
    inside = [answers / "part-0.parquet", answers / "scores.parquet"]
    for target in (*inside, tmp_path / "scores.csv"):
        with pytest.raises(CareerBenchError, match=r"a \.parquet file apart from the answers"):
            score_parquet(answers, target, pilot.framework, overwrite=True)
    with pytest.raises(CareerBenchError, match="apart from the answers"):
        score_parquet(inside[0], inside[0], pilot.framework, overwrite=True)
    assert (answers / "part-0.parquet").read_bytes() == before
    assert not (answers / "scores.parquet").exists()
