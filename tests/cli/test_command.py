"""The command, as its user types it."""

import csv
import shutil

import pytest

from careerbench import cli


def run(capsys, *arguments):
    code = cli.main([str(argument) for argument in arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_check_lists_warnings_and_ends_well(capsys, sample_folder):
    code, out, _ = run(capsys, "check", sample_folder)
    assert code == 0
    assert "warning: audits.csv (audit_date): school" in out
    assert out.splitlines()[-1].startswith("0 errors, ")


def test_check_exits_1_on_an_error_and_names_its_row(capsys, sample_folder, tmp_path):
    folder = shutil.copytree(sample_folder, tmp_path / "pilot")
    audits = folder / "audits.csv"
    text = audits.read_text(encoding="utf-8").replace("900001,baseline", "90X001,baseline", 1)
    audits.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "check", folder, "-o", tmp_path / "problems.csv")
    assert code == 1
    assert "error: audits.csv (row 2, school_urn):" in out
    with (tmp_path / "problems.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows if row["severity"] == "error"] == ["2"]


def test_score_writes_what_the_library_gives(capsys, sample_folder, tmp_path, pilot):
    code, out, _ = run(capsys, "score", sample_folder, "-o", tmp_path / "scores.csv")
    assert (code, out.split()[0]) == (0, f"{len(pilot.scores()):,}")
    with (tmp_path / "scores.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    scores = pilot.scores()
    assert [row["state"] for row in rows] == scores["state"].tolist()
    assert [row["school_urn"] for row in rows] == scores["school_urn"].tolist()


def test_a_folder_without_a_study_is_told_in_words(capsys, tmp_path):
    code, _, err = run(capsys, "check", tmp_path)
    assert code == 1
    assert err.startswith("careerbench check: open_study: ")
    assert "Traceback" not in err


def test_problems_of_one_wording_are_told_once(capsys, sample_folder, tmp_path):
    folder = shutil.copytree(sample_folder, tmp_path / "pilot")
    audits = folder / "audits.csv"
    text = audits.read_text(encoding="utf-8").replace("900001,baseline", "90X001,baseline")
    audits.write_text(text, encoding="utf-8")
    code, out, _ = run(capsys, "check", folder)
    assert code == 1
    assert out.count("'90X001' is not a URN") == 1
    assert "(rows 2, 3, 4 and 31 more, school_urn)" in out


def test_score_of_a_faulty_study_sends_its_reader_to_check(capsys, sample_folder, tmp_path):
    folder = shutil.copytree(sample_folder, tmp_path / "pilot")
    audits = folder / "audits.csv"
    text = audits.read_text(encoding="utf-8").replace("900001,baseline", "90X001,baseline", 1)
    audits.write_text(text, encoding="utf-8")
    code, _, err = run(capsys, "score", folder, "-o", tmp_path / "scores.csv")
    assert code == 1
    assert err.splitlines()[-1] == f"  try:   careerbench check {folder} --all"
    assert "on_problem" not in err


@pytest.mark.parametrize("command", ["score", "check"])
def test_an_output_that_cannot_be_written_is_refused_first(
    capsys, sample_folder, tmp_path, command
):
    for target in (tmp_path, tmp_path / "no" / "where.csv"):
        code, out, err = run(capsys, command, sample_folder, "-o", target)
        assert (code, out) == (1, "")
        assert "cannot be written" in err


def test_a_port_that_is_none_is_misuse(capsys):
    for port in ("-1", "70000", "http"):
        with pytest.raises(SystemExit) as caught:
            cli.main(["demo", f"--port={port}"])
        assert caught.value.code == 2
        assert "is no port" in capsys.readouterr().err


def test_sample_writes_a_study_that_opens(capsys, tmp_path):
    code, out, _ = run(capsys, "sample", tmp_path / "new", "--seed", 7)
    assert code == 0
    assert out.startswith("9 files written. Open it with: careerbench explore ")
    assert run(capsys, "check", tmp_path / "new")[0] == 0


@pytest.mark.parametrize("arguments", [[], ["fly"], ["score", "x"], ["demo", "--port", "many"]])
def test_misuse_ends_with_2_and_the_usage(capsys, arguments):
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert "usage: careerbench" in capsys.readouterr().err


def test_the_version_is_told(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out.startswith("careerbench 0.")


FORM = (
    "Timestamp,Your name,I know about lots of different jobs\n"
    "2024/05/01,Zebedee,Yes\n2024/05/01,Yolanda,No\n"
)


def test_map_writes_a_draft_and_does_not_overwrite_it(capsys, tmp_path):
    form, draft = tmp_path / "form.csv", tmp_path / "mapping.toml"
    form.write_text(FORM, encoding="utf-8")
    asked = ("map", form, "--scale", "pupil-careers", "-o", draft)
    code, out, _ = run(capsys, *asked)
    assert (code, out.startswith("A draft is written to")) == (0, True)
    text = draft.read_text(encoding="utf-8")
    assert 'pu_jobs = "I know about lots of different jobs"  # 100% alike' in text
    assert "Zebedee" not in text
    draft.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, *asked)
    assert (code, "'mapping.toml' is there already" in err) == (1, True)
    assert draft.read_text(encoding="utf-8") == "mine"
    assert run(capsys, *asked, "--force")[0] == 0
    assert draft.read_text(encoding="utf-8") == text


def test_map_says_in_words_what_it_cannot_do(capsys, tmp_path):
    form = tmp_path / "form.csv"
    form.write_text(FORM, encoding="utf-8")
    code, _, err = run(capsys, "map", form, "--scale", "pupil-career", "-o", tmp_path / "m.toml")
    assert (code, "did you mean 'pupil-careers'?" in err) == (1, True)
    code, _, err = run(capsys, "map", form, "--scale", "pupil-careers", "-o", tmp_path / "x" / "m")
    assert (code, "cannot be written" in err) == (1, True)


def test_key_makes_a_key_once_and_never_shows_it(capsys, tmp_path):
    code, out, _ = run(capsys, "key", tmp_path / "study.key")
    secret = (tmp_path / "study.key").read_text().split()[-1]
    assert (code, secret in out) == (0, False)
    assert run(capsys, "key", tmp_path / "study.key")[0] == 1


def test_a_study_s_own_files_are_never_written_over(capsys, sample_folder, tmp_path):
    folder = tmp_path / "mine"
    shutil.copytree(sample_folder, folder)
    before = (folder / "audits.csv").read_bytes()
    for command in ("score", "check"):
        for force in ((), ("--force",)):
            code, _, err = run(capsys, command, folder, "-o", folder / "audits.csv", *force)
            assert (code, "is one of the study's own files" in err) == (1, True)
    assert (folder / "audits.csv").read_bytes() == before


def test_an_output_that_is_there_is_kept_unless_forced(capsys, sample_folder, tmp_path):
    target = tmp_path / "scores.csv"
    target.write_text("mine", encoding="utf-8")
    code, _, err = run(capsys, "score", sample_folder, "-o", target)
    assert (code, "is there already" in err, target.read_text("utf-8")) == (1, True, "mine")
    assert run(capsys, "score", sample_folder, "-o", target, "--force")[0] == 0
    assert target.read_text("utf-8").startswith("school_urn,")


def test_scores_are_written_as_what_their_name_says(capsys, sample_folder, tmp_path):
    assert run(capsys, "score", sample_folder, "-o", tmp_path / "scores.parquet")[0] == 0
    assert (tmp_path / "scores.parquet").read_bytes()[:4] == b"PAR1"
    code, _, err = run(capsys, "score", sample_folder, "-o", tmp_path / "scores.xlsx")
    assert (code, "try:   scores.csv or scores.parquet" in err) == (1, True)
    assert not (tmp_path / "scores.xlsx").exists()
