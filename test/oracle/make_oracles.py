"""Writes the oracles of test/core/stats and test/core/plan with SciPy: python3 test/oracle/make_oracles.py

Needs scipy, numpy and pymannkendall (pip install scipy pymannkendall); each file says which versions made it. Seeded, so
a second run writes the same bytes with the same versions.
"""

import json
import math
import pathlib
from importlib.metadata import version

import numpy as np
import pymannkendall
import scipy
from scipy import integrate, optimize, special, stats

HERE = pathlib.Path(__file__).parent
MADE_BY = {"scipy": scipy.__version__, "numpy": np.__version__}
rng = np.random.default_rng(20241122)


def write(name, **content):
    text = json.dumps({"madeBy": MADE_BY, **content}, indent=1)
    (HERE / f"{name}.json").write_text(text + "\n")


def distributions():
    zs = [-37.0, -12.5, -8.0, -5.0, -4.0, -3.999, -3.0, -1.96, -1.0, -0.1, 0.0, 1e-6, 0.5, 1.644853627, 3.0, 5.5, 8.0]
    ps = [1e-12, 1e-6, 0.00025, 0.001, 0.005, 0.01, 0.05, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 0.99975, 1 - 1e-9]
    dfs = [1, 2, 3, 5.5, 6, 8, 11, 23, 60, 500, 100_000]
    shapes = [(0.5, 0.5), (1, 1), (1, 299), (2, 3), (30.5, 2970.2), (0.1, 40), (5000, 4800), (61, 5940), (12000, 88000), (1, 100_000)]
    xs = [1e-9, 1e-4, 0.003, 0.01, 0.1, 0.5, 0.51, 0.9, 0.999]
    write(
        "distributions",
        normalCdf=[{"z": z, "p": float(stats.norm.cdf(z))} for z in zs],
        normalQuantile=[{"p": p, "z": float(stats.norm.ppf(p))} for p in ps],
        studentCdf=[{"t": t, "df": df, "p": float(stats.t.cdf(t, df))} for df in dfs for t in (-40.0, -4.5, -1.0, 0.0, 0.3, 2.0, 3.2, 12.0)],
        studentQuantile=[{"p": p, "df": df, "t": float(stats.t.ppf(p, df))} for df in dfs for p in ps if 1e-6 <= p < 1 - 1e-8],
        betaCdf=[{"x": x, "a": a, "b": b, "p": float(special.betainc(a, b, x))} for a, b in shapes for x in xs],
        betaQuantile=[{"p": p, "a": a, "b": b, "x": float(special.betaincinv(a, b, p))} for a, b in shapes[1:] for p in (0.001, 0.05, 0.5, 0.95, 0.999)],
    )


def mann_whitney():
    """Counts on a grid of equal bins against scipy's asymptotic test with tie and continuity correction."""
    cases = [([0, 2, 3, 5, 1], [1, 3, 4, 2, 1])]
    for size in (4, 12, 40):
        for shift in (0.0, 0.4, 1.5):
            head = np.bincount(np.clip(rng.normal(size / 2 + shift, size / 6, 400).astype(int), 0, size - 1), minlength=size)
            base = np.bincount(np.clip(rng.normal(size / 2, size / 6, 300).astype(int), 0, size - 1), minlength=size)
            cases.append((head.tolist(), base.tolist()))
    rows = []
    for head, base in cases:
        t = np.repeat(np.arange(len(head)), head)
        c = np.repeat(np.arange(len(base)), base)
        greater = stats.mannwhitneyu(t, c, alternative="greater", method="asymptotic", use_continuity=True)
        two = stats.mannwhitneyu(t, c, alternative="two-sided", method="asymptotic", use_continuity=True)
        rows.append({"head": head, "base": base, "u": float(greater.statistic), "pGreater": float(greater.pvalue), "pTwoSided": float(two.pvalue)})
    write("mann-whitney", cases=rows)


def clopper_pearson():
    rows = []
    for k, n in [(0, 10), (0, 299), (1, 473), (3, 1000), (50, 400), (10, 10), (997, 1000)]:
        for confidence in (0.8, 0.9, 0.998):
            ci = stats.binomtest(k, n).proportion_ci(confidence, method="exact")
            rows.append({"k": k, "n": n, "confidence": confidence, "low": float(ci.low), "high": float(ci.high)})
    write("clopper-pearson", cases=rows)


def false_discovery():
    rows = []
    for size in (1, 5, 20):
        ps = np.sort(rng.uniform(0, 1, size) ** 3)[rng.permutation(size)]
        rows.append({"p": ps.tolist(), "adjusted": stats.false_discovery_control(ps, method="bh").tolist()})
    write("false-discovery", cases=rows)


