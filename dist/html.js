import { ACCEPTANCE_TITLE, ATTEMPT_HEADER, ATTRIBUTION_NOTE, ATTRIBUTION_TITLE, DETECTS_NOTE, GLYPHS, ORDER, PHASES_NOTE, PHASES_TITLE, SLOWEST_NOTE, SLOWEST_TITLE, WORDS as WORDS$1, arrange, blockBins, briefTitle, changeText, escapeHtml, exceedance, formatChange, formatDuration, formatPercent, formatQuantity, intervalText, mergeBins, plainLine, proseHtml, quantileOf, restText, scenarioOf, titleOf } from "./tailgate.js";
import { areaY, dot, line, link, parseHTML, plot, rect, rectY, ruleX, ruleY, text } from "./vendor-pictures.js";
import { GAUGE_NAMES, METRICS, worseSign } from "./shared.js";
import { createHash } from "node:crypto";

// src/core/report/charts/arm-blocks.ts
/** @param last blocks of the newest run, whose times are drawn. */
function drawnScenario(name, all, last) {
	const latencyOf = (block) => blockBins(block, "latency");
	const drawn = (blocks) => blocks.map((record) => ({
		record,
		startS: record.startS,
		endS: record.startS + record.durationS,
		latency: latencyOf(record)
	})).toSorted((a, b) => a.startS - b.startS);
	return {
		name,
		whole: {
			base: mergeBins(all.base.map(latencyOf)),
			head: mergeBins(all.head.map(latencyOf))
		},
		blocks: {
			base: last.sameRun ? drawn(last.base) : [],
			head: drawn(last.head)
		},
		sameRun: all.sameRun
	};
}
const ARMS = ["base", "head"];

// src/core/report/charts/marks.ts
const spokenDots = (points) => dot(points, {
	x: "x",
	y: "y",
	r: 3.5,
	fill: "colour",
	stroke: "var(--ground)",
	title: "says"
});
/** A line of text below the horizontal axis: what is measured along it. */
const axisNote = (says) => text([says], {
	frameAnchor: "bottom",
	dy: 36,
	className: "note"
});

// src/core/report/charts/picture.ts
/**
* A picture as an SVG element with title and description. It carries no style of its own, because the page's policy
* allows none: colours are the page's variables (`var(--base)`), so that one file is light and dark.
*
* The same input gives the same bytes. Positions have two decimals, which no screen can tell from more.
*/
function drawPicture({ id, title, description, ...options }) {
	const { document } = parseHTML("<!doctype html><html></html>");
	const svg = plot({
		...options,
		document,
		className: "plot"
	});
	svg.querySelector("style")?.remove();
	for (const group of svg.querySelectorAll("g[aria-label]")) {
		if (group.getAttribute("aria-label")?.endsWith("-grid") === true) group.setAttribute("class", "grid");
		group.removeAttribute("aria-label");
	}
	const named = (tag, text) => {
		const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
		element.setAttribute("id", `${id}-${tag}`);
		element.textContent = text;
		return element;
	};
	svg.prepend(named("title", title), named("desc", description));
	svg.setAttribute("role", "img");
	svg.setAttribute("aria-labelledby", `${id}-title ${id}-desc`);
	for (const name of [
		"fill",
		"font-family",
		"font-size"
	]) svg.removeAttribute(name);
	return svg.outerHTML.replaceAll(/="[^"]*"/g, (attribute) => attribute.replaceAll(LONG_NUMBER, (number) => String(Number(Number(number).toFixed(2)))));
}
const LONG_NUMBER = /-?\d+\.\d{3,}(?:e-?\d+)?/g;
/** What lies in time is drawn as wide, and begins as far to the right, as all else of its scenario: one moment is one line. */
const OVER_TIME = {
	width: 920,
	marginLeft: 76,
	marginBottom: 26
};
/** Distributions stand side by side: three fit on a desk, and one on a telephone keeps its letters readable. */
const BESIDE = {
	width: 400,
	height: 290,
	marginLeft: 58,
	marginBottom: 44
};
/** Colours by arm: see the style sheet. */
const ARM_COLOURS = {
	base: "var(--base)",
	head: "var(--head)"
};
const SECONDS = (value) => formatQuantity(value, "s");
/** A logarithmic axis of durations, wide enough that nothing lies on its border. */
function durationAxis(values) {
	let [low, high] = [Number.POSITIVE_INFINITY, 0];
	for (const value of values) {
		if (!(value > 0)) continue;
		low = Math.min(low, value);
		high = Math.max(high, value);
	}
	const domain = [low / 1.08, high * 1.08];
	return {
		type: "log",
		domain,
		ticks: logTicks(...domain),
		tickFormat: SECONDS,
		grid: true,
		label: null
	};
}
/** Round numbers in [low, high], thinned to what an axis can hold; finer steps where the range is small. */
function logTicks(low, high) {
	const steps = high / low < 3 ? [
		1,
		1.2,
		1.5,
		2,
		2.5,
		3,
		4,
		5,
		6,
		7,
		8,
		9
	] : high / low < 12 ? [
		1,
		1.5,
		2,
		3,
		5,
		7
	] : [
		1,
		2,
		5
	];
	const ticks = [];
	for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) for (const step of steps) {
		const tick = Number((step * 10 ** decade).toPrecision(3));
		if (tick >= low && tick <= high) ticks.push(tick);
	}
	const every = Math.ceil(ticks.length / 8);
	return ticks.filter((_, index) => index % every === 0);
}
/** Nines of a percentile: 0.99 is at 2, 0.999 at 3. */
const nineOf = (p) => -Math.log10(1 - p);
/** Percentiles to label on an axis of {@link BESIDE} up to `nines`, thinned to what it can hold: the tail keeps its labels longest. */
function nineTicks(nines) {
	const perNine = (BESIDE.width - BESIDE.marginLeft - 20) / Math.max(nines, 1e-9);
	const ticks = [];
	for (const p of TICKS_BY_WORTH) {
		const nine = nineOf(p);
		if (nine <= nines && ticks.every((other) => Math.abs(other - nine) * perNine >= LABEL_WIDTH)) ticks.push(nine);
	}
	const tickFormat = (nine) => nine === 0 ? "min" : `p${Number((100 - 100 * 10 ** -nine).toFixed(3))}`;
	return {
		ticks: ticks.toSorted((a, b) => a - b),
		tickFormat
	};
}
const TICKS_BY_WORTH = [
	.99,
	.999,
	.9,
	.5,
	.9999,
	.99999,
	.95,
	0
];
const LABEL_WIDTH = 38;
/** @param stretches at least one. */
const extentOf = (stretches) => ({
	startS: Math.min(...stretches.map(({ startS }) => startS)),
	endS: Math.max(...stretches.map(({ endS }) => endS))
});
/** An axis of time over all these, labelled from 0. */
function timeAxis(stretches) {
	const { startS, endS } = extentOf(stretches);
	return {
		type: "linear",
		domain: [startS, Math.max(endS, startS + 1)],
		ticks: timeTicks(endS - startS).map((tick) => startS + tick),
		tickFormat: (atS) => formatDuration(atS - startS),
		label: null
	};
}
/** Round times from 0, at most eight. */
function timeTicks(lengthS) {
	const step = [
		1,
		2,
		5,
		10,
		20,
		30,
		60,
		120,
		300,
		600,
		1200,
		1800,
		3600,
		7200,
		14400,
		43200
	].find((candidate) => lengthS / candidate <= 7) ?? 86400;
	return Array.from({ length: Math.floor(lengthS / step) + 1 }, (_, index) => index * step);
}

