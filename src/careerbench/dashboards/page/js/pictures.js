/** Pictures of rows: shares and means, counts by state, distributions, change over waves. */

import { svg } from "./dom.js";
import { GRID, INK, MAIN, QUIET, axis, frame, hiddenBox, legend, rect, rowsFigure, text } from "./figure.js";
import { MY_SCHOOL, counted, sayCell } from "./words.js";

const PERCENTS = [0, 25, 50, 75, 100];

/** Shares as bars from 0 to 100%, means as dots along their scale. */
export function drawBars(spec, { width, em, alt }) {
  const [low, high] = spec.range || [0, 100];
  const at = (value) => (value - low) / (high - low);
  const draw = (row, box, patterns) => {
    const track = svg("rect", { ...rect(box), fill: "#f4f4f4", stroke: GRID });
    if (row.why === "hidden") return hiddenBox(box, patterns, em);
    if (row.value === null) return [noPercent(box)];
    if (spec.range) return dot(row, box, box.x + at(row.value) * box.width);
    const bar = { ...box, width: at(row.value) * box.width };
    return [track, svg("rect", { ...rect(bar), fill: MAIN, stroke: row.mine ? INK : MAIN, "stroke-width": row.mine ? 3 : 1 })];
  };
  const rows = rowsFigure(spec.rows, { width, em, top: 4, wordsOf: wordsOfShare, draw });
  const ticks = spec.range ? Array.from({ length: high - low + 1 }, (_, n) => low + n) : PERCENTS;
  const lines = axis({ ...rows, em, ticks, at, say: (tick) => (spec.range ? String(tick) : `${tick}%`) });
  return frame({ width, height: rows.height + 1.6 * em, alt, em }, lines, rows.draw);
}

/** A box where there is a figure but no percentage of it; the words beside it say why. */
function noPercent(box) {
  return svg("rect", { ...rect(box), fill: "#ffffff", stroke: QUIET, "stroke-dasharray": "3 3" });
}

function wordsOfShare(row) {
  const n = row.value === null && row.n !== "hidden" && row.why === "hidden" ? `hidden (n = ${row.n})` : row.said;
  return row.why === "hidden" && row.n === "hidden" ? "hidden, n hidden" : n;
}

function dot(row, box, x) {
  const y = box.y + box.height / 2;
  return [
    svg("line", { x1: box.x, x2: box.x + box.width, y1: y, y2: y, stroke: GRID, "stroke-width": 2 }),
    svg("circle", { cx: x, cy: y, r: box.height / 3, fill: MAIN, stroke: INK, "stroke-width": row.mine ? 3 : 1 }),
  ];
}

/** What fills a state, so that grey and patterns tell states apart as colour does. */
function paint(state, look, box, patterns) {
  const base = svg("rect", { ...rect(box), fill: look.fill, stroke: look.ink, "stroke-width": 1 });
  const pattern = { partial: patterns.lines, "not scored": patterns.dots }[state];
  return pattern ? [base, svg("rect", { ...rect(box), fill: pattern })] : [base];
}

/** Legend entries of the states, and of what is hidden where anything is. */
function stateLegend(spec, hidden, em) {
  const entries = spec.rows[0].parts.map(({ id, label }) => ({
    label: `${spec.states[id].symbol} ${label}`,
    swatch: (box, patterns) => paint(id, spec.states[id], box, patterns),
  }));
  if (hidden) entries.push({ label: "Hidden", swatch: (box, patterns) => hiddenBox(box, patterns, em) });
  return entries;
}

/** Schools counted by state: a bar is all schools of its row, the numbers in it are counts. */
export function drawStack(spec, { width, em, alt }) {
  const hidden = spec.rows.some((row) => !("n" in row.size) || row.parts.some(({ cell }) => cell && cell.hidden));
  const key = legend(stateLegend(spec, hidden, em), { width, em });
  const draw = (row, box, patterns) => stack(spec, row, box, patterns, em);
  const wordsOf = (row) => `n = ${"n" in row.size ? counted(row.size.n, spec.unit) : sayCell(row.size)}`;
  const rows = rowsFigure(spec.rows, { width, em, top: key.height, wordsOf, draw, thickness: 1.8 * em });
  return frame({ width, height: rows.height, alt, em }, key.draw, rows.draw);
}

function stack(spec, row, box, patterns, em) {
  if (!("n" in row.size)) return hiddenBox(box, patterns, em);
  const unit = box.width / Math.max(1, row.size.n);
  let x = box.x;
  const drawn = [];
  for (const { id, cell } of row.parts) {
    if (!cell || !cell.n) continue;
    const part = { x, y: box.y, width: cell.n * unit, height: box.height };
    const look = spec.states[id];
    drawn.push(...paint(id, look, part, patterns));
    const said = [`${look.symbol} ${cell.n}`, String(cell.n)].find((each) => part.width > (each.length + 0.6) * 0.6 * em);
    if (said) {
      drawn.push(text([said], { x: x + part.width / 2, y: box.y + 0.28 * em, em, anchor: "middle", colour: look.ink, halo: look.fill }));
    }
    x += part.width;
  }
  const rest = row.size.n * unit - (x - box.x);
  return rest > 0.5 ? [...drawn, ...hiddenBox({ ...box, x, width: rest }, patterns, em)] : drawn;
}