def sequential():
    """One-sided boundaries of group-sequential tests, by SciPy's own multivariate normal distribution, solved look by look."""
    def crossing(information, bounds, z):
        """P(no look before crossed, this one does)."""
        k = len(bounds)
        correlation = np.array([[np.sqrt(min(a, b) / max(a, b)) for b in information[: k + 1]] for a in information[: k + 1]])
        def below(limits):
            n = len(limits)
            if n == 0:
                return 1.0
            if n == 1:
                return float(stats.norm.cdf(limits[0]))
            if n == 2:
                # Exact enough by one-dimensional quadrature of the conditional distribution.
                r = correlation[0, 1]
                f = lambda x: stats.norm.pdf(x) * stats.norm.cdf((limits[1] - r * x) / np.sqrt(1 - r * r))
                return float(integrate.quad(f, -12, limits[0], epsabs=1e-14, epsrel=1e-13, limit=500)[0])
            r1, r2 = np.sqrt(information[0] / information[1]), np.sqrt(information[1] / information[2])
            def inner(y):
                # Z1 given Z2, times Z3 given Z2: increments are independent.
                return stats.norm.pdf(y) * stats.norm.cdf((limits[0] - r1 * y) / np.sqrt(1 - r1 * r1)) * stats.norm.cdf((limits[2] - r2 * y) / np.sqrt(1 - r2 * r2))
            return float(integrate.quad(inner, -12, limits[1], epsabs=1e-14, epsrel=1e-13, limit=500)[0])
        return below(bounds) - below(bounds + [z])

    cases = []
    for information in ([1], [0.25, 0.5, 1], [1, 2], [1.6, 2.4], [0.8888888888888888, 1.6, 2.1818181818181817], [1, 1.5, 4]):
        for alpha in (0.05, 0.01, 0.01 / 12):
            spent = [math.log1p((math.e - 1) * i / information[-1]) for i in information]
            bounds, used = [], 0.0
            for z_index, share in enumerate(spent):
                target = alpha * share - used
                bounds.append(float(optimize.brentq(lambda z: crossing(information, bounds, z) - target, 0.2, 9, xtol=1e-12, rtol=1e-14)))
                used += target
            cases.append({"information": information, "spent": spent, "alpha": alpha, "z": bounds})
    write("sequential", cases=cases)


def gamma():
    ps = [0.05, 0.5, 0.95]
    write("gamma", ps=ps, quantiles=[{"shape": a, "x": [float(stats.gamma(a).ppf(p)) for p in ps]} for a in (0.0625, 0.25, 0.8, 1, 4, 25)])
def autoregressive(n, memory):
    values = [rng.normal()]
    for _ in range(n - 1):
        values.append(memory * values[-1] + np.sqrt(1 - memory**2) * rng.normal())
    return np.array(values)


def trend():
    """Mann–Kendall by SciPy's Kendall tau and by pymannkendall, its variance as Hamed & Rao correct it, Theil–Sen by SciPy."""
    rows = []
    for n in (4, 7, 12, 40):
        for slope in (0.0, 0.05, -0.3):
            for memory in (0.0, 0.6):
                values = np.round(10 + autoregressive(n, memory) + slope * np.arange(n), 4)
                rows.append(values)
        rows.append(np.round(10 + autoregressive(n, 0.3)))  # ties
    cases = []
    for values in rows:
        at = np.round(np.cumsum(rng.uniform(0.5, 2, len(values))), 2)
        plain = pymannkendall.original_test(values)
        corrected = pymannkendall.hamed_rao_modification_test(values)
        tau = stats.kendalltau(np.arange(len(values)), values, variant="b").statistic
        assert np.isclose(tau, plain.s / np.sqrt(len(values) * (len(values) - 1) / 2 * untied_pairs(values))), "SciPy and pymannkendall differ"
        cases.append({
            "at": at.tolist(),
            "values": values.tolist(),
            "s": float(plain.s),
            "variance": float(plain.var_s),
            "p": float(plain.p),
            "correctedVariance": float(corrected.var_s),
            "correctedP": float(corrected.p),
            "slope": float(stats.theilslopes(values, at).slope),
        })
    write("trend", pymannkendall=version("pymannkendall"), cases=cases)


def untied_pairs(values):
    return sum(values[i] != values[j] for i in range(len(values)) for j in range(i + 1, len(values)))


def mser():
    """White's statistic as his paper writes it, for every truncation point, without any recurrence."""
    cases = []
    for n in (9, 10, 50, 63, 120):
        for excess, decay in ((0, 1), (3, 4), (10, 15), (2, 100)):
            values = np.round(10 + autoregressive(n, 0.4) + excess * np.exp(-np.arange(n) / decay), 3)
            found = []
            for batch in (1, 5):
                batches = values[: n // batch * batch].reshape(-1, batch).mean(axis=1)
                for least in (0.0, 0.3):
                    statistic = [np.sum((batches[d:] - batches[d:].mean()) ** 2) / (len(batches) - d) ** 2 + least**2 / (len(batches) - d) for d in range(max(0, len(batches) - 4))]
                    best = int(np.argmin(statistic)) if len(batches) >= 10 else None
                    truncation = None if best is None or best > len(batches) / 2 else best * batch
                    found.append({"batch": batch, "leastDeviation": least, "truncation": truncation})
            cases.append({"values": values.tolist(), "found": found})
    write("mser", cases=cases)


distributions()
mann_whitney()
clopper_pearson()
false_discovery()
gamma()
trend()
mser()
sequential()