// src/core/report/charts/change-chart.ts
const POINTS$2 = 160;
/** A curve of single requests is noise: it ends where so many lie beyond. */
const LEAST_BEYOND = 10;
/**
* The shift function (Doksum, 1974; Rousselet and others, 2017): how much each percentile of the head lies above that of
* the base, in percent. A flat line is a shift of all requests, a rising one a heavier tail. The dots are the percentiles
* that were compared, with their intervals; a red line is a gate.
*
* @returns undefined if one of the arms has too few requests.
*/
function changeChart(id, { name, whole }, metrics) {
	const least = Math.min(whole.base.total, whole.head.total);
	const nines = Math.log10(least / LEAST_BEYOND);
	if (!(nines > .5)) return void 0;
	const curve = Array.from({ length: 161 }, (_, step) => nines * step / POINTS$2).map((nine) => {
		const p = 1 - 10 ** -nine;
		return {
			nine,
			change: quantileOf(whole.head, p) / quantileOf(whole.base, p) - 1
		};
	});
	const inside = metrics.flatMap((metric) => {
		const { measure } = METRICS[metric.metric];
		const { delta, margin } = metric.comparison;
		if (measure.kind !== "quantile" || measure.of !== "latency" || delta?.relative === void 0) return [];
		if (delta.low === void 0 || delta.high === void 0) return [];
		const { relative, low, high } = delta;
		return [{
			name: metric.metric,
			nine: nineOf(measure.p),
			change: relative,
			low,
			high,
			gate: metric.gated && margin !== void 0 ? margin : void 0,
			verdict: metric.verdict
		}];
	}).filter(({ nine }) => nine <= nines + .31);
	const gates = [...new Set(inside.flatMap(({ gate }) => gate ?? []))];
	const seen = [
		...curve.map(({ change }) => change),
		...inside.flatMap(({ low, high }) => [Math.max(low, -.9), Math.min(high, 3)]),
		0
	];
	const [from, to] = [Math.min(...seen, -.05), Math.max(...seen, .05)];
	const widest = Math.max(nines, ...inside.map(({ nine }) => nine));
	const clamp = (value) => Math.min(Math.max(value, from), to);
	const said = inside.map(({ name: metric, change, low, high }) => `${metric} ${formatChange(change)} (${formatChange(low)} to ${formatChange(high)})`);
	return drawPicture({
		id,
		title: `How much each percentile of ${name} moved`,
		description: said.length === 0 ? "No percentile was compared." : `${said.join("; ")}.`,
		...BESIDE,
		x: {
			domain: [0, widest * 1.03],
			...nineTicks(widest),
			grid: true,
			label: null
		},
		y: {
			domain: [from - (to - from) * .06, to + (to - from) * .06],
			ticks: 6,
			tickFormat: (change) => formatChange(change),
			grid: true,
			label: null
		},
		marks: [
			ruleY([0], { stroke: "var(--quiet)" }),
			ruleY(gates.filter((gate) => gate <= to), {
				stroke: "var(--fail)",
				strokeDasharray: "4 3",
				strokeWidth: 1.5,
				className: "gate",
				title: (gate) => `a gate blocks at ${formatChange(gate)}`
			}),
			line(curve.map(({ nine, change }) => ({
				nine,
				change: clamp(change)
			})), {
				x: "nine",
				y: "change",
				stroke: "var(--ink)",
				strokeWidth: 1.75,
				className: "change"
			}),
			link(inside, {
				x1: "nine",
				x2: "nine",
				y1: ({ low }) => clamp(low),
				y2: ({ high }) => clamp(high),
				stroke: "var(--unsure)",
				strokeWidth: 2,
				className: "interval"
			}),
			spokenDots(inside.map(({ nine, change, low, high, name: metric }) => ({
				x: nine,
				y: clamp(change),
				colour: "var(--unsure)",
				says: `${metric}: ${formatChange(change)} (${formatChange(low)} to ${formatChange(high)})`
			}))),
			axisNote("percentile; above zero the head is slower")
		]
	});
}

// src/core/report/charts/density-chart.ts
const POINTS$1 = 160;
/** What lies beyond is a matter of the percentile curve: here it would press the body together. */
const SHOWN = [.001, .999];
/**
* The shape of both distributions, as densities over the logarithm of latency: one hill or two, and which of them moved.
* A Gaussian kernel with Silverman's bandwidth (1986, equation 3.31) on the log scale, over the recorded bins.
*
* @returns undefined if no arm has ten requests.
*/
function densityChart(id, { name, whole }) {
	const arms = ARMS.map((arm) => ({
		arm,
		bins: whole[arm]
	})).filter(({ bins }) => bins.total >= 10);
	if (arms.length === 0) return void 0;
	const ends = arms.flatMap(({ bins }) => SHOWN.map((p) => quantileOf(bins, p)));
	const [low, high] = [Math.log(Math.min(...ends) / 1.1), Math.log(Math.max(...ends) * 1.1)];
	const grid = Array.from({ length: 161 }, (_, i) => low + (high - low) * i / POINTS$1);
	const curves = arms.map(({ arm, bins }) => {
		const density = densityOf(bins, grid);
		return {
			arm,
			points: grid.map((log, i) => ({
				seconds: Math.exp(log),
				density: density[i]
			})),
			median: quantileOf(bins, .5)
		};
	});
	const most = Math.max(...curves.flatMap(({ points }) => points.map(({ density }) => density)));
	const beyond = arms.map(({ arm, bins }) => `${arm}: half of the requests between ${SECONDS(quantileOf(bins, .25))} and ${SECONDS(quantileOf(bins, .75))}`);
	return drawPicture({
		id,
		title: `Distribution of the latency of ${name}`,
		description: `${beyond.join("; ")}. Shown are ${formatPercent(SHOWN[1] - SHOWN[0])} of the requests of each arm.`,
		...BESIDE,
		marginLeft: 20,
		marginRight: 34,
		x: {
			...durationAxis([Math.exp(low), Math.exp(high)]),
			domain: [Math.exp(low), Math.exp(high)]
		},
		y: {
			domain: [0, most * 1.06],
			axis: null
		},
		marks: [...curves.flatMap(({ arm, points, median }) => [
			areaY(points, {
				x: "seconds",
				y: "density",
				fill: ARM_COLOURS[arm],
				fillOpacity: .16
			}),
			line(points, {
				x: "seconds",
				y: "density",
				stroke: ARM_COLOURS[arm],
				strokeWidth: 2,
				className: `curve ${arm}`
			}),
			ruleX([median], {
				stroke: ARM_COLOURS[arm],
				strokeDasharray: "2 3",
				title: () => `${arm} p50: ${SECONDS(median)}`
			})
		]), axisNote("latency, logarithmic; dotted: the median")]
	});
}
/** Density per unit of log at each point of `grid`. */
function densityOf(bins, grid) {
	const middle = Array.from(bins.low, (low, i) => (Math.log(Math.max(low, 1e-9)) + Math.log(bins.high[i])) / 2);
	const mean = sum(middle, (log, i) => log * bins.count[i]) / bins.total;
	const deviation = Math.sqrt(sum(middle, (log, i) => (log - mean) ** 2 * bins.count[i]) / bins.total);
	const spread = (Math.log(quantileOf(bins, .75)) - Math.log(quantileOf(bins, .25))) / 1.34;
	const width = Math.max(.9 * Math.min(deviation, spread > 0 ? spread : deviation) * bins.total ** -.2, .01);
	return grid.map((at) => sum(middle, (log, i) => bins.count[i] * Math.exp(-(((at - log) / width) ** 2) / 2)) / (bins.total * width * Math.sqrt(2 * Math.PI)));
}
const sum = (values, of) => {
	let total = 0;
	for (let i = 0; i < values.length; i++) total += of(values[i], i);
	return total;
};

