"""The loaders on files as the Department for Education published them."""

import pytest

from careerbench.loaders import load_links, load_schools, problems_of, read_table, source_of


@pytest.fixture(scope="module")
def register(real):
    return load_schools(real("gias/edubaseallstatefunded20250717.csv"))


def test_the_register_of_july_2025_has_every_school(register):
    assert len(register) == 22_010
    assert len(problems_of(register)) == 0
    assert register["school_urn"].is_unique
    assert register["school_urn"].str.fullmatch("[0-9]{6}").all()


def test_blank_and_placeholder_dates_of_the_register_are_told_apart(register):
    assert register["open_date_reason"].value_counts().to_dict() == {
        "blank": 9_116,
        "placeholder": 209,
    }
    assert register["open_date"].notna().sum() == 22_010 - 9_116 - 209


def test_identifiers_of_the_register_stay_text(register):
    assert register["ukprn"].isna().sum() == 347
    assert register["school_laestab"].str.fullmatch("[0-9]{7}").all()
    first = register.set_index("school_urn").loc["100000"]
    assert first["school_laestab"] == "2013614"
    assert first["telephone"] == "02072831147"
    assert (first["statutory_low_age"], first["statutory_high_age"]) == (3, 11)


def test_accents_of_the_register_are_read(register):
    assert register["school_name"].str.contains("à Becket").any()
    assert register["school_website"].str.len().gt(0).any()
    assert source_of(register).decisions[0].startswith("encoding cp1252")


def test_the_register_names_nobody(register):
    assert not [name for name in register if "head" in name and name != "head_job_title"]
    assert register.shape[1] == 33 - 3 + 1 + 3  # less names, plus LAESTAB and three reasons


def test_a_ragged_vintage_keeps_its_spilled_cells(real):
    schools = load_schools(real("gias/gias_search_results_20220420.csv"))
    assert len(schools) == 1_096
    assert {"unnamed_1", "unnamed_2", "unnamed_3"} <= set(schools)
    assert (schools["school_status"] == "Closed").sum() == 368
    assert schools["percentage_fsm"].between(0, 100).sum() == 800
    assert schools["percentage_fsm_reason"].value_counts().to_dict() == {"blank": 296}
    assert schools["new_la_code"].mode()[0] == "E10000030"  # Surrey
    raw = read_table(real("gias/gias_search_results_20220420.csv"))
    assert raw.shape == (1_096, 114)


def test_every_link_comes_through(real):
    links = load_links(real("gias/links_edubasealldata20250422.csv"))
    assert len(links) == 33_801
    assert links["link_type"].nunique() == 17
    assert links["link_date_reason"].value_counts().to_dict() == {"blank": 8_253}
    assert (links["link_type"] == "Successor").sum() == 16_451


def test_mac_roman_headings_are_read(real):
    table = read_table(real("surveymonkey/food-world-cup-data.csv"))
    assert source_of(table).decisions[0].startswith("encoding mac_roman")
    assert not [name for name in table if "Ê" in name]


def test_ragged_performance_tables_keep_every_column(real):
    table = read_table(real("performance_tables/2018-2019/936_ks4final.csv"))
    assert table.shape[1] == 507
    assert (table == "SUPP").to_numpy().any()


def test_a_workbook_of_32844_areas_is_read(real):
    name = "deprivation/File_3_-_IoD2019_Supplementary_Indices_-_IDACI_and_IDAOPI.xlsx"
    table = read_table(real(name))
    assert len(table) == 32_844
    assert not table.iloc[:, -1].str.endswith(".0").any()
