"""A first framework from an audit spreadsheet: it loads as it is, and holds nobody's words."""

import tomllib

import openpyxl
import pandas as pd
import pytest

from careerbench import frameworks, loaders, scoring
from careerbench.errors import CareerBenchError, FrameworkError, ReadError
from careerbench.frameworks import draft_framework

WIDE = """Audit of careers work,,,,,,,,
URN,School name,Careers leader,Wave,1.1 Is there a plan?,1.2 Is it public?,2.1 Pupils reached (Year 7),2.1 Pupils reached (Year 8),Anything else?
900001,Ash School,Maya Okafor,baseline,Yes,Partly,60%,100%,Maya wrote this herself
900001,Ash School,Maya Okafor,year 1,Yes,Yes,70%,n/a,
900002,Elm School,Tom Reed,baseline,No,Don't know,20%,0%,call 0191 4960000
900002,Elm School,Tom Reed,year 1,no,No,30%,51%,
"""
PRIVATE = ("Maya", "Okafor", "Reed", "0191", "Ash", "900001")


@pytest.fixture
def draft(tmp_path):
    def drafted(text, name="audit.csv", **how):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", **how)
        said = draft_framework(path, to=tmp_path / "draft.toml")
        assert (tmp_path / "draft.toml").read_text(encoding="utf-8") == said
        return said, frameworks.load_framework(tmp_path / "draft.toml")

    return drafted


def test_a_wide_audit_becomes_a_framework_that_scores_it(draft, tmp_path):
    _, framework = draft(WIDE)
    texts = [item.text for item in framework.items.values()]
    assert texts == ["1.1 Is there a plan?", "1.2 Is it public?", "2.1 Pupils reached"]
    reached = framework.items["item_3"]
    assert (reached.by_year_group, reached.year_groups) == (True, ("7", "8"))
    assert [len(benchmark.items) for benchmark in framework.benchmarks] == [2, 1]
    table = pd.read_csv(tmp_path / "audit.csv", skiprows=1, dtype=str).assign(Date="2024-01-01")
    columns = ["School name", "Careers leader", "Anything else?"]
    table.drop(columns=columns).to_csv(tmp_path / "plain.csv", index=False)
    audits = loaders.load_audits(tmp_path / "plain.csv", framework=framework)
    scores = scoring.score_benchmarks(audits, framework)
    assert scores["state"].tolist() == [
        "partial", "not achieved", "achieved", "not achieved",
        "not achieved", "not achieved", "not achieved", "not achieved",
    ]  # fmt: skip


def test_answers_that_belong_together_share_a_scale_in_order(draft):
    _, framework = draft(WIDE)
    plan, public = framework.items["item_1"], framework.items["item_2"]
    assert plan.scale == public.scale
    scale = framework.scales[plan.scale]
    assert scale.answers == ("No", "Partly", "Yes")
    assert (scale.meets, scale.missing) == (("Yes",), ("Don't know",))
    assert framework.scales["percent"].read("51%") == "51_to_75"
    assert framework.scales["percent"].not_applicable == ("n/a",)


def test_what_is_guessed_is_marked_and_what_is_left_out_is_named(draft):
    said, framework = draft(WIDE)
    assert framework.provisional
    assert 'meets = ["Yes"]  # TO DO: which answers meet an item' in said
    for heading in ("URN", "School name", "Careers leader", "Wave", "Anything else?"):
        assert f"#   {heading}: " in said


def test_nobodys_words_reach_the_draft(draft):
    said, _ = draft(WIDE)
    assert [word for word in PRIVATE if word in said] == []


@pytest.mark.parametrize("heading", ["Lead", "Person", "Q7"])
def test_a_persons_name_under_any_heading_stays_out(draft, heading):
    said, _ = draft(WIDE.replace("Careers leader", heading))
    assert "Okafor" not in said


def test_first_names_that_recur_stay_out():
    people = ["Sue", "Jo", "Ali"] * 20
    audit = pd.DataFrame({"URN": range(60), "In charge": people, "Q1": ["Yes", "No"] * 30})
    years = {f"Leader in {year}": people for year in (2019, 2020, 2021)}
    said = draft_framework(audit.assign(**years))
    assert [name for name in people[:3] if name in said] == []
    assert "#   In charge: words of its own: add them as a scale if they are answers" in said
    assert "#   Leader in 2020: asks for a person?" in said


def test_words_of_ones_own_are_answers_where_they_stand_in_three_columns():
    ours = ["Emerging", "Fully Underway", "Shining"] * 4
    columns = {"URN": range(12)} | {f"{number}.1 Plan": ours for number in (1, 2, 3)}
    said = draft_framework(pd.DataFrame(columns))
    assert said.count('"Fully Underway",') == 1
    assert said.count("[[benchmark]]") == 3