// src/core/report/charts/forest-chart.ts
const ROW = 28;
/** More lines are a list, not a picture: the worst are shown, and of those that pass only as many as these. */
const MOST_ROWS = 40;
const MOST_PASSING = 12;
/**
* Every gated change with its interval, in units of its own gate: 0 is no change, 1 is where the gate blocks, and
* metrics of different kinds share one picture.
*
* @returns no picture if no gated metric was compared; `left` counts the gates for which it has no room.
*/
function forestChart(id, verdict) {
	const all = verdict.scenarios.flatMap(({ metrics }) => metrics).flatMap(toRow).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.worse - a.worse);
	const troubled = all.filter((row) => row.verdict !== "pass").length;
	const rows = all.slice(0, Math.min(MOST_ROWS, troubled + MOST_PASSING)).map((row, place) => ({
		...row,
		place
	}));
	if (rows.length === 0) return {
		svg: void 0,
		left: 0
	};
	const from = Math.max(-4, Math.min(-1, ...rows.map(({ low }) => low)) - .2);
	const to = Math.min(6, Math.max(2, ...rows.map(({ high }) => high)) + .2);
	const inside = (value) => Math.min(Math.max(value, from), to);
	const drawn = rows.map((row) => ({
		...row,
		colour: COLOURS[row.verdict],
		from: inside(row.low),
		to: inside(row.high),
		at: inside(row.worse)
	}));
	const leaving = drawn.flatMap((row) => [...row.low < from ? [{
		...row,
		x: from,
		arrow: "◀"
	}] : [], ...row.high > to ? [{
		...row,
		x: to,
		arrow: "▶"
	}] : []]);
	const last = rows.length - .5;
	return {
		svg: drawPicture({
			id,
			title: "Every gated change against its gate",
			description: `${rows.map((row) => `${row.label}: ${row.text}, ${WORDS$1[row.verdict]}`).join("; ")}.`,
			width: 920,
			height: 64 + rows.length * ROW,
			marginLeft: 215,
			marginRight: 265,
			marginTop: 34,
			marginBottom: 30,
			x: {
				domain: [from, to],
				axis: null
			},
			y: {
				domain: [last, -.5],
				axis: null
			},
			marks: [
				rect([{
					x1: 1,
					x2: to,
					y1: -.5,
					y2: last
				}], {
					x1: "x1",
					x2: "x2",
					y1: "y1",
					y2: "y2",
					fill: "var(--fail)",
					fillOpacity: .08
				}),
				ruleX([0], { stroke: "var(--quiet)" }),
				ruleX([1], {
					stroke: "var(--fail)",
					strokeWidth: 1.5,
					strokeDasharray: "4 3",
					className: "gate"
				}),
				text([{
					x: 0,
					says: "no change"
				}], {
					x: "x",
					text: "says",
					frameAnchor: "top",
					dy: -12,
					dx: -2,
					textAnchor: "end",
					className: "note"
				}),
				text([{
					x: 1,
					says: "gate"
				}], {
					x: "x",
					text: "says",
					frameAnchor: "top",
					dy: -12,
					dx: 2,
					textAnchor: "start",
					className: "note"
				}),
				text(["← better"], {
					frameAnchor: "bottom-left",
					dy: 20,
					className: "note"
				}),
				text(["worse →"], {
					frameAnchor: "bottom-right",
					dy: 20,
					className: "note"
				}),
				text(drawn, {
					y: "place",
					text: ({ label }) => plainLine(label, 31),
					frameAnchor: "left",
					textAnchor: "end",
					dx: -12,
					className: "label"
				}),
				link(drawn, {
					x1: "from",
					x2: "to",
					y1: "place",
					y2: "place",
					stroke: "colour",
					strokeWidth: 2,
					className: "interval"
				}),
				text(leaving, {
					x: "x",
					y: "place",
					text: "arrow",
					fill: "colour",
					className: "arrow"
				}),
				dot(drawn, {
					x: "at",
					y: "place",
					symbol: "square",
					r: 5,
					fill: "colour",
					className: "estimate",
					title: ({ label, text: said }) => `${label}: ${said}`
				}),
				text(drawn, {
					y: "place",
					text: ({ text: said, verdict: word }) => `${said} · ${WORDS$1[word]}`,
					frameAnchor: "right",
					textAnchor: "start",
					dx: 12,
					className: "label"
				})
			]
		}),
		left: all.length - rows.length
	};
}
const COLOURS = {
	pass: "var(--pass)",
	fail: "var(--fail)",
	inconclusive: "var(--unsure)",
	"no-baseline": "var(--unsure)",
	invalid: "var(--unsure)"
};
function toRow({ metric, gated, verdict, comparison }) {
	const { delta, margin, scenario } = comparison;
	if (!gated || delta === void 0 || margin === void 0 || margin <= 0) return [];
	const [value, low, high] = delta.scale === "difference" ? [
		delta.absolute,
		delta.absoluteLow,
		delta.absoluteHigh
	] : [
		delta.relative,
		delta.low,
		delta.high
	];
	if (value === void 0 || low === void 0 || high === void 0) return [];
	const definition = METRICS[metric];
	const sign = worseSign(metric, value);
	const [first, second] = [sign * low / margin, sign * high / margin];
	return [{
		label: `${metric} · ${scenario}`,
		text: `${changeText(delta, definition)} (${intervalText(delta, definition)})`,
		verdict,
		worse: sign * value / margin,
		low: Math.min(first, second),
		high: Math.max(first, second)
	}];
}

