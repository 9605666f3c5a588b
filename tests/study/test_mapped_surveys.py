"""A study may name a survey tool's export with its mapping, and a key file."""

import shutil

import pytest

from careerbench import loaders, study
from careerbench.errors import BadArgumentError, StudyError

UPN = "B801200005001"
FORM = (
    "Timestamp,UPN,Which year are you in?,I know about lots of different jobs\n"
    f"2020/01/05,{UPN},Year 3,Yes\n2020/01/05,T801200005013,Year 4,Don't know\n"
)
MAPPING = """
scale = "pupil-careers"
[columns]
respondent = "UPN"
year_group = "Which year are you in?"
[constants]
school_urn = "900001"
wave = "baseline"
[items]
pu_jobs = "I know about lots of different jobs"
"""
SURVEY = """
[[survey]]
name = "form"
file = "form.csv"
scale = "pupil-careers"
mapping = "mapping.toml"
"""


@pytest.fixture
def folder(sample_folder, tmp_path, monkeypatch):
    monkeypatch.delenv("CAREERBENCH_KEY_FILE", raising=False)
    copied = shutil.copytree(sample_folder, tmp_path / "pilot")
    (copied / "form.csv").write_text(FORM, encoding="utf-8")
    (copied / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    text = (copied / "study.toml").read_text(encoding="utf-8")
    (copied / "study.toml").write_text(
        f'key_file = "../study.key"\n{text}{SURVEY}', encoding="utf-8"
    )
    return copied


def test_a_mapped_survey_is_scored_like_any_other(folder):
    loaders.make_study_key(folder.parent / "study.key")
    opened = study.open_study(folder)
    scores = opened.scale_scores("form")
    assert scores["n_answered"].tolist() == [1, 0]
    assert opened.surveys["form"].responses["answer_reason"].tolist()[-1] == "dont_know"
    assert UPN not in scores.to_csv() + repr(opened) + repr(opened.problems)


def test_a_study_that_names_a_key_that_is_not_there_says_so(folder):
    with pytest.raises(StudyError, match=r"key_file = '\.\./study\.key': there is no such file"):
        study.open_study(folder)


def test_a_study_without_a_key_says_how_to_make_one(folder):
    toml = folder / "study.toml"
    text = toml.read_text(encoding="utf-8").replace('key_file = "../study.key"\n', "")
    toml.write_text(text, encoding="utf-8")
    with pytest.raises(BadArgumentError, match="make_study_key"):
        study.open_study(folder)


def test_one_file_has_one_mapping(folder):
    with (folder / "study.toml").open("a", encoding="utf-8") as toml:
        toml.write('[[survey]]\nname = "again"\nfile = "form.csv"\nscale = "pupil-careers"\n')
    with pytest.raises(StudyError, match="must have the same mapping"):
        study.open_study(folder)
