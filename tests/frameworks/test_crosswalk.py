"""Crosswalks: every criterion of both editions in exactly one link, every fault listed."""

import pytest

from careerbench import frameworks
from careerbench.errors import FrameworkError
from careerbench.frameworks import Link

EDITION = """
id = "{id}"
title = "{id}"
valid_from = 2024-09-01
[scales.s]
answers = ["no", "yes"]
meets = ["yes"]
[[benchmark]]
id = "b1"
title = "B"
"""
CRITERION = """
[[benchmark.criterion]]
id = "{id}"
text = "Asks for {id}"
item = [{{ id = "i_{id}", text = "Is {id} there?", scale = "s" }}]
"""
HEAD = 'id = "x"\ntitle = "X"\nbefore = "old.toml"\nafter = "new.toml"\n'
LINKS = """
[[link]]
relation = "same"
before = ["a"]
after = ["a"]
[[link]]
relation = "narrower"
before = ["b", "c"]
after = ["d"]
note = "c is no longer asked for"
[[link]]
relation = "new"
after = ["e"]
"""


@pytest.fixture
def load(tmp_path):
    for name, criteria in (("old", "abc"), ("new", "ade")):
        text = EDITION.format(id=name) + "".join(CRITERION.format(id=one) for one in criteria)
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")

    def loaded(text):
        path = tmp_path / "x.toml"
        path.write_text(text, encoding="utf-8")
        return frameworks.load_crosswalk(path)

    return loaded


def test_a_crosswalk_of_your_own_names_editions_beside_it(load):
    crosswalk = load(HEAD + LINKS)
    assert (crosswalk.before, crosswalk.after) == ("old", "new")
    assert crosswalk.links[1] == Link("narrower", ("b", "c"), ("d",), "c is no longer asked for")
    assert crosswalk.from_framework.items["i_c"].text == "Is c there?"
    frame = crosswalk.to_frame()
    assert frame[["link", "relation", "before", "after"]].values.tolist() == [
        [1, "same", "a", "a"], [2, "narrower", "b", "d"], [2, "narrower", "c", "d"],
        [3, "new", "", "e"],
    ]  # fmt: skip
    assert frame["after_text"].tolist()[-1] == "Asks for e"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"same"', '"equal"', "link 1: relation = 'equal' is none of 'same', 'broader'"),
        ('relation = "same"', "", "link 1: relation = None is none of"),
        ('"same"', '"gone"', "link 1: what is gone has nothing after, yet it names 'a'"),
        ('"new"', '"same"', "link 3: relation 'same' needs criteria in before"),
        ('after = ["e"]', "", "link 3: relation 'new' needs criteria in after"),
        ('after = ["e"]', 'after = "e"', "link 3: after = 'e' must be a list of texts"),
        ('["d"]', '["d", "f"]', "link 2: after names 'f', no criterion of new"),
        ('["d"]', '["d", "a"]', "after names 'a' in more than one place: link 1, link 2"),
        ('["b", "c"]', '["b", "b"]', "before names 'b' in more than one place: link 2, link 2"),
        ('["b", "c"]', '["b"]', "no link accounts for 'c' of old; where nothing answers to them, relation = 'gone'"),
        ('["d"]', '["e"]', "no link accounts for 'd' of new; where nothing answers to them, relation = 'new'"),
        ('note = "c', 'noet = "c', "link 2: 'noet' is not a known entry (did you mean 'note'?)"),
        ('"new.toml"', '"old.toml"', "the file: before and after are both 'old'"),
        ('"new.toml"', '"gone.toml"', "after = 'gone.toml' does not load: 'gone.toml' cannot be read"),
        ('"new.toml"', '"gatsby-2052"', "after = 'gatsby-2052' does not load: load_framework: there is no"),
        ('id = "x"', "", "the file: id is missing or no text"),
    ],
)  # fmt: skip
def test_every_fault_is_listed_with_its_place(load, old, new, fault):
    text = HEAD + LINKS
    assert old in text
    with pytest.raises(FrameworkError) as caught:
        load(text.replace(old, new, 1))
    assert fault in str(caught.value)


def test_a_crosswalk_without_links_is_refused(load):
    with pytest.raises(FrameworkError, match=r"there is no \[\[link\]\]"):
        load(HEAD)


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(FrameworkError, match="did you mean 'gatsby-2014--gatsby-2025'"):
        frameworks.load_crosswalk("gatsby-2014-gatsby-2025")


@pytest.mark.parametrize("setting", ["", "-special"])
def test_what_ships_is_a_judgement_with_reasons_and_says_so(setting):
    crosswalk = frameworks.find_crosswalk(f"gatsby-2014{setting}", f"gatsby-2025{setting}")
    assert crosswalk.provisional
    assert all(link.note for link in crosswalk.links)
    assert "Provisional: the relations are judgements" in crosswalk._repr_html_()
    listed = frameworks.list_crosswalks().set_index("crosswalk")
    assert listed.loc[crosswalk.id, "n_links"] == len(crosswalk.links)


def test_what_stayed_and_what_came_in_2025_is_linked_so():
    links = frameworks.load_crosswalk("gatsby-2014--gatsby-2025").to_frame()
    relation = dict(zip(links["after"], links["relation"], strict=True))
    assert relation["g5.every_year"] == "same"  # the threshold is unchanged
    assert relation["g2.key_stages"] == "broader"  # from once by 14 to each key stage
    assert relation["g4.staff_development"] == "new"