// src/core/report/charts/gauge-charts.ts
/** More pictures than these nobody compares; the table has all. */
const MOST = 8;
/** What shows first why an endpoint became slow: it waits, its cache or its GPU is full, its memory grows, its host has no time. */
const TELLING = [
	"queue.depth",
	"kv_cache.utilization",
	"gpu.utilization",
	"gpu.memory.used",
	"memory.resident",
	"cpu.cores",
	"host.cpu.utilization",
	"queue.time",
	"requests.running",
	"gpu.power"
];
/**
* Telemetry over the time axis of the other pictures: the mean of each block, and between what it varied. One picture a
* metric, at most {@link MOST}: those that are gated or got worse, then {@link TELLING}, then the others.
*/
function gaugeCharts(id, scenario, named = /* @__PURE__ */ new Set()) {
	const told = TELLING.filter((metric) => !named.has(metric));
	const others = GAUGE_NAMES.filter((metric) => !named.has(metric) && !told.includes(metric));
	return [
		...GAUGE_NAMES.filter((metric) => named.has(metric)),
		...told,
		...others
	].filter((metric) => scenario.blocks.head.filter(({ record }) => record.gauges[metric] !== void 0).length > 1).slice(0, MOST).map((metric) => ({
		metric,
		svg: gaugeChart(`${id}-${metric.replaceAll(".", "-")}`, scenario, metric)
	}));
}
function gaugeChart(id, { name, blocks }, metric) {
	const { unit } = METRICS[metric];
	const values = ARMS.flatMap((arm) => blocks[arm].flatMap(({ record: { index, gauges }, startS, endS }) => {
		const gauge = gauges[metric];
		return gauge === void 0 ? [] : [{
			arm,
			index,
			startS,
			endS,
			...gauge
		}];
	}));
	const said = ARMS.flatMap((arm) => {
		const means = values.filter((value) => value.arm === arm).map(({ mean }) => mean);
		const [least, most] = [Math.min(...means), Math.max(...means)];
		return means.length === 0 ? [] : [`${arm}: ${formatQuantity(least, unit)} to ${formatQuantity(most, unit)} over ${means.length} blocks`];
	});
	const says = ({ arm, index, mean, min, max }) => `${arm}, block ${index + 1}: ${formatQuantity(mean, unit)} (${formatQuantity(min, unit)} to ${formatQuantity(max, unit)})`;
	return drawPicture({
		id,
		title: `${metric} of ${name} over time`,
		description: `${said.join("; ")}.`,
		...OVER_TIME,
		height: 150,
		x: timeAxis([...blocks.base, ...blocks.head]),
		y: {
			domain: rangeOf(values, unit),
			ticks: 4,
			tickFormat: (value) => formatQuantity(value, unit),
			grid: true,
			label: null
		},
		marks: ARMS.flatMap((arm) => {
			const own = values.filter((value) => value.arm === arm);
			const time = {
				x1: "startS",
				x2: "endS"
			};
			return [rect(own, {
				...time,
				y1: "min",
				y2: "max",
				fill: ARM_COLOURS[arm],
				fillOpacity: .16,
				title: says
			}), link(own, {
				...time,
				y1: "mean",
				y2: "mean",
				stroke: ARM_COLOURS[arm],
				strokeWidth: 2.5,
				title: says,
				className: `mean ${arm}`
			})];
		})
	});
}
/** Shares are drawn on the whole scale; anything else so that what varied fills half of the picture. */
function rangeOf(values, unit) {
	const [least, most] = [Math.min(...values.map(({ min }) => min)), Math.max(...values.map(({ max }) => max))];
	if (unit === "ratio") return [0, Math.max(1, most)];
	const space = Math.max((most - least) / 2, Math.abs(most) * .1, 1e-9);
	return [least >= 0 ? Math.max(0, least - space) : least - space, most + space];
}

// src/core/report/charts/heat-chart.ts
const ROWS = 26;
const MOST_COLUMNS = 48;
/**
* Every request of the run where it was, as a map of time and latency: the darker a cell, the larger the share of its
* block's requests. Modes are bands, stalls are columns, and a leak is a slope: none of them shows in a percentile.
* Blocks that run in turn are drawn in their arm's colour.
*
* @returns undefined if fewer than two blocks have a latency.
*/
function heatChart(id, { name, blocks }) {
	const columns = ARMS.flatMap((arm) => columnsOf(blocks[arm]).map((column) => ({
		...column,
		arm
	})));
	if (columns.length < 2) return void 0;
	const lowest = Math.min(...columns.map(({ latency }) => quantileOf(latency, 0)));
	const highest = Math.max(...columns.map(({ latency }) => quantileOf(latency, 1)));
	const [low, high] = [Math.log(Math.max(lowest, 1e-7)), Math.log(Math.max(highest, lowest * 1.2))];
	const edge = (row) => low + (high - low) * row / ROWS;
	const cells = columns.flatMap(({ arm, latency, startS: x1, endS: x2 }) => Array.from({ length: ROWS }, (_, row) => {
		const above = (log) => exceedance(latency, log);
		const share = (row === 0 ? 1 : above(edge(row))) - (row === 25 ? 0 : above(edge(row + 1)));
		return {
			arm,
			x1,
			x2,
			y1: Math.exp(edge(row)),
			y2: Math.exp(edge(row + 1)),
			share
		};
	}).filter(({ share }) => share > 0));
	const most = Math.max(...cells.map(({ share }) => share));
	return drawPicture({
		id,
		title: `Every latency of ${name} over time`,
		description: `Latencies between ${SECONDS(lowest)} and ${SECONDS(highest)}, as shares of each of ${columns.length} stretches of time.`,
		...OVER_TIME,
		height: 300,
		x: timeAxis(columns),
		y: durationAxis([Math.exp(low), Math.exp(high)]),
		marks: ARMS.map((arm) => rect(cells.filter((cell) => cell.arm === arm), {
			x1: "x1",
			x2: "x2",
			y1: "y1",
			y2: "y2",
			fill: ARM_COLOURS[arm],
			fillOpacity: ({ share }) => .08 + .92 * Math.sqrt(share / most),
			title: ({ y1, y2, share }) => `${arm}: ${formatPercent(share)} between ${SECONDS(y1)} and ${SECONDS(y2)}`,
			className: `cells ${arm}`
		}))
	});
}
/** At most {@link MOST_COLUMNS}: neighbouring blocks of one arm are drawn as one. */
function columnsOf(blocks) {
	const filled = blocks.filter(({ latency }) => latency.total > 0);
	const each = Math.ceil(filled.length / MOST_COLUMNS);
	return Array.from({ length: Math.ceil(filled.length / Math.max(1, each)) }, (_, column) => {
		const part = filled.slice(column * each, (column + 1) * each);
		return {
			startS: part[0].startS,
			endS: part.at(-1).endS,
			latency: mergeBins(part.map(({ latency }) => latency))
		};
	});
}