const TIGHT = 30;

/** How many schools lie where, one of them marked. */
export function drawHistogram(spec, { width, em, alt }) {
  const most = Math.max(1, ...spec.bins.map((bin) => bin.n));
  const draw = (bin, box, patterns) => {
    const bar = { ...box, width: (bin.n / most) * box.width };
    const look = { fill: bin.odd ? "#ffffff" : MAIN, stroke: bin.mine || bin.odd ? INK : MAIN, "stroke-width": bin.mine ? 3 : 1 };
    const base = svg("rect", { ...rect(bar), ...look });
    const line = svg("line", { x1: box.x, x2: box.x, y1: box.y - 3, y2: box.y + box.height + 3, stroke: QUIET });
    return bin.odd ? [line, base, svg("rect", { ...rect(bar), fill: patterns.hatch })] : [line, base];
  };
  const rows = spec.bins.map((bin) => ({ ...bin, mine: "", label: bin.label, marked: bin.mine }));
  const mark = width < TIGHT * em ? MY_SCHOOL : spec.mark; // a long name would be a letter wide
  const wordsOf = (bin) => counted(bin.n, spec.unit) + (bin.marked ? ` ◀ ${mark}` : "");
  const head = (patterns) => [text([spec.x], { x: 0, y: 0, em, colour: QUIET })];
  const figure = rowsFigure(rows, {
    width, em, top: 1.8 * em, wordsOf,
    draw: (bin, box, patterns) => draw({ ...bin, mine: bin.marked }, box, patterns),
    thickness: 1.2 * em,
    short: true,
  });
  return frame({ width, height: figure.height, alt, em }, head, figure.draw);
}

const MARKERS = [
  (x, y, r) => svg("circle", { cx: x, cy: y, r, fill: "#ffffff", stroke: INK, "stroke-width": 2 }),
  (x, y, r) => svg("rect", { x: x - r, y: y - r, width: 2 * r, height: 2 * r, fill: "#e69f00", stroke: INK, "stroke-width": 2 }),
  (x, y, r) => svg("path", { d: `M${x} ${y - 1.3 * r}L${x + 1.3 * r} ${y}L${x} ${y + 1.3 * r}L${x - 1.3 * r} ${y}Z`, fill: MAIN, stroke: INK, "stroke-width": 2 }),
  (x, y, r) => svg("path", { d: `M${x} ${y - r}L${x + r} ${y + r}L${x - r} ${y + r}Z`, fill: "#009e73", stroke: INK, "stroke-width": 2 }),
];

/** Each row's percentage at every wave, joined from the first to the last; an axis only where there is one. */
export function drawChange(spec, { width, em, alt }) {
  const at = (value) => value / 100;
  const drawn = spec.rows.some((row) => row.points.some((point) => point.value !== null));
  const order = { label: spec.waves.join(" → ") };
  const entries = !drawn ? [order] : spec.waves.map((label, n) => ({
    label,
    swatch: (box) => [MARKERS[n % MARKERS.length](box.x + box.width / 2, box.y + box.height / 2, 0.42 * em)],
  }));
  if (spec.rows.some((row) => row.points.some((point) => point.why === "hidden"))) {
    entries.push({ label: "A wave hidden", swatch: (box, patterns) => hiddenBox(box, patterns, em) });
  }
  const key = legend(entries, { width, em });
  const draw = (row, box, patterns) => changeRowMarks(row, box, patterns, em, at);
  const rows = rowsFigure(spec.rows, { width, em, top: key.height, wordsOf: (row) => row.said, draw });
  const lines = axis({ ...rows, em, ticks: PERCENTS, at, say: (tick) => `${tick}%` });
  return frame({ width, height: rows.height + 1.6 * em, alt, em }, key.draw, drawn ? lines : () => [], rows.draw);
}

function changeRowMarks(row, box, patterns, em, at) {
  const y = box.y + box.height / 2;
  const known = row.points.map((point, n) => ({ ...point, n, x: box.x + at(point.value || 0) * box.width })).filter((point) => point.value !== null);
  const hidden = row.points.some((point) => point.why === "hidden");
  if (!known.length && !hidden) return [noPercent(box)];
  const behind = hidden ? [svg("rect", { x: box.x, y: y - 0.35 * em, width: box.width, height: 0.7 * em, fill: patterns.hatch, opacity: 0.55 })] : [];
  const ends = known.length > 1 ? [known[0], known[known.length - 1]] : [];
  const line = ends.length ? [svg("line", { x1: ends[0].x, x2: ends[1].x, y1: y, y2: y, stroke: INK, "stroke-width": 2 })] : [];
  const marks = known.map((point) => MARKERS[point.n % MARKERS.length](point.x, y, 0.42 * em));
  return [...behind, ...line, ...marks];
}
