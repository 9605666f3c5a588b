"""What says who somebody is does not get in, and nothing repeats it."""

import logging
import os
import pickle
import stat

import pytest

from careerbench.errors import BadArgumentError, CareerBenchError, ReadError
from careerbench.loaders import (
    draft_mapping,
    load_free_text,
    load_survey,
    make_study_key,
    problems_of,
    questions_of,
    read_export,
    source_of,
)
from careerbench.loaders.privacy import find_personal, personal_by_heading
from careerbench.loaders.privacy_key import StudyKey, read_study_key
from careerbench.loaders.privacy_upn import is_sound_upn

SOUND, UNSOUND, TEMPORARY = "B801200005001", "A801200005001", "N80120000500A"
PLANTED = ("Zebedee", "Quillfeather", "zebedee.q@school.example", "07700 900123", "192.0.2.17",
           "2014-03-09", "SW1A 1AA", "my dad hits me", SOUND)  # fmt: skip


@pytest.fixture
def key(tmp_path):
    return make_study_key(tmp_path / "study.key")


# The key


def test_a_key_file_is_readable_by_its_owner_alone(key):
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 or os.name != "posix"


def test_a_key_is_never_overwritten(key):
    before = key.read_bytes()
    with pytest.raises(BadArgumentError, match=r"'study\.key' cannot be made"):
        make_study_key(key)
    assert key.read_bytes() == before


def test_two_keys_differ_and_give_one_pupil_two_numbers(tmp_path, key):
    other = read_study_key(make_study_key(tmp_path / "other.key"))
    assert read_study_key(key).hash(SOUND) != other.hash(SOUND)


def test_a_key_shows_itself_nowhere(key):
    secret = key.read_text().split()[-1]
    held = read_study_key(key)
    shown = [repr(held), str(held), f"{held}", held.fingerprint, held.hash(SOUND)]
    assert not any(secret[:8] in each for each in shown)
    with pytest.raises(BadArgumentError) as caught:
        pickle.dumps(held)
    assert secret not in str(caught.value)


def test_a_file_that_is_no_key_is_refused_without_showing_it(tmp_path):
    file = tmp_path / "notes.txt"
    file.write_text("Zebedee Quillfeather")
    with pytest.raises(ReadError) as caught:
        read_study_key(file)
    assert "Zebedee" not in str(caught.value)
    with pytest.raises(ReadError, match="make_study_key"):
        read_study_key(tmp_path / "none.key")


def test_a_short_secret_is_no_key():
    with pytest.raises(BadArgumentError, match="32 bytes or more"):
        StudyKey(b"short")


# Unique pupil numbers


@pytest.mark.parametrize(
    ("number", "sound"),
    [
        (SOUND, True),  # python-stdnum's own example
        (UNSOUND, False),
        ("b801 2000 05 001", True),
        ("B801200005O01", False),
        (SOUND[:-1], False),
    ],
)
def test_the_check_letter_decides(number, sound):
    assert is_sound_upn(number) is sound


def test_temporary_numbers_and_authorities_made_since_2011_are_sound():
    from stdnum.gb import upn

    for body in ("80120000500A", "838200005001", "943400012001"):  # Dorset, Westmorland
        assert is_sound_upn(upn.calc_check_digit(body) + body)


def test_pupil_numbers_become_the_same_hash_in_every_file(save, key):
    first = load_survey(save("a.csv", f"UPN,URN,q1\n{SOUND},900001,3\n"), wave="1", key=key)
    again = load_survey(
        save("b.csv", f"Pupil ID,URN,q1\n{SOUND.lower()},900001,3\n"), wave="2", key=key
    )
    assert first["respondent"].tolist() == again["respondent"].tolist()
    assert first["respondent"].str.fullmatch(r"u[0-9a-f]{20}").all()
    assert first["item"].unique().tolist() == ["q1"]


def test_an_unsound_number_is_an_error_of_its_row_and_not_shown(save, key):
    file = save("a.csv", f"UPN,URN,q1\n{SOUND},900001,3\n{UNSOUND},900001,3\n")
    survey = load_survey(file, wave="1", key=key, on_problem="quarantine")
    problems = problems_of(survey).to_frame()
    assert problems["row"].tolist() == [3]
    assert problems["problem"].tolist() == ["the cell is not a sound unique pupil number"]
    assert len(survey) == 1