// src/core/report/charts/load-chart.ts
/**
* What was offered in each block and what became of it, per second: answered correctly (the arm's colour), failed (red)
* on top. The height is the load.
*
* @returns undefined if nothing was offered.
*/
function loadChart(id, { name, blocks }) {
	const bars = ARMS.flatMap((arm) => blocks[arm].map(({ record, startS, endS }) => {
		const { index, offered, ok, durationS } = record;
		return {
			arm,
			index,
			startS,
			endS,
			okPerS: ok / durationS,
			offeredPerS: offered / durationS,
			offered,
			failed: offered - ok
		};
	})).filter(({ offered }) => offered > 0);
	if (bars.length === 0) return void 0;
	const failing = bars.filter(({ failed }) => failed > 0);
	const total = (arm) => {
		const own = bars.filter((bar) => bar.arm === arm);
		const offered = own.reduce((sum, bar) => sum + bar.offered, 0);
		const failed = own.reduce((sum, bar) => sum + bar.failed, 0);
		return own.length === 0 ? [] : [`${arm}: ${formatQuantity(offered, "1")} requests, ${formatPercent(failed / offered)} of them failed`];
	};
	const says = (bar) => `${bar.arm}, block ${bar.index + 1}: ${formatQuantity(bar.okPerS, "1/s")} answered, ${formatQuantity(bar.failed, "1")} of ${formatQuantity(bar.offered, "1")} failed`;
	return drawPicture({
		id,
		title: `Load and failures of ${name} over time`,
		description: `${ARMS.flatMap(total).join("; ")}.`,
		...OVER_TIME,
		height: 170,
		x: timeAxis(bars),
		y: {
			domain: [0, Math.max(...bars.map(({ offeredPerS }) => offeredPerS)) * 1.08],
			ticks: 4,
			tickFormat: (rate) => formatQuantity(rate, "1/s"),
			grid: true,
			label: null
		},
		marks: [
			...ARMS.map((arm) => rectY(bars.filter((bar) => bar.arm === arm), {
				x1: "startS",
				x2: "endS",
				y1: 0,
				y2: "okPerS",
				insetLeft: .5,
				insetRight: .5,
				fill: ARM_COLOURS[arm],
				fillOpacity: .55,
				title: says,
				className: `answered ${arm}`
			})),
			rectY(failing, {
				x1: "startS",
				x2: "endS",
				y1: "okPerS",
				y2: "offeredPerS",
				insetLeft: .5,
				insetRight: .5,
				fill: "var(--fail)",
				stroke: "var(--fail)",
				strokeWidth: 1.5,
				title: says,
				className: "failed"
			}),
			ruleY([0], { stroke: "var(--quiet)" })
		]
	});
}

// src/core/report/charts/percentile-chart.ts
const PERCENTILES = [
	.5,
	.9,
	.95,
	.99,
	.999,
	.9999,
	.99999
];
const POINTS = 120;
/**
* Latency of both arms over the percentile, on an axis on which every further nine takes the same width: where the
* curves part is where the change is. Drawn up to the percentile that one request stands for.
*
* @returns undefined if no latency was measured.
*/
function percentileChart(id, { name, whole }) {
	const arms = ARMS.map((arm) => ({
		arm,
		bins: whole[arm]
	})).filter(({ bins }) => bins.total > 1);
	if (arms.length === 0) return void 0;
	const nines = Math.max(...arms.map(({ bins }) => Math.log10(bins.total)));
	const points = arms.flatMap(({ arm, bins }) => Array.from({ length: 121 }, (_, step) => nines * step / POINTS).filter((nine) => nine <= Math.log10(bins.total)).map((nine) => ({
		arm,
		nine,
		seconds: quantileOf(bins, 1 - 10 ** -nine) ?? 0
	})));
	const shown = PERCENTILES.filter((p) => nineOf(p) <= nines);
	const marks = arms.flatMap(({ arm, bins }) => shown.filter((p) => nineOf(p) <= Math.log10(bins.total)).map((p) => ({
		arm,
		p,
		seconds: quantileOf(bins, p) ?? 0
	})));
	const description = arms.map(({ arm }) => `${arm}: ${marks.flatMap((mark) => mark.arm === arm ? [`${nameOf(mark.p)} ${SECONDS(mark.seconds)}`] : []).join(", ")}`).join("; ");
	return drawPicture({
		id,
		title: `Latency percentiles of ${name}`,
		description: `${description}.`,
		...BESIDE,
		x: {
			domain: [0, nines],
			...nineTicks(nines),
			grid: true,
			label: null
		},
		y: durationAxis(points.map(({ seconds }) => seconds)),
		marks: [
			...arms.map(({ arm }) => line(points.filter((point) => point.arm === arm), {
				x: "nine",
				y: "seconds",
				stroke: ARM_COLOURS[arm],
				strokeWidth: 2,
				className: `curve ${arm}`
			})),
			spokenDots(marks.map(({ arm, p, seconds }) => ({
				x: nineOf(p),
				y: seconds,
				colour: ARM_COLOURS[arm],
				says: `${arm} ${nameOf(p)}: ${SECONDS(seconds)}`
			}))),
			axisNote("share of requests faster than this")
		]
	});
}
const nameOf = (p) => `p${Number((p * 100).toFixed(3))}`;

// src/core/report/charts/timeline-chart.ts
/**
* p50 and p99 of each block where it lies in time: shows drift, a disturbed stretch, and the order of base and head. A
* stored baseline is drawn as the level of all its runs.
*
* @returns undefined if no block of the head has a latency.
*/
function timelineChart(id, { name, blocks, whole, sameRun }) {
	const levels = {
		base: blocks.base.flatMap(levelOf),
		head: blocks.head.flatMap(levelOf)
	};
	if (levels.head.length === 0) return void 0;
	const all = ARMS.flatMap((arm) => levels[arm].map((level) => ({
		...level,
		arm
	}))).toSorted((a, b) => a.startS - b.startS);
	const { startS, endS } = extentOf(all);
	const stored = sameRun || whole.base.total === 0 ? [] : [quantileOf(whole.base, .5), quantileOf(whole.base, .99)];
	const order = all.slice(0, 8).map(({ arm }) => arm);
	return drawPicture({
		id,
		title: `Latency of ${name} over time`,
		description: `p50 and p99 of ${levels.base.length} base and ${levels.head.length} head blocks over ${formatDuration(endS - startS)}; in the order ${order.join(", ")}${all.length > order.length ? ", and so on" : ""}.`,
		...OVER_TIME,
		height: 260,
		x: timeAxis(all),
		y: durationAxis([...all.flatMap(({ p50, p99 }) => [p50, p99]), ...stored]),
		marks: [...stored.map((seconds, i) => ruleY([seconds], {
			stroke: ARM_COLOURS.base,
			strokeWidth: i === 0 ? 1.5 : 2.5,
			strokeDasharray: "6 3",
			className: "stored",
			title: () => `stored runs, ${i === 0 ? "p50" : "p99"}: ${SECONDS(seconds)}`
		})), ...ARMS.flatMap((arm) => ["p99", "p50"].map((which) => link(levels[arm], {
			x1: "startS",
			x2: "endS",
			y1: which,
			y2: which,
			stroke: ARM_COLOURS[arm],
			strokeWidth: which === "p99" ? 4 : 1.75,
			className: `${which} ${arm}`,
			title: (level) => `${arm}, block ${level.index + 1}, ${which}: ${SECONDS(level[which])}`
		})))]
	});
}
function levelOf({ record: { index }, startS, endS, latency }) {
	const [p50, p99] = [quantileOf(latency, .5), quantileOf(latency, .99)];
	return p50 === void 0 || p99 === void 0 ? [] : [{
		index,
		startS,
		endS,
		p50,
		p99
	}];
}

