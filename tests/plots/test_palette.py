"""Colours that people tell apart, whatever their eyes or their printer make of them."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from careerbench.plots.answers import answer_fills
from careerbench.plots.theme import load_theme
from careerbench.scoring import STATES

# Machado, Oliveira and Fernandes (2009), IEEE TVCG 15(6), 1291-1298, severity 1.0, linear RGB
SEEN = {
    "all colours": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}
# IEC 61966-2-1 (sRGB) to CIE XYZ under D65
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(colour):
    rgb = np.array(to_rgb(colour))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(colour, eyes):
    """CIE L*a*b*: a distance of about 2 can just be seen side by side."""
    xyz = TO_XYZ @ np.clip(eyes @ linear(colour), 0, 1) / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def lightness(colour):
    return lab(colour, SEEN["all colours"])[0]


def nearest(colours, eyes):
    return min(
        np.linalg.norm(lab(one, eyes) - lab(two, eyes)) for one, two in combinations(colours, 2)
    )


def test_the_simulation_makes_red_and_green_alike_and_leaves_blue_and_yellow():
    red_green, blue_yellow = ["#b00000", "#4a6a00"], ["#0000d0", "#d0d000"]
    for name in ("protanopia", "deuteranopia"):
        assert nearest(red_green, SEEN[name]) < 0.5 * nearest(red_green, np.eye(3))
        assert nearest(blue_yellow, SEEN[name]) > 60


def test_white_is_as_light_as_can_be_and_black_as_dark():
    assert (lightness("#ffffff"), lightness("#000000")) == (pytest.approx(100, abs=1e-3), 0)


@pytest.mark.parametrize("eyes", SEEN)
def test_series_are_told_apart(eyes):
    assert nearest(load_theme().colours, SEEN[eyes]) > 20


def test_series_are_told_apart_in_grey():
    light = sorted(lightness(colour) for colour in load_theme().colours)
    assert min(two - one for one, two in pairwise(light)) > 10
    assert light[-1] < 75  # and from the paper


def test_series_have_a_mark_each():
    look = load_theme()
    assert len(set(look.markers)) == len(look.markers) == len(look.colours)


def test_states_darken_with_achievement_in_grey_and_have_a_symbol_each():
    look = load_theme()
    light = [lightness(look.states[state]["fill"]) for state in STATES[:3]]
    assert min(two - one for one, two in pairwise(light)) > 12
    symbols = [*(look.states[state]["symbol"] for state in STATES), look.absent["symbol"]]
    assert len(set(symbols)) == 5


@pytest.mark.parametrize("eyes", SEEN)
@pytest.mark.parametrize("n_levels", [2, 3, 4, 5, 6, 7])
def test_neighbouring_answers_are_told_apart(n_levels, eyes):
    fills = [lab(colour, SEEN[eyes]) for colour in answer_fills(n_levels)]
    assert min(np.linalg.norm(one - two) for one, two in pairwise(fills)) > 9


@pytest.mark.parametrize("n_levels", [3, 4, 5, 6, 7])
def test_answers_are_lightest_in_the_middle_in_grey(n_levels):
    light = [lightness(colour) for colour in answer_fills(n_levels)]
    half = n_levels // 2
    assert light[:half] == sorted(light[:half])
    assert light[-half:] == sorted(light[-half:], reverse=True)


@pytest.mark.parametrize("eyes", SEEN)
def test_low_and_high_answers_differ_in_colour(eyes):
    fills = answer_fills(4)
    assert all(nearest([low, high], SEEN[eyes]) > 20 for low in fills[:2] for high in fills[2:])


def test_symbols_can_be_read_on_their_state():
    look = load_theme()
    for state in (*look.states.values(), look.absent):
        assert abs(lightness(state["fill"]) - lightness(state["ink"])) > 50