def test_without_a_key_the_error_says_how_to_make_one(save, monkeypatch):
    monkeypatch.delenv("CAREERBENCH_KEY_FILE", raising=False)
    with pytest.raises(BadArgumentError) as caught:
        load_survey(save("a.csv", f"UPN,URN,q1\n{SOUND},900001,3\n"), wave="1")
    assert str(caught.value) == (
        "load_survey: 'a.csv' holds unique pupil numbers, and there is no key to replace them.\n"
        "  found: pupil numbers in 'UPN'\n"
        '  try:   make a key once with loaders.make_study_key("study.key"), then pass '
        'key="study.key", name it in study.toml (key_file = "study.key"), or set '
        "CAREERBENCH_KEY_FILE"
    )


def test_the_environment_may_name_the_key(save, key, monkeypatch):
    monkeypatch.setenv("CAREERBENCH_KEY_FILE", str(key))
    survey = load_survey(save("a.csv", f"UPN,URN,q1\n{SOUND},900001,3\n"), wave="1")
    assert survey["respondent"].tolist() == [read_study_key(key).hash(SOUND)]


@pytest.mark.skipif(os.name != "posix", reason="file permissions are POSIX")
def test_a_key_that_others_can_read_is_a_warning(save, key):
    key.chmod(0o644)
    survey = load_survey(save("a.csv", f"UPN,URN,q1\n{SOUND},900001,3\n"), wave="1", key=key)
    said = problems_of(survey).to_frame()["problem"].tolist()
    assert said == ["the key file can be read by others"]


# Personal columns


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Name", "name"), ("Pupil's name", "name"), ("Surname", "name"), ("FirstName", "name"),
        ("What is your full name?", "name"), ("RecipientEmail", "email"), ("Email Address", "email"),
        ("E-mail", "email"), ("IP Address", "ip"), ("IPAddress", "ip"), ("Mobile number", "phone"),
        ("LocationLatitude", "coordinates"), ("Date of birth", "birth"), ("DOB", "birth"),
        ("Home postcode", "address"), ("UPN", "upn"), ("Unique Pupil Number", "upn"),
        ("School name", None), ("What is the name of your school?", None), ("Year group", None),
        ("Can you name three jobs?", None), ("I know the names of lots of jobs", None),
        ("How often do you use email at school?", None), ("Class name", None), ("URN", None),
    ],
)  # fmt: skip
def test_personal_headings_are_recognised(heading, kind):
    assert personal_by_heading(heading) == kind


def test_personal_cells_are_recognised_whatever_their_heading():
    import pandas as pd

    frame = pd.DataFrame(
        {
            "q1": ["a@school.example", "b@school.example", None],
            "q2": ["07700 900123", "+44 7700 900456", "020 7946 0000"],
            "q3": ["192.0.2.1", "192.0.2.2", "198.51.100.9"],
            "q4": ["54.9783, -1.6178", "54.97, -1.61", "54.9711, -1.6112"],
            "q5": ["2014-03-09", "2013-11-30", "2014-07-01"],
            "q6": ["SW1A 1AA", "NE1 4ST", "DH1 3LE"],
            "q7": [SOUND, SOUND, None],
            "item": ["3", "4", "1"],
            "long_item": ["Agree", "Disagree", "Agree"],
        }
    )
    assert find_personal(frame) == {
        "q1": "email", "q2": "phone", "q3": "ip", "q4": "coordinates", "q5": "birth",
        "q6": "address", "q7": "upn",
    }  # fmt: skip


def test_a_wide_survey_drops_them_and_says_so(save):
    text = "Pupil ID,URN,Full name,Email,q1\np1,900001,Zebedee Quillfeather,z@school.example,3\n"
    survey = load_survey(save("a.csv", text), wave="1")
    assert survey["item"].tolist() == ["q1"]
    assert (
        "personal columns dropped: 'Full name' (names), 'Email' (e-mail addresses)"
        in source_of(survey).decisions
    )
    kept = load_survey(save("b.csv", text), wave="1", keep_personal=["Email"])
    assert kept["Email"].tolist() == ["z@school.example"]
    assert kept["item"].tolist() == ["q1"]


def test_free_text_is_no_item(save):
    rows = "".join(f"p{n},900001,3,I would like to be a vet number {n}\n" for n in range(5))
    survey = load_survey(save("a.csv", f"Pupil ID,URN,q1,q2\n{rows}"), wave="1")
    assert survey["item"].unique().tolist() == ["q1"]
    assert problems_of(survey).to_frame()["column"].tolist() == ["q2"]


