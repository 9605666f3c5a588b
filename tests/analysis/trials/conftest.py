"""Trials made up of whole numbers: the same as in references.R."""

import numpy as np
import pandas as pd
import pytest

N_SCHOOLS = 12


def made_up(n_schools, arms, *, within=False):
    rows = []
    for j in range(n_schools):
        for i in range(4 + (5 * j) % 7):
            arm = i % arms if within else j % arms
            x = (7 * i + 3 * j) % 11
            y = x + (13 * i * i + 5 * j) % 17 + 2 * ((j * j * 3) % 7) + 3 * arm
            y += ((4 * j * j + 3 * j) % 13) * arm if within else 0
            rows.append((f"s{j:02d}", arm, x, y))
    return pd.DataFrame(rows, columns=["school_urn", "arm", "x", "y"])


@pytest.fixture(scope="session")
def cluster():
    return made_up(N_SCHOOLS, 2)


@pytest.fixture(scope="session")
def three():
    return made_up(15, 3)


@pytest.fixture(scope="session")
def multi():
    return made_up(N_SCHOOLS, 2, within=True)


@pytest.fixture(scope="session")
def roles():
    return {"outcome": "y", "arm": "arm", "covariates": ["x"], "group": "school_urn"}


@pytest.fixture(scope="session")
def school_draws():
    """Positions of schools: (4 replicates, 12 places)."""
    j = np.arange(N_SCHOOLS)
    return np.array([(7 * j + 5 * r + (j * j * (r + 1)) % 5) % N_SCHOOLS for r in range(4)])