def test_fractions_are_left_out_with_advice():
    said = draft_framework(pd.DataFrame({"reached": [0.25, 0.5, 1.0], "Plan": ["Yes", "No", "No"]}))
    assert "#   reached: fractions from 0 to 1: write them as percentages" in said


def test_one_word_about_each_school_is_no_answer(draft):
    said, framework = draft(WIDE.replace("Maya Okafor", "north").replace("Tom Reed", "south"))
    assert "north" not in said
    assert len(framework.items) == 3


def test_a_long_audit_is_read_by_item(sample_folder, draft):
    _, framework = draft((sample_folder / "audits.csv").read_text(encoding="utf-8"))
    shipped = frameworks.load_framework("ne-primary-2019")
    asked = list(shipped.items.values())
    assert set(framework.items) == {item.id for item in asked}
    assert framework.items["p4_linked"].by_year_group
    for item in asked:
        ours, theirs = framework.scales[framework.items[item.id].scale], shipped.scales[item.scale]
        assert ours.answers == theirs.answers
        assert (ours.meets, ours.missing) == (theirs.meets, theirs.missing)


def test_a_workbook_and_a_table_give_the_same_draft(tmp_path, draft):
    said, _ = draft(WIDE)
    rows = [line.split(",") for line in WIDE.splitlines()]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "audit.xlsx")
    assert draft_framework(tmp_path / "audit.xlsx") == said
    table = pd.DataFrame(rows[2:], columns=rows[1])
    assert draft_framework(table) == said


def test_headings_cannot_break_out_of_the_file(draft):
    wild = 'URN,"Is it ""so""?\n# or ] not\x7f","a\\b = [1]"\n900001,Yes,No\n900002,No,Yes\n'
    said, framework = draft(wild, newline="")
    assert tomllib.loads(said)["id"] == "audit-draft"
    assert len(framework.items) == 2


def test_a_heading_over_two_columns_is_left_out(draft):
    said, framework = draft("URN,Plan,Notes,Notes\n1,Yes,a,b\n2,No,c,d\n")
    assert list(framework.items) == ["Plan"]
    assert "#   Notes: stands over more than one column" in said


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", "holds no table"),
        (b"PK\x03\x04 no workbook", "holds no table"),
        (b"\x00\x01\x02\x03", "holds no table"),
        (b"just one column\nYes\n", "holds no table"),
        (b"URN,School name\n900001,Ash\n", "no column looks like an item"),
    ],
)
def test_a_file_without_an_audit_is_refused(tmp_path, body, problem):
    path = tmp_path / "a.csv"
    path.write_bytes(body)
    with pytest.raises(CareerBenchError, match=problem) as caught:
        draft_framework(path)
    assert "Ash" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ReadError, match="cannot be opened"):
        draft_framework(tmp_path / "none.csv")
    with pytest.raises(ReadError, match="must be the path of an audit"):
        draft_framework(5)


def test_a_draft_overwrites_nothing(tmp_path, draft):
    draft(WIDE)
    with pytest.raises(FrameworkError, match=r"'draft.toml' is there already"):
        draft_framework(tmp_path / "audit.csv", to=tmp_path / "draft.toml")


@pytest.mark.parametrize(
    "name",
    ["surveymonkey/comma-survey.csv", "surveymonkey/food-world-cup-data.csv",
     "surveymonkey/StarWars.csv", "careers_benchmarks/gatsby_national_by_benchmark.csv"],
)  # fmt: skip
def test_real_spreadsheets_give_drafts_that_load(shared_data, tmp_path, name):
    draft_framework(shared_data / name, to=tmp_path / "draft.toml")
    assert frameworks.load_framework(tmp_path / "draft.toml").items


def test_one_schools_answers_are_enough_for_a_draft(draft):
    rows = [
        "item,answer",
        "a,Not in place",
        "b,Partly in place",
        "c,In place",
        "d,Yes",
        "e,3",
        "f,no",
    ]
    _, framework = draft("\n".join(rows))
    scales = [framework.items[name].scale for name in "abcdef"]
    assert scales[0] == scales[1] == scales[2] != scales[3]
    assert framework.scales[scales[0]].answers == ("Not in place", "Partly in place", "In place")
    assert framework.scales[scales[3]].answers == ("no", "Yes")


def test_a_broken_workbook_is_refused_wherever_it_is_broken(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["URN", "Is there a plan?"])
    book.active.append(["900001", "Yes"])
    book.save(tmp_path / "a.xlsx")
    body = (tmp_path / "a.xlsx").read_bytes()
    outcomes = set()
    for place in range(0, len(body), 97):
        (tmp_path / "b.xlsx").write_bytes(body[:place] + b"\xff\x00" + body[place + 2 :])
        try:
            draft_framework(tmp_path / "b.xlsx")
            outcomes.add("drafted")
        except CareerBenchError as error:
            outcomes.add(error.problem)
    assert "draft_framework: 'b.xlsx' holds no table." in outcomes
