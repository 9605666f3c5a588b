"""Policies are data: shipped ones are sound, and every fault of a user's own is listed."""

import pytest

from careerbench import disclosure
from careerbench.errors import DisclosureError

OWN = """
id = "own"
title = "Fewer than 7"
zeros_sensitive = true
zeros_always_shown = false
width = 7
[threshold]
respondents = 7
[percentages]
least = 20
decimals = 0
[means]
least = 20
decimals = 1
[source]
title = "Our ethics board"
"""


@pytest.fixture
def own(tmp_path):
    def write(text):
        path = tmp_path / "own.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_thresholds_are_those_of_their_sources():
    table = disclosure.list_policies().set_index("policy")
    assert table.loc[["dfe", "ons-10", "ukllc", "default"], "pupils"].tolist() == [6, 10, 10, 10]
    assert table.loc["sports", ["respondents", "schools"]].tolist() == [30, 3]
    assert table["source"].str.len().min() > 0


def test_the_default_can_be_set_to_six_or_eleven():
    eleven = disclosure.load_policy(threshold=11)
    assert (eleven.threshold["pupils"], eleven.width, eleven.percentages.least) == (11, 11, 11)
    assert eleven.threshold["schools"] == 3
    assert disclosure.load_policy("default", threshold=6).threshold["respondents"] == 6


def test_a_policy_of_ones_own_is_read_from_its_path(own):
    policy = disclosure.load_policy(own(OWN))
    assert (policy.id, policy.threshold, policy.width) == ("own", {"respondents": 7}, 7)
    assert repr(policy) == "<Policy own: fewer than 7 respondents, width 7>"


def test_every_fault_of_a_policy_is_listed(own):
    spoiled = (
        OWN.replace("width = 7", 'width = "7"')
        .replace("respondents = 7", "respondents = 1\npupil = 7")
        .replace("zeros_always_shown = false", "zeros_always_shown = true")
        .replace("decimals = 0", "decimals = 1")
        .replace('title = "Our ethics board"', "")
    )
    with pytest.raises(DisclosureError) as caught:
        disclosure.load_policy(own(spoiled))
    assert caught.value.problem == "load_policy: 'own.toml' is not a sound policy: 6 fault(s)."
    assert caught.value.found.split("\n    - ")[1:] == [
        "threshold: 'pupil' is not a known entry (did you mean 'pupils'?)",
        "threshold: respondents must be a whole number of 2 or more",
        "the file: width must be a whole number of 1 or more",
        "zeros_sensitive and zeros_always_shown cannot both be true",
        "percentages: decimals must be 0: percentages with decimals give counts back",
        "source: title is missing: who says so?",
    ]


def test_rounding_below_the_threshold_is_a_fault(own):
    text = OWN.replace('id = "own"', 'id = "own"\nmethod = "rounding"') + "[rounding]\nbase = 5\n"
    with pytest.raises(DisclosureError, match="base must not lie below a threshold"):
        disclosure.load_policy(own(text))


def test_an_unknown_policy_says_which_was_meant():
    with pytest.raises(DisclosureError, match="did you mean 'ukllc'"):
        disclosure.load_policy("ukll")


@pytest.mark.parametrize("text", ["width = ", "a = [[[", "\x00"])
def test_a_file_that_is_no_toml_is_refused(own, text):
    with pytest.raises(DisclosureError, match="is not sound TOML"):
        disclosure.load_policy(own(text))


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DisclosureError, match=r"'none\.toml' cannot be read"):
        disclosure.load_policy(tmp_path / "none.toml")


@pytest.mark.parametrize("threshold", [1, 0, True, 2.5, "10"])
def test_a_threshold_that_is_none_is_refused(threshold):
    with pytest.raises(DisclosureError, match="threshold must be a whole number"):
        disclosure.load_policy(threshold=threshold)


def test_what_an_attacker_is_taken_to_know_about_zeros_is_said(own):
    text = OWN.replace("zeros_sensitive = true", "zeros_sensitive = false")
    shown = disclosure.load_policy(own(text.replace("shown = false", "shown = true")))
    assert "knows that a hidden count is not zero" in shown.assumptions[1]
    assert "may be zero" in disclosure.load_policy().assumptions[1]
