"""Made-up pupils, the same to the last digit as those of references.R."""

import numpy as np
import pandas as pd
import pytest

SIZES = {
    "trial": ((12, 19, 7, 24, 15, 9, 21, 11, 16, 8), 11, 0.5, 0.0),
    "uneven": ((1, 1, 2, 30, 1, 5, 3, 44, 1, 2, 9, 1), 23, 0.8, 0.0),
    "flat": ((10, 14, 9, 12, 11, 13, 8, 15), 31, 0.0, 0.0),
    "slopes": ((20, 25, 18, 30, 22, 16, 28, 24, 19, 21, 26, 17), 47, 0.6, 0.4),
    "slopes1": ((6, 9, 1, 7, 8, 5, 2, 6, 7), 59, 0.6, 0.15),
}


def lehmer(n, seed):
    """Draw from a Lehmer generator, exactly."""
    found = np.empty(n)
    for place in range(n):
        seed = (48271 * seed) % 2147483647
        found[place] = seed / 2147483647
    return found


def bell(n, seed):
    """Add twelve draws, less six: nearly normal."""
    return np.round(lehmer(12 * n, seed).reshape(n, 12).sum(axis=1) - 6, 3)


@pytest.fixture(scope="session")
def made_up():
    """Make a table of pupils by its name."""
    return pupils


def pupils(name):
    """Make one of the tables."""
    sizes, seed, between, slope = SIZES[name]
    school = np.repeat(np.arange(1, len(sizes) + 1), sizes)
    n, even = len(school), school % 2 == 0
    intercept, steep = bell(len(sizes), seed + 1), bell(len(sizes), seed + 2)
    pretest, noise = bell(n, seed + 3), bell(n, seed + 4)
    score = 10 + 0.4 * even + 0.6 * pretest + between * intercept[school - 1]
    score = np.round(score + slope * steep[school - 1] * pretest + noise, 9)
    table = pd.DataFrame(
        {
            "school": [f"s{number:02d}" for number in school],
            "arm": np.where(even, "programme", "control"),
            "pretest": pretest,
            "score": score,
        }
    )
    if name == "flat":
        table["score"] -= table.groupby("school")["score"].transform("mean")
        table["score"] = table["score"].round(9)
    return table
