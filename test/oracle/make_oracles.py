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


def binned_units(units, shift):
    """Units of a live run: per unit the counts of base and head on bins [1, 2), [2, 3), ..., sizes and drifts that differ."""
    rows = []
    for _ in range(units):
        drift = rng.normal(0, 1)
        draw = lambda n, by: np.bincount(np.clip(rng.gamma(6, 2, n) + drift + by, 0, 39).astype(int), minlength=40)
        rows.append({"base": draw(int(rng.integers(60, 200)), 0.0).tolist(), "head": draw(int(rng.integers(60, 200)), shift).tolist()})
    return rows


def mid_cdf(counts):
    return (np.cumsum(counts) - counts / 2) / counts.sum()


def clustered_mann_whitney():
    """Placements summed by cluster, on expanded values: each value's mid-CDF in the other arm, by scipy's percentileofscore."""
    cases = []
    for units, shift in ((2, 0.0), (5, 0.0), (12, 0.7), (20, -0.4)):
        rows = binned_units(units, shift)
        expand = lambda arm: [np.repeat(np.arange(40), row[arm]) for row in rows]
        base, head = expand("base"), expand("head")
        all_base, all_head = np.concatenate(base), np.concatenate(head)
        place = lambda values, others: np.array([stats.percentileofscore(others, value, kind="mean") / 100 for value in values])
        superiority = place(all_head, all_base).mean()
        parts = [(place(h, all_base) - superiority).sum() / len(all_head) - (place(b, all_head) - (1 - superiority)).sum() / len(all_base) for b, h in zip(base, head)]
        error = np.std(parts, ddof=1) * np.sqrt(units)
        cases.append({"units": rows, "p": float(stats.t.sf((superiority - 0.5) / error, units - 1)), "cliffsDelta": float(2 * superiority - 1)})
    write("clustered-mann-whitney", cases=cases)


def runs_mann_whitney():
    """The head's logit of superiority over all runs, against that of each run over the others."""
    cases = []
    for runs, heads, shift in ((3, 1, 0.0), (5, 2, 1.0), (8, 1, -0.5)):
        bases = [row["base"] for row in binned_units(runs, 0.0)]
        news = [row["head"] for row in binned_units(heads, shift)]

        def logit(base, head):
            pairs = base.sum() * head.sum()
            share = (head @ (np.cumsum(base) - base / 2) + 0.5) / (pairs + 1)
            return np.log(share / (1 - share))

        b, h = np.array(bases), np.array(news)
        others = np.array([logit(b.sum(axis=0) - run, run) for run in b])
        shifted = np.mean([logit(b.sum(axis=0), run) for run in h]) - others.mean()
        spread = max(np.std(others, ddof=1), 0.01)
        error = spread * np.sqrt((1 / heads + 1 / runs) / (1 + 1 / (runs - 1)))
        total = h.sum(axis=0)
        superiority = total @ mid_cdf(b.sum(axis=0)) / total.sum()
        cases.append({"bases": bases, "heads": news, "p": float(stats.t.sf(shifted / error, runs - 1)), "cliffsDelta": float(2 * superiority - 1)})
    write("runs-mann-whitney", cases=cases)


def log_quantile(counts, p):
    """Inverse of a distribution function that is piecewise linear in ln x: by numpy's interp on the edges of filled bins."""
    counts = np.asarray(counts, dtype=float)
    filled = np.flatnonzero(counts)
    rank = np.clip(p, 0, 1) * counts.sum()
    ends = np.cumsum(counts[filled])
    i = min(np.searchsorted(ends, rank), len(filled) - 1)
    low, high = np.log(filled[i] + 1), np.log(filled[i] + 2)
    return low + (high - low) * np.clip((rank - (ends[i] - counts[filled[i]])) / counts[filled[i]], 0, 1)


def share_above(counts, log):
    lows, highs = np.log(np.arange(40) + 1), np.log(np.arange(40) + 2)
    return float(np.sum(np.asarray(counts) * np.clip((highs - log) / (highs - lows), 0, 1)) / np.sum(counts))