// src/core/report/charts/draw-charts.ts
/** A page must stay light: the worst of the scenarios have all their pictures, the next two each, and others none. */
const MOST_IN_FULL = 8;
const MOST_DRAWN = 40;
/** Several head runs share a picture of percentiles; over time only the newest is drawn, since runs share no clock. */
function drawCharts({ verdict, heads, baseline }) {
	const sameRun = baseline.kind !== "stored";
	const stored = baseline.kind === "stored" ? baseline.runs.map(({ record }) => record) : [];
	const scenarios = verdict.scenarios.toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]).slice(0, MOST_DRAWN).map((judged, index) => {
		const { name, metrics } = judged;
		const of = (runs, arm) => runs.flatMap((run) => scenarioOf(run, judged)?.arms[arm]?.blocks ?? []);
		const armsOf = (runs) => ({
			base: sameRun ? of(runs, "base") : of(stored, "head"),
			head: of(runs, "head"),
			sameRun
		});
		const scenario = drawnScenario(name, armsOf(heads), armsOf(heads.slice(-1)));
		const isFull = index < MOST_IN_FULL;
		const named = new Set(metrics.filter(({ gated, verdict }) => gated || verdict === "fail").map(({ metric }) => metric));
		return [name, [
			drawing(percentileChart(`percentiles-${index}`, scenario), WORDS.percentiles),
			...isFull ? [drawing(changeChart(`change-${index}`, scenario, metrics), WORDS.change)] : [],
			...isFull ? [drawing(densityChart(`density-${index}`, scenario), WORDS.density)] : [],
			drawing(timelineChart(`timeline-${index}`, scenario), WORDS.timeline),
			...isFull ? [
				drawing(loadChart(`load-${index}`, scenario), WORDS.load),
				...gaugeCharts(`gauge-${index}`, scenario, named).map(({ metric, svg }, place) => drawing(svg, {
					...WORDS.gauge,
					title: metric,
					...place === 0 ? {} : { caption: "" }
				})),
				drawing(heatChart(`heat-${index}`, scenario), WORDS.heat)
			] : []
		].flat()];
	});
	const { svg, left } = forestChart("forest", verdict);
	const rest = left === 0 ? "" : ` ${left} more that pass are in the tables below.`;
	return {
		forest: drawing(svg, {
			...WORDS.forest,
			caption: `${WORDS.forest.caption}${rest}`
		})[0],
		scenarios: new Map(scenarios)
	};
}
const drawing = (svg, words) => svg === void 0 ? [] : [{
	svg,
	...words
}];
const WORDS = {
	forest: {
		title: "",
		caption: "One line per gate: the square is the change, the line its interval. Right of the gate blocks.",
		overTime: true
	},
	percentiles: {
		title: "Percentiles",
		caption: "Latency over the share of requests: every further nine takes the same width. Where the curves part is where the change is.",
		overTime: false
	},
	change: {
		title: "Change of each percentile",
		caption: "Flat is a shift of all requests, rising is a heavier tail. Bars are the intervals of what was compared; red is a gate.",
		overTime: false
	},
	density: {
		title: "Distribution",
		caption: "The shape of the distributions: one hill or several, and which of them moved.",
		overTime: false
	},
	timeline: {
		title: "Latency over time",
		caption: "p99 (thick) and p50 (thin) of each block, where it lies in time and in the order of base and head. Drift or a disturbed stretch shows here.",
		overTime: true
	},
	load: {
		title: "Load and failures over time",
		caption: "What was offered in each block; red is what failed of it.",
		overTime: true
	},
	gauge: {
		caption: "Telemetry of the same stretch of time: the mean of each block, and between what it varied.",
		overTime: true
	},
	heat: {
		title: "Every request over time",
		caption: "The darker, the more requests of that moment. Bands are modes, columns are stalls, a slope is a drift.",
		overTime: true
	}
};

