"""Results to draw, made without chance, and eyes for what goes wrong in a picture."""

import numpy as np
import pandas as pd
from matplotlib.text import Text

from careerbench import analysis
from careerbench.scoring import STATES

LONG_TITLES = {
    "p1": "A stable careers programme",
    "p2": "Learning from career and labour market information, including local employers",
    "p3": "Addressing the needs of each pupil, $5 or less",
}


def long_name(number):
    kind = ("Upper", "Lower", "Saint Bartholomew and All Saints")[number % 3]
    return f"The {kind} Made-up Church of England Voluntary Aided Primary School {number}"


NAMES = {str(900001 + number): long_name(number) for number in range(400)}


def made_scores(n_schools, waves=("baseline", "year 1"), n_benchmarks=8):
    rows = [
        (str(900001 + school), wave, f"p{number + 1}", _state(school, place, number))
        for school in range(n_schools)
        for place, wave in enumerate(waves)
        for number in range(n_benchmarks)
    ]
    return pd.DataFrame(rows, columns=["school_urn", "wave", "benchmark", "state"])


def _state(school, place, number):
    mixed = (school * 7 + number * 5 + school * number) % 11
    return (
        STATES[0] if mixed < 3 + 3 * place else STATES[1 + mixed % 2] if mixed < 10 else STATES[3]
    )


def made_counts(n_schools):
    school = np.arange(n_schools)
    asked = 8 + (school * 37) % 140
    share = 0.35 + 0.3 * ((school * 29) % 17) / 17
    share[2::11] = 0.95
    return pd.DataFrame(
        {
            "school_urn": [str(900001 + number) for number in school],
            "asked": asked,
            "met": np.round(asked * share).astype(int),
        }
    )


def made_answers(n_pupils=24, years=("R", "3", "6")):
    rows = [
        (f"{year}-{pupil}", f"90000{pupil % 3 + 1}", year, item, str((pupil * step) % 4 + 1))
        for year in years
        for pupil in range(n_pupils)
        for step, item in enumerate(("pu_jobs", "pu_learning"), start=1)
    ]
    names = ["respondent", "school_urn", "year_group", "item", "answer"]
    return pd.DataFrame(rows, columns=names)


def made_means(years=("R", "1", "4", "6"), waves=("baseline", "year 1", "year 2"), by=()):
    rows = [
        (f"90000{school}", wave, year, sex, "efficacy", 1 + (school * pupil + place + turn) % 4)
        for school in range(4)
        for place, wave in enumerate(waves)
        for turn, year in enumerate(years)
        for pupil, sex in enumerate("FMFMM")
    ]
    names = ["school_urn", "wave", "year_group", "sex", "scale", "score"]
    return analysis.scale_means(pd.DataFrame(rows, columns=names), by=["year_group", *by])


def words_in(ax):
    """Return every written word of a picture with its box."""
    ax.figure.draw_without_rendering()
    found = []
    for one in (ax, *ax.child_axes):
        axes = one.axison
        ticks = [*_ticks_in_view(one.xaxis), *_ticks_in_view(one.yaxis)] if axes else []
        ends = [one.xaxis.label, one.yaxis.label] if axes else []
        legend = one.get_legend()
        keys = legend.get_texts() if legend else []
        found += [*ticks, *ends, *one.texts, *keys, one.title, one._left_title]
    return [
        (word.get_text(), Text.get_window_extent(word))
        for word in found
        if word.get_text().strip() and word.get_visible()
    ]


def _ticks_in_view(axis):
    low, high = sorted(axis.get_view_interval())
    return [tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high]


def outside(ax):
    """Return words that reach beyond the edge of the figure."""
    return _beyond(words_in(ax), ax.figure.bbox)


def overlapping(ax):
    """Return pairs of words that are written over each other."""
    return _over(words_in(ax))


def faults(ax):
    """Return words that are cut off, and pairs that are written over each other."""
    words = words_in(ax)
    return _beyond(words, ax.figure.bbox), _over(words)


def _beyond(words, edge):
    return [
        said
        for said, box in words
        if box.x0 < -1 or box.y0 < -1 or box.x1 > edge.x1 + 1 or box.y1 > edge.y1 + 1
    ]


def _over(words, slack=1.0):
    if not words:
        return []
    x0, y0, x1, y1 = np.array([box.extents for _, box in words]).T
    wide = np.minimum.outer(x1, x1) - np.maximum.outer(x0, x0) > slack
    high = np.minimum.outer(y1, y1) - np.maximum.outer(y0, y0) > slack
    pairs = np.argwhere(np.triu(wide & high, 1))
    return [(words[one][0], words[other][0]) for one, other in pairs]
