"""Writes the oracle of test/bench/decisions with SciPy: python3 test/oracle/make_rival_oracles.py

Seeded, so a second run writes the same bytes with the same versions.
"""

import itertools
import json
import pathlib

import numpy as np
import scipy
from scipy import stats

rng = np.random.default_rng(20261126)


def exact_mann_whitney():
    rows = []
    for n, m in [(3, 3), (4, 6), (5, 5), (10, 10)]:
        for shift in (0.0, 0.8, 2.5):
            head, base = rng.normal(shift, 1, n), rng.normal(0, 1, m)
            test = stats.mannwhitneyu(head, base, alternative="two-sided", method="exact")
            rows.append({"head": head.tolist(), "base": base.tolist(), "u": float(test.statistic), "p": float(test.pvalue)})
    # With ties SciPy has no exact distribution: every way to choose the head is counted.
    for head, base in [([1, 2, 2, 3], [1, 1, 2, 4, 2]), ([3, 3, 3], [1, 3, 3]), ([5, 5, 6, 7], [1, 2, 3, 4]), ([1, 1], [1, 1])]:
        pooled = np.array(head + base)
        u = lambda chosen: sum((pooled[list(chosen)][:, None] > np.delete(pooled, list(chosen))[None, :]).ravel()) + 0.5 * sum(
            (pooled[list(chosen)][:, None] == np.delete(pooled, list(chosen))[None, :]).ravel()
        )
        seen = u(range(len(head)))
        every = np.array([u(chosen) for chosen in itertools.combinations(range(len(pooled)), len(head))])
        p = min(1.0, 2 * min(np.mean(every <= seen), np.mean(every >= seen)))
        rows.append({"head": head, "base": base, "u": float(seen), "p": float(p)})
    return rows


def prediction_limits():
    rows = []
    for size in (3, 8, 20):
        stored = rng.normal(50, 2, size)
        limit = stored.mean() + stats.t.ppf(0.99, size - 1) * stored.std(ddof=1) * np.sqrt(1 + 1 / size)
        rows.append({"stored": stored.tolist(), "t": float(stats.t.ppf(0.99, size - 1)), "limit": float(limit)})
    return rows


def hodges_lehmann():
    """The lower end is the smallest shift that the two-sided 2 % test does not reject, found by testing at every difference."""
    rows = []
    for n, m, shift in [(12, 12, 0.0), (20, 15, 1.0), (48, 48, 0.3)]:
        head, base = rng.normal(10 + shift, 1, n), rng.normal(10, 1, m)
        differences = np.sort((head[:, None] - base[None, :]).ravel())
        p = lambda by: stats.mannwhitneyu(head - by, base, alternative="two-sided", method="asymptotic", use_continuity=False).pvalue
        low = max(d for d in differences if d < np.median(differences) and p(d - 1e-9) <= 0.02)
        rows.append({"head": head.tolist(), "base": base.tolist(), "shift": float(np.median(differences)), "low": float(low)})
    return rows


content = {
    "madeBy": {"scipy": scipy.__version__, "numpy": np.__version__},
    "exactMannWhitney": exact_mann_whitney(),
    "predictionLimits": prediction_limits(),
    "hodgesLehmann": hodges_lehmann(),
}
(pathlib.Path(__file__).parent / "rivals.json").write_text(json.dumps(content, indent=1) + "\n")