// src/core/report/html-cells.ts
/** Drawn with the page's own font and colour; the word beside it says the same. */
const mark = (verdict) => `<span class="mark ${verdict}" aria-hidden="true">${GLYPHS[verdict]}</span>`;
const section = (title, body) => `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
const list = (items) => items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${proseHtml(item, 600)}</li>`).join("\n")}\n</ul>`;
/** @param link where a scenario's name leads to, if its table names it. */
function metricTable(rows, withScenario, link) {
	const gated = rows.some((row) => row.gated);
	const confidence = rows.find((row) => row.confidence !== "")?.confidence;
	const head = [
		...withScenario ? [{ html: "Scenario" }] : [],
		{ html: "Metric" },
		...[
			"Base",
			"Head",
			"Change",
			confidence === void 0 ? "Interval" : `${confidence} interval`
		].map((html) => ({
			html,
			className: "number"
		})),
		...gated ? [
			{
				html: "Gate",
				className: "number"
			},
			{
				html: "Would catch",
				className: "number"
			},
			{ html: "Verdict" }
		] : [{ html: "Note" }]
	];
	const body = rows.map((row) => [
		...withScenario ? [{ html: scenarioCell(row.scenario, link) }] : [],
		{ html: `<code>${row.metric}</code>` },
		...[row.base, row.head].map((html) => ({
			html: escapeHtml(html),
			className: "number"
		})),
		{
			html: escapeHtml(row.change),
			className: `number ${row.tone}`
		},
		{
			html: escapeHtml(row.interval),
			className: "number"
		},
		...gated ? [row.gate, row.detects].map((html) => ({
			html: escapeHtml(html),
			className: "number"
		})) : [],
		{
			html: row.gated ? `${mark(row.verdict)} ${escapeHtml(row.word)}` : escapeHtml(row.word),
			className: "word"
		}
	]);
	return table(head, body);
}
const scenarioCell = (name, link) => link === void 0 ? escapeHtml(name, 80) : `<a href="#${link(name)}">${escapeHtml(name, 80)}</a>`;
const table = (head, body) => [
	`<div class="scroll" tabindex="0"><table>`,
	`<thead><tr>${head.map((cell) => cellHtml("th", cell, ` scope="col"`)).join("")}</tr></thead>`,
	`<tbody>`,
	...body.map((row) => `<tr>${row.map((cell) => cellHtml("td", cell)).join("")}</tr>`),
	`</tbody>`,
	`</table></div>`
].join("\n");
const cellHtml = (tag, { html, className }, attributes = "") => `<${tag}${attributes}${className === void 0 ? "" : ` class="${className}"`}>${html}</${tag}>`;

// src/core/report/attribution-html.ts
/** The causes with their numbers, and how the mean time of a request is made up. */
function attributionHtml({ symptom, causes, parts }) {
	const number = (text) => ({
		html: escapeHtml(text),
		className: "number"
	});
	const items = causes.map(({ title, numbers, next }) => `<li><strong>${escapeHtml(title)}</strong>: ${proseHtml(numbers.join("; "), 1e3)}. Next: ${proseHtml(next, 300)}.</li>`);
	const rows = parts.map(({ part, ...cells }) => [{ html: escapeHtml(part) }, ...[
		cells.base,
		cells.head,
		cells.change,
		cells.share
	].map(number)]);
	const head = [{ html: "Mean per request" }, ...[
		"Base",
		"Head",
		"Change",
		"Share of the change"
	].map(number)];
	return [
		`<h3>${ATTRIBUTION_TITLE}</h3>`,
		`<p>The change of <code>${escapeHtml(symptom)}</code> is consistent with:</p>`,
		`<ol>\n${items.join("\n")}\n</ol>`,
		...rows.length > 0 ? [table(head, rows)] : [],
		`<p class="quiet">${escapeHtml(ATTRIBUTION_NOTE)}</p>`
	].join("\n");
}

// src/core/report/html-scenario.ts
/** Every scenario with its tables and pictures, worst first; of many, those that pass folded, below a list of all of them. */
function scenarioSections(report, charts, { full, brief }) {
	const explained = report.scenarios.find(({ rows }) => rows.some((row) => row.detects !== "–"));
	const anchors = new Map([...full, ...brief].map(({ name }, index) => [name, `scenario-${index + 1}`]));
	const detailsOf = (scenario) => body(scenario, charts.scenarios.get(scenario.name), {
		explains: scenario === explained,
		attribution: report.attributions.find(({ scenario: of }) => of === scenario.name),
		phases: report.phases.find(({ scenario: of }) => of === scenario.name),
		slowest: report.slowest.find(({ scenario: of }) => of === scenario.name)
	});
	const heading = ({ name, verdict }) => `${mark(verdict)} ${escapeHtml(name, 120)}`;
	const rows = [...full, ...brief].flatMap(({ nearest }) => nearest ?? []);
	return [
		...brief.length === 0 ? [] : [section("All scenarios", metricTable(rows, true, (name) => anchors.get(name) ?? ""))],
		...full.map((scenario) => `<section id="${anchors.get(scenario.name)}">\n<h2>${heading(scenario)}</h2>\n${detailsOf(scenario)}\n</section>`),
		...brief.length === 0 ? [] : [`<section>\n<h2>${escapeHtml(briefTitle({
			full,
			brief
		}).replace(/;.*/, ""))}</h2>`],
		...brief.map((scenario) => `<details class="scenario" id="${anchors.get(scenario.name)}">\n<summary>${heading(scenario)}</summary>\n${detailsOf(scenario)}\n</details>`),
		...brief.length === 0 ? [] : ["</section>"]
	];
}
function body(scenario, drawn, { explains, attribution, phases, slowest }) {
	const open = scenario.rows.filter((row) => row.open);
	const closed = scenario.rows.filter((row) => !row.open);
	const rest = restText(closed);
	return [
		`<p class="quiet">${proseHtml(scenario.load)}</p>`,
		...open.length > 0 ? [metricTable(open, false)] : [],
		...explains ? [`<p class="quiet">${escapeHtml(DETECTS_NOTE)}</p>`] : [],
		...scenario.shift === void 0 ? [] : [`<p>${proseHtml(scenario.shift)}</p>`],
		...attribution === void 0 ? [] : [attributionHtml(attribution)],
		...closed.length > 0 ? [`<details>\n<summary>${rest.count}, ${rest.kind}</summary>\n${metricTable(closed, false)}\n</details>`] : [],
		...phases === void 0 ? [] : [phaseTable(phases)],
		...drawn === void 0 ? [`<p class="quiet">${NO_ROOM}</p>`] : pictures(drawn),
		...slowest === void 0 ? [] : [slowestTable(slowest)]
	].join("\n");
}
const NO_ROOM = "Without pictures: a page has room for those of forty scenarios, the worst first. run.json has all that they would show.";
const KEY = `<p class="key" aria-hidden="true"><span class="base"></span> base <span class="head"></span> head</p>`;
/** Distributions side by side; below them, one under the other on the same axis, what lies in time. */
function pictures(drawn) {
	const [side, stacked] = [drawn.filter(({ overTime }) => !overTime), drawn.filter(({ overTime }) => overTime)];
	return [
		...drawn.length === 0 ? [] : [KEY],
		...side.length === 0 ? [] : [
			`<div class="pictures">`,
			...side.map(figure),
			`</div>`
		],
		...stacked.length === 0 ? [] : [
			`<div class="stack">`,
			...stacked.map(figure),
			`</div>`
		]
	];
}
/** On a narrow screen a wide picture is moved sideways, not made too small to read. */
const figure = ({ svg, title, caption, overTime }) => [
	`<figure>`,
	...title === "" ? [] : [`<p class="title"><strong>${escapeHtml(title)}</strong></p>`],
	overTime ? `<div class="scroll wide" tabindex="0">${svg}</div>` : svg,
	...caption === "" ? [] : [`<figcaption>${escapeHtml(caption)}</figcaption>`],
	`</figure>`
].join("\n");
function phaseTable({ rows }) {
	const head = [
		"Phase",
		"Base",
		"Head"
	].map((html) => ({ html }));
	const body = rows.map(({ label, base, head }) => [
		label,
		base,
		head
	].map((text) => ({ html: escapeHtml(text) })));
	return [
		`<h3>${PHASES_TITLE}</h3>`,
		table(head, body),
		`<p class="quiet">${escapeHtml(PHASES_NOTE)}</p>`
	].join("\n");
}
function slowestTable({ rows, isTraced }) {
	const hasTokens = rows.some(({ firstToken }) => firstToken !== "–");
	const number = (html) => ({
		html: escapeHtml(html),
		className: "number"
	});
	const times = hasTokens ? [
		"Latency",
		"Service",
		"First byte",
		"First token"
	] : [
		"Latency",
		"Service",
		"First byte"
	];
	const head = [
		{ html: "Endpoint" },
		...isTraced ? [{ html: "Trace id" }] : [],
		{ html: "Class" },
		...[
			"At",
			"Block",
			...times,
			"Status"
		].map(number),
		{ html: "Result" }
	];
	const body = rows.map((row) => [
		{ html: row.arm },
		...isTraced ? [{ html: `<code>${escapeHtml(row.traceId)}</code>` }] : [],
		{ html: escapeHtml(row.payloadClass, 80) },
		...[
			row.at,
			row.block,
			row.latency,
			row.service,
			row.firstByte,
			...hasTokens ? [row.firstToken] : [],
			row.status
		].map(number),
		{ html: escapeHtml(row.result, 300) }
	]);
	return `<details>\n<summary>${SLOWEST_TITLE}</summary>\n${table(head, body)}\n<p class="quiet">${SLOWEST_NOTE}</p>\n</details>`;
}

// src/core/report/style.ts
/** The style sheet of the report. Blue and orange are told apart by every kind of colour vision (Okabe and Ito, 2008). */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --soft: #151b23; --base: #56b4e9; --head: #f0a040; --pass: #3fb950; --fail: #f85149; --unsure: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 64px; }
header.verdict { border-left: 6px solid var(--unsure); background: var(--soft); padding: 14px 20px; border-radius: 6px; }
header.verdict.pass { border-color: var(--pass); }
header.verdict.fail { border-color: var(--fail); }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; text-wrap: pretty; }
h2 { font-size: 18px; margin: 34px 0 8px; overflow-wrap: anywhere; }
header h2 { font-size: 15px; margin: 12px 0 0; }
p { margin: 6px 0; }
ul { margin: 6px 0; padding-left: 22px; }
li { overflow-wrap: anywhere; }
.quiet, figcaption { color: var(--quiet); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0; font-size: 14px; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 12px 5px 0; text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--quiet); }
td { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.mark { display: inline-block; min-width: 1.4em; height: 1.4em; line-height: 1.4em; text-align: center; border-radius: 50%; font-size: 0.8em; font-weight: 700; color: var(--ground); background: var(--unsure); }
.mark.pass { background: var(--pass); }
.mark.fail { background: var(--fail); }
td.worse { color: var(--fail); font-weight: 600; }
td.better { color: var(--pass); }
td code, td.word { white-space: nowrap; }
.facts th { white-space: nowrap; font-weight: 400; }
code, pre { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--soft); padding: 12px; border-radius: 6px; overflow-x: auto; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--quiet); }
figure { margin: 12px 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 20px; }
.stack figure { margin: 4px 0 14px; }
.title { margin: 0 0 2px; font-size: 14px; }
.wide svg { min-width: 640px; max-width: none; }
details.scenario { border-top: 1px solid var(--line); padding: 6px 0; }
details.scenario > summary { color: var(--ink); font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
a { color: var(--base); }
.key { color: var(--quiet); font-size: 13px; display: flex; gap: 8px; align-items: center; }
.key span { display: inline-block; width: 22px; border-top: 3px solid var(--head); }
.key span.base { border-top-color: var(--base); border-top-style: dashed; }
.key span.head { margin-left: 12px; }
svg { display: block; width: 100%; height: auto; max-width: 940px; color: var(--line); }
svg text { fill: var(--quiet); white-space: pre; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .label text { fill: var(--ink); }
svg .grid { stroke-opacity: 1; }
svg .curve.base { stroke-dasharray: 6 3; }
@media print {
  .mark { print-color-adjust: exact; }
  :root { --ground: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #fff; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
  main { max-width: none; padding: 0; }
  body, table { font-size: 12px; }
  figure, tr { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
  .wide svg { min-width: 0; }
  td.number, th.number { white-space: normal; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;

// src/core/report/html.ts
/**
* The report as one HTML file that needs nothing else: no script, no network (its own policy forbids both), light and
* dark by the reader's setting, and fit to be printed.
*/
function renderHtml(input) {
	const { report } = input;
	const charts = drawCharts(input);
	const several = report.scenarios.length > 1;
	const arrangement = arrange(report.scenarios);
	return [
		`<!doctype html>`,
		`<html lang="en">`,
		`<head>`,
		`<meta charset="utf-8">`,
		`<meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`}">`,
		`<meta name="viewport" content="width=device-width, initial-scale=1">`,
		`<meta name="color-scheme" content="light dark">`,
		`<title>${escapeHtml(`${titleOf(report)}: ${report.headline}`, 200)} · tailgate</title>`,
		`<style>${STYLE}</style>`,
		`</head>`,
		`<body>`,
		`<main>`,
		header(report),
		...acceptance(report),
		...charts.forest === void 0 ? [] : [section("Changes against their gates", figure(charts.forest))],
		...scenarioSections(report, charts, arrangement),
		...report.resources.length > 0 ? [section("GPU and server", metricTable(report.resources, several))] : [],
		...failures(report, several),
		...warnings(report),
		...attempts(report),
		...pauses(report, several),
		section("How it was decided", `${list(report.procedure.rules)}${gateSentences(report.procedure.gates)}`),
		section("Where these numbers come from", factTable(report.provenance)),
		...report.environment.length > 0 ? [section("Environment", factTable(report.environment))] : [],
		section("Get them again", `<pre tabindex="0"><code>${report.reproduce.map((line) => escapeHtml(line, 4e3)).join("\n")}</code></pre>`),
		`</main>`,
		`</body>`,
		`</html>`,
		""
	].join("\n");
}
const gateSentences = (gates) => gates.length === 0 ? "" : `\n<details>\n<summary>${gates.length === 1 ? "The gate in a sentence" : `All ${gates.length} gates in a sentence each`}</summary>\n${list(gates)}\n</details>`;
const header = (report) => [
	`<header class="verdict ${report.verdict}">`,
	`<h1>${mark(report.verdict)} ${proseHtml(`${titleOf(report)}: ${report.headline}`)}</h1>`,
	`<p><strong>${proseHtml(report.consequence)}</strong> ${proseHtml(report.context)}</p>`,
	list(report.reasons),
	...report.about.length > 0 ? [`<p class="quiet">What this means: ${report.about.map(htmlLink).join(" · ")}</p>`] : [],
	...report.steps.length > 0 ? [`<h2>What would decide it</h2>`, list(report.steps)] : [],
	...report.links.length > 0 ? [`<p class="quiet">${report.links.map(htmlLink).join(" · ")}</p>`] : [],
	`</header>`
].join("\n");
const htmlLink = ({ label, url }) => /^https?:/i.test(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>` : escapeHtml(`${label}: ${url}`);
const acceptance = ({ acceptance: said }) => {
	if (said === void 0) return [];
	const lines = said.lines.map(({ text, command }) => `<li>${proseHtml(text, 900)}${command === void 0 ? "" : `:<br><code>${escapeHtml(command, 400)}</code>`}</li>`);
	return [section(ACCEPTANCE_TITLE, `<ul>\n${lines.join("\n")}\n</ul>`)];
};
const factTable = (facts) => [
	`<div class="scroll" tabindex="0"><table class="facts"><tbody>`,
	...facts.map(({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value, 1e3)}</td></tr>`),
	`</tbody></table></div>`
].join("\n");
function failures({ failures: rows }, several) {
	if (rows.length === 0) return [];
	const head = [
		...several ? ["Scenario"] : [],
		"Kind",
		"Base",
		"Head",
		"First example"
	].map((html) => ({ html }));
	const body = rows.map((row) => [
		...several ? [row.scenario] : [],
		row.kind,
		row.base,
		row.head,
		row.example
	].map((text) => ({ html: escapeHtml(text) })));
	return [section("Failed requests", table(head, body))];
}
function attempts({ attempts: found }) {
	if (found === void 0) return [];
	const body = found.rows.map(({ origin, date, requests }) => [
		{ html: escapeHtml(origin, 300) },
		{ html: escapeHtml(date) },
		{
			html: requests,
			className: "number"
		}
	]);
	const head = ATTEMPT_HEADER.map((html) => ({ html }));
	return [`<details>\n<summary>${escapeHtml(found.summary)}</summary>\n${table(head, body)}\n</details>`];
}
/** Where the load generator itself was disturbed. */
function pauses({ pauses: rows }, several) {
	if (rows.length === 0) return [];
	const number = (html) => ({
		html: escapeHtml(html),
		className: "number"
	});
	const head = [
		...several ? [{ html: "Scenario" }] : [],
		{ html: "Endpoint" },
		...[
			"Block",
			"Begins at",
			"Paused seconds",
			"Requests due in them",
			"Longest pause",
			"Event loop",
			"Garbage collection",
			"Steal"
		].map(number)
	];
	const body = rows.slice(0, MOST_PAUSES).map((row) => [
		...several ? [{ html: escapeHtml(row.scenario, 80) }] : [],
		{ html: row.arm },
		...[
			row.block,
			row.start,
			row.pausedSeconds,
			row.arrivals,
			row.longest,
			row.loopDelay,
			row.garbage,
			row.steal
		].map(number)
	]);
	const rest = rows.length - body.length;
	const note = `Seconds in which a pause of this machine, and not the endpoint, held requests up.${rest > 0 ? ` ${rest} more blocks are in run.json.` : ""}`;
	return [section("Pauses of the load generator", `${table(head, body)}\n<p class="quiet">${proseHtml(note)}</p>`)];
}
/** A page stays readable; the record has all of them. */
const MOST_PAUSES = 100;
function warnings({ problems }) {
	const items = problems.filter(({ severity }) => severity === "warning").map(({ text, page }) => `<li>${proseHtml(text, 600)}${page === void 0 ? "" : ` (${htmlLink(page)})`}</li>`);
	return items.length === 0 ? [] : [section("Warnings", `<ul>\n${items.join("\n")}\n</ul>`)];
}

export { renderHtml };
//# sourceMappingURL=html.js.map