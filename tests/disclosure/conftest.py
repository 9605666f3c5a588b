"""An attacker who shares no code with the library: everything published, and linear programmes."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array

ALL = "All"


class Attacker:
    """Knows a released frame, which combinations are possible, and that counts are not negative.

    ``inner`` is the true table of finest cells; its counts are only used to say what a small count
    is, and as the proof that the published figures belong together.
    """

    def __init__(self, released, inner, paths, *, count="n", at_least=0):
        self.paths = [path if isinstance(path, tuple) else (path,) for path in paths]
        self.names = [name for path in self.paths for name in path]
        self.inner = inner.reset_index(drop=True)
        self.truth = self.inner[count].to_numpy(float)
        shown, hidden = (
            released[released[count].notna()],
            released[released[f"{count}_reason"] == "c"],
        )
        self.rows = self.sums_of(shown[self.names])
        self.values = shown[count].to_numpy(float)
        self.hidden_rows, self.at_least = self.sums_of(hidden[self.names]), at_least
        self.shown = shown

    def sums_of(self, cells):
        """One row per cell, 1 where a finest cell is part of it."""
        inner = {name: self.inner[name].to_numpy() for name in self.names}
        rows = np.ones((len(cells), len(self.inner)))
        for number, cell in enumerate(cells.itertuples(index=False, name=None)):
            for name, value in zip(self.names, cell, strict=True):
                if value != ALL:
                    rows[number] *= inner[name] == value
        return rows

    def every_cell(self):
        """Every combination of nodes, listed or not, that somebody can be in."""
        nodes = []
        for path in self.paths:
            leaves = self.inner[list(path)].drop_duplicates().itertuples(index=False, name=None)
            found = {leaf[:depth] + (ALL,) * (len(path) - depth) for leaf in leaves for depth in range(len(path) + 1)}  # fmt: skip
            nodes.append(sorted(found))
        cells = pd.DataFrame([sum(parts, ()) for parts in product(*nodes)], columns=self.names)
        return cells, self.sums_of(cells)

    def interval(self, row):
        """Lowest and highest value that fits everything shown."""
        limits = {
            "A_eq": csr_array(self.rows) if len(self.rows) else None,
            "b_eq": self.values if len(self.rows) else None,
            "A_ub": csr_array(-self.hidden_rows)
            if self.at_least and len(self.hidden_rows)
            else None,
            "b_ub": -np.ones(len(self.hidden_rows))
            if self.at_least and len(self.hidden_rows)
            else None,
            "bounds": (0, None),
            "method": "highs",
        }
        low, high = linprog(row, **limits), linprog(-row, **limits)
        assert low.status == 0
        return low.fun, (-high.fun if high.status == 0 else np.inf)

    def narrow(self, sensitive, width):
        """Cells with a sensitive true count whose interval is narrower than the width."""
        cells, rows = self.every_cell()
        found = []
        for cell, row in zip(cells.itertuples(index=False, name=None), rows, strict=True):
            true = float(row @ self.truth)
            if row.any() and sensitive(dict(zip(self.names, cell, strict=True)), true):
                low, high = self.interval(row)
                assert low - 1e-6 <= true <= high + 1e-6
                if high - low < width - 1e-6:
                    found.append((cell, true, low, high))
        return found

    def differences(self, threshold):
        """Small counts that come out when one shown cell is taken from another that contains it."""
        found = []
        for one, two in combinations(range(len(self.rows)), 2):
            small, large = sorted((one, two), key=lambda number: self.rows[number].sum())
            part = self.rows[large] - self.rows[small]
            left = self.values[large] - self.values[small]
            if part.min() >= 0 and part.any() and 0 < left < threshold:
                found.append((tuple(self.shown.iloc[large]), tuple(self.shown.iloc[small]), left))
        return found


@pytest.fixture
def attacker():
    return Attacker