def test_keeping_a_column_that_is_not_there_is_refused(save):
    with pytest.raises(BadArgumentError, match="did you mean 'Email'"):
        load_survey(
            save("a.csv", "Pupil ID,URN,Email,q1\np1,900001,x,3\n"),
            wave="1",
            keep_personal=["Emial"],
        )


# Nothing repeats them

FORM = (
    "Timestamp,Email Address,What is your name?,Surname,Phone number,IP address,Date of birth,"
    "Postcode,UPN,What year are you in?,I know about lots of different jobs,"
    "What I learn at school is useful in jobs,Anything else?\n"
)
MAPPING = """
scale = "pupil-careers"
free_text = ["Anything else?"]
[columns]
respondent = "UPN"
year_group = "What year are you in?"
[constants]
school_urn = "900001"
wave = "baseline"
[items]
pu_jobs = "I know about lots of different jobs"
pu_learning = "What I learn at school is useful in jobs"
"""


@pytest.fixture
def form(save):
    first, last, mail, phone, ip, born, code, said, upn = PLANTED
    others = [
        f"2024/05/01 10:00:0{n},p{n}@school.example,Pat {n},Smith {n},07700 90020{n},192.0.2.{n},"
        f"2013-05-0{n + 1},NE1 4S{'ABCDEFGHJ'[n]},p{n},Year {n % 3 + 3},Yes,No,all good {n}\n"
        for n in range(9)
    ]
    planted = (
        f"2024/05/01 10:00:00,{mail},{first} {last},{last},{phone},{ip},{born},{code},{upn},"
        f"Year 5,{said},{first},{said}\n"
    )
    return save("form.csv", FORM + planted + "".join(others))


def everything_said(frame):
    """Collect what a frame's attributes, its source and its problems show."""
    problems = problems_of(frame)
    return [
        repr(frame.attrs), repr(source_of(frame)), str(source_of(frame)), repr(problems),
        problems._repr_html_(), problems.to_frame().to_csv(),
    ]  # fmt: skip


def test_planted_values_are_in_no_message_repr_attribute_or_page(form, save, key, caplog, capsys):
    mapping = save("mapping.toml", MAPPING)
    said = []
    with caplog.at_level(logging.DEBUG):
        export = read_export(form, key=key)
        survey = load_survey(form, mapping=mapping, key=key, on_problem="quarantine")
        said += [draft_mapping(form, scale="pupil-careers"), questions_of(export).to_csv()]
        said += [*everything_said(export), *everything_said(survey)]
        said += [repr(survey), survey._repr_html_(), survey.to_csv()]
        unmapped = export.drop(columns=[name for name in export if "jobs" in name])
        said += [repr(unmapped), unmapped._repr_html_(), unmapped.to_csv()]
        for broken in (
            lambda: load_survey(form, mapping=mapping, key=key),
            lambda: load_survey(form, mapping=mapping),
            lambda: load_survey(form, mapping=save("m.toml", MAPPING.replace("pu_", "pu"))),
            lambda: load_survey(
                form,
                mapping=save("n.toml", MAPPING.replace("lots of", "a lot of")),
                key=key,
            ),
            lambda: load_survey(form),
            lambda: load_survey(form, wave="1", key=key),
            lambda: read_export(form),
            lambda: read_export(form, keep_personal=["nothing"], key=key),
        ):
            with pytest.raises(CareerBenchError) as caught:
                broken()
            said += [
                str(caught.value),
                repr(caught.value),
                repr(getattr(caught.value, "problems", "")),
            ]
    said += [caplog.text, *capsys.readouterr()]
    secret = key.read_text().split()[-1]
    leaks = {word for word in (*PLANTED, secret) for each in said if word in each}
    assert leaks == set()


def test_free_text_is_read_on_request_with_the_same_respondents(form, save, key):
    mapping = save("mapping.toml", MAPPING.replace('"UPN"', '"Email Address"'))
    free = load_free_text(form, mapping=mapping, key=key)
    survey = load_survey(form, mapping=mapping, key=key, on_problem="quarantine")
    assert list(free) == ["respondent", "school_urn", "wave", "year_group", "question", "text"]
    assert "my dad hits me" in free["text"].tolist()
    assert set(survey["respondent"]) <= set(free["respondent"])
    assert "my dad" not in repr(free.attrs)


def test_a_file_without_headings_is_refused_without_repeating_its_first_row(save):
    with pytest.raises(ReadError) as caught:
        read_export(save("a.csv", "zebedee.q@school.example,Yes\nb@school.example,No\n"))
    assert "zebedee" not in str(caught.value)