def paired_quantiles():
    """The score test of a ratio of quantiles, turned round: on the table of steps of the docstring, and solved by brentq."""
    cases = []
    for units, shift in ((3, 0.0), (8, 0.5), (20, 1.0)):
        rows = binned_units(units, shift)
        base, head = np.sum([row["base"] for row in rows], axis=0), np.sum([row["head"] for row in rows], axis=0)
        of_base, of_head = base.sum() / (base.sum() + head.sum()), head.sum() / (base.sum() + head.sum())
        found = []
        for p in (0.5, 0.9, 0.95):
            estimate = log_quantile(head, p) - log_quantile(base, p)
            moved = [log_quantile(counts, p + 0.01) - log_quantile(counts, p - 0.01) for counts in (base, head)]
            lasting = np.sqrt(2) * 0.01 if 0.0999 <= p <= 1 - 0.0999 and max(moved) / 2 > 0.02 else 0
            least = 0.5 * np.sqrt(2 * p * (1 - p) / min(base.sum(), head.sum()))

            def cuts(difference, side):
                return log_quantile(base, p - side * difference * of_head), log_quantile(head, p + side * difference * of_base)

            def score(difference, side):
                if difference == 0:
                    return 0.0
                at_base, at_head = cuts(difference, side)
                parts = [
                    sum(row["head"]) / head.sum() * (share_above(row["head"], at_head) - share_above(head, at_head))
                    - sum(row["base"]) / base.sum() * (share_above(row["base"], at_base) - share_above(base, at_base))
                    for row in rows
                ]
                return difference / np.hypot(max(np.std(parts, ddof=1) * np.sqrt(units), least), lasting)

            def distance(difference, side):
                at_base, at_head = cuts(difference, side)
                return float(max(0.0, side * (at_head - at_base - estimate)))

            for t in (1.0, 2.5, 5.0):
                row = {"p": p, "t": t, "estimate": float(estimate)}
                for name, side in (("below", -1), ("above", 1)):
                    most = min((1 - p) / (of_head if side < 0 else of_base), p / (of_base if side < 0 else of_head))
                    steps = most * (np.arange(25) / 24) ** 2
                    scores = np.array([score(step, side) for step in steps])
                    end = np.argmax(scores >= 2 * t) if np.any(scores >= 2 * t) else 24
                    last = int(np.flatnonzero(scores[: end + 1] < t).max())
                    if last == 24:
                        row[name] = row[name + "Exact"] = None
                        continue
                    between = np.interp(t, scores[last : last + 2], steps[last : last + 2])
                    exact = optimize.brentq(lambda d: score(d, side) - t, steps[last], steps[last + 1], xtol=1e-14)
                    row[name], row[name + "Exact"] = distance(between, side), distance(exact, side)
                found.append(row)
        cases.append({"units": rows, "found": found})
    write("paired-quantiles", cases=cases)


def ratio_of_sums():
    """Cochran's linearised error of a ratio (1977, eq. 6.13 without the finite population), and that of a paired difference."""
    cases = []
    for n in (2, 5, 30):
        x = {arm: np.round(rng.uniform(5, 15, n), 3) for arm in ("base", "head")}
        y = {arm: np.round(x[arm] * rng.uniform(0.5, 1.5, n), 3) for arm in ("base", "head")}
        ratio = {arm: y[arm].sum() / x[arm].sum() for arm in x}
        residual = {arm: y[arm] - ratio[arm] * x[arm] for arm in x}
        error = {arm: np.sqrt(np.sum(residual[arm] ** 2) / (n - 1) / n) / x[arm].mean() for arm in x}
        linear = residual["head"] / x["head"].mean() - residual["base"] / x["base"].mean()
        log = residual["head"] / y["head"].mean() - residual["base"] / y["base"].mean()
        cases.append({
            "units": [{arm: {"part": float(y[arm][i]), "whole": float(x[arm][i])} for arm in x} for i in range(n)],
            "ratio": float(ratio["base"]),
            "linear": float(error["base"]),
            "log": float(error["base"] / ratio["base"]),
            "pairedLinear": float(np.std(linear, ddof=1) / np.sqrt(n)),
            "pairedLog": float(np.std(log, ddof=1) / np.sqrt(n)),
        })
    write("ratio-of-sums", cases=cases)


def between_runs():
    """Posterior of a normal–inverse-chi-squared prior worth six runs, and the prediction error of the mean of new runs."""
    cases = []
    for runs, heads, spread in ((1, 1, 0.04), (3, 1, 0.04), (8, 3, 0.04), (20, 2, 0.04), (8, 1, 0.15)):
        draw = lambda n: [{"value": float(np.round(rng.normal(-3, spread), 5)), "standardError": float(np.round(rng.uniform(0.001, 0.02), 5))} for _ in range(n)]
        bases, news, prior = draw(runs), draw(heads), 0.03
        values, within = np.array([run["value"] for run in bases]), np.mean([run["standardError"] ** 2 for run in bases])
        squares = np.sum((values - values.mean()) ** 2)
        # A prior that the stored runs contradict is dropped: beyond the 95th percentile of chi-squared (Wilson & Hilferty).
        n = runs - 1
        limit = (1 - 2 / (9 * n) + 2.0537 * np.sqrt(2 / (9 * n))) ** 3 if n >= 2 else np.inf
        weight = 0 if n > 0 and squares / n / (prior**2 + within) > limit else 6
        df = weight + n
        variance = (weight * (prior**2 + within) + squares) / df
        excess = max(0, np.mean([run["standardError"] ** 2 for run in news]) - within)
        cases.append({
            "bases": bases,
            "heads": news,
            "prior": prior,
            "estimate": float(np.mean([run["value"] for run in news]) - values.mean()),
            "standardError": float(np.sqrt((variance + excess) / heads + variance / runs)),
            "df": df,
            "betweenDeviation": float(np.sqrt(max(0, variance - within))),
        })
    write("between-runs", cases=cases)

def change_points():
    """Levels of short series by trying all 2^(n−1) ways to cut them; the capped cost of a stretch by minimising each piece of it."""
    draw = np.random.default_rng(20261126)

    def stretch(values, cap):
        """Between the places where a value begins or ceases to be capped, the cost is a parabola."""
        edges = np.unique(np.concatenate([values - cap, values + cap]))
        candidates = []
        for low, high in zip(edges, edges[1:]):
            inside = values[np.abs(values - (low + high) / 2) < cap]
            candidates.append(np.clip(inside.mean(), low, high) if len(inside) else low)
        costs = [np.sum(np.minimum((values - level) ** 2, cap**2)) for level in candidates]
        best = int(np.argmin(costs))
        return float(candidates[best]), float(costs[best])

    cases = []
    for n in (2, 4, 7, 9, 11):
        for moved in (0.0, 0.12, 0.3):
            for stray in (False, True):
                values = -3 + draw.normal(0, 0.03, n) + np.where(np.arange(n) >= n - max(2, n // 3), moved, 0)
                if stray and n > 4:
                    values[n // 2] += 0.6
                values = np.round(values, 6)
                noise, cap, penalty, weak = 0.03, 3.5, 14.0, 2.0
                announced = int(draw.integers(1, n)) if draw.random() < 0.4 else None
                best = None
                for cuts in range(2 ** (n - 1)):
                    starts = [0] + [i for i in range(1, n) if cuts >> (i - 1) & 1]
                    ends = starts[1:] + [n]
                    if any(to - at == 1 and n > 1 and announced not in (at or None, to if to < n else None) for at, to in zip(starts, ends)):
                        continue
                    cost = sum(stretch(values[at:to] / noise, cap)[1] for at, to in zip(starts, ends))
                    cost += sum(weak if at == announced else penalty for at in starts[1:])
                    if best is None or cost < best[0] - 1e-9:
                        best = (cost, starts)
                level, cost = stretch(values / noise, cap)
                cases.append({
                    "values": values.tolist(), "noise": noise, "cap": cap, "penalty": penalty, "announced": announced, "weak": weak,
                    "starts": best[1], "level": level * noise, "cost": cost,
                    "neighbours": float(np.median(np.abs(np.diff(values))) / stats.norm.ppf(0.75) / np.sqrt(2)),
                })
    ramps = []
    for n in (5, 8, 12, 20):
        for shape in ("step", "ramp", "flat"):
            for _ in range(4):
                x = np.arange(n)
                clean = {"step": 0.3 * (x >= n // 2), "ramp": 0.03 * np.maximum(0, x - n // 4), "flat": 0 * x}[shape]
                values = np.round(clean + draw.normal(0, 0.03, n), 6)

                def squares(column):
                    design = np.column_stack([np.ones(n), column])
                    return float(np.sum((values - design @ np.linalg.lstsq(design, values, rcond=None)[0]) ** 2))

                step = min(squares(x >= at) for at in range(1, n))
                ramp = min(squares(np.clip((x - a) / (b - a), 0, 1)) for a in range(n) for b in range(a + 4, n))
                bic = lambda rss, parameters: n * np.log(rss) + parameters * np.log(n)
                assert abs(bic(ramp, 4) - bic(step, 3)) > 1e-6
                ramps.append({"values": values.tolist(), "gradual": bool(bic(ramp, 4) < bic(step, 3))})
    write("change-points", cases=cases, ramps=ramps)


def between_levels():
    """As between_runs, with stored runs of other levels: a one-way analysis of variance tells how much runs differ."""
    draw = np.random.default_rng(20261127)
    runs = lambda n, level: [{"value": float(np.round(draw.normal(level, 0.04), 5)), "standardError": float(np.round(draw.uniform(0.001, 0.02), 5))} for _ in range(n)]
    cases = []
    for sizes in ((1, 8), (3, 4, 6), (2, 1, 2), (5, 12)):
        bases, *earlier = [runs(size, -3 + 0.3 * i) for i, size in enumerate(sizes)]
        heads, prior = runs(2, -3), 0.03
        groups = [np.array([run["value"] for run in level]) for level in (bases, *earlier)]
        squares = sum(float(np.sum((group - group.mean()) ** 2)) for group in groups)
        n = sum(len(group) - 1 for group in groups)
        within = float(np.mean([run["standardError"] ** 2 for level in (bases, *earlier) for run in level]))
        limit = (1 - 2 / (9 * n) + 2.0537 * np.sqrt(2 / (9 * n))) ** 3 if n >= 2 else np.inf
        weight = 0 if squares / n / (prior**2 + within) > limit else 6
        variance = (weight * (prior**2 + within) + squares) / (weight + n)
        excess = max(0, float(np.mean([run["standardError"] ** 2 for run in heads])) - within)
        cases.append({
            "bases": bases, "earlier": earlier, "heads": heads, "prior": prior, "df": weight + n,
            "standardError": float(np.sqrt((variance + excess) / len(heads) + variance / len(bases))),
        })
    write("between-levels", cases=cases)


distributions()
mann_whitney()
clopper_pearson()
false_discovery()
gamma()
trend()
mser()
sequential()
clustered_mann_whitney()
runs_mann_whitney()
paired_quantiles()
ratio_of_sums()
between_runs()
change_points()
between_levels()
