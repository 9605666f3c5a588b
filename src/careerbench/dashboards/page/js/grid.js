/** The grid of states: schools by Benchmarks, or by waves. */

import { svg, wrap } from "./dom.js";
import { INK, QUIET, frame, legend, rect, text } from "./figure.js";

const NONE = { fill: "#ffffff", ink: QUIET, symbol: "∅" };

/** Rows by columns, each cell a colour and a symbol, and its word where there is room. */
export function drawGrid(spec, { width, em, alt }) {
  const shape = shapeOf(spec, width, em);
  const key = legend(entriesOf(spec), { width, em });
  const numbered = shape.numbered ? wrapAll(spec.columns.map((label, n) => `${n + 1} ${label}`), width, em) : [];
  const headY = key.height + numbered.length * 1.25 * em + (numbered.length ? 0.6 * em : 0);
  const heads = spec.columns.map((label, n) => (shape.numbered ? [String(n + 1)] : wrap(label, shape.cell - 4, 0.9 * em)));
  const headHeight = Math.max(...heads.map((lines) => lines.length)) * 1.2 * em + 0.4 * em;
  let y = headY + headHeight;
  const placed = spec.rows.map((row) => {
    const label = wrap(row.mine ? `${row.label} ◀ ${row.mine}` : row.label, shape.labelWidth - 4, em, row.mine);
    const place = { row, label, y };
    place.cellY = shape.narrow ? y + label.length * 1.25 * em + 2 : y;
    place.height = shape.narrow ? 1.7 * em : Math.max(1.7 * em, label.length * 1.25 * em + 4);
    y = place.cellY + place.height + (shape.narrow ? 0.6 * em : 2);
    return place;
  });
  return frame(
    { width, height: y + 2, alt, em },
    key.draw,
    () => numbered.map((line, n) => text([line], { x: 0, y: key.height + n * 1.25 * em, em })),
    () => heads.map((lines, n) => text(lines, { x: shape.x(n) + shape.cell / 2, y: headY, em: 0.9 * em, anchor: "middle" })),
    (patterns) => placed.flatMap((place) => drawRow(spec, place, shape, patterns, em)),
  );
}

/** Where labels and cells lie; in narrow places the label stands above its cells. */
function shapeOf(spec, width, em) {
  const narrow = width < 36 * em;
  const labelWidth = narrow ? width : Math.min(20 * em, width * 0.3);
  const left = narrow ? 1 : labelWidth;
  const cell = (width - left - 1) / spec.columns.length;
  const longest = Math.max(...Object.values(spec.labels).map((label) => label.length), 9);
  return { narrow, labelWidth, cell, x: (n) => left + n * cell, numbered: cell < 6 * em, words: cell > (longest + 3) * 0.56 * em };
}

function wrapAll(labels, width, em) {
  return labels.flatMap((label) => wrap(label, width, em));
}

function entriesOf(spec) {
  const entries = Object.entries(spec.labels).map(([id, label]) => ({
    label: `${spec.states[id].symbol} ${label}`,
    swatch: (box, patterns) => box_(id, spec.states[id], box, patterns),
  }));
  const none = spec.rows.some((row) => row.cells.includes(null));
  const swatch = (box, patterns) => box_(null, NONE, box, patterns);
  return none ? [...entries, { label: `${NONE.symbol} No result`, swatch }] : entries;
}

function box_(id, look, box, patterns) {
  const dash = id === null ? "3 3" : null;
  const base = svg("rect", { ...rect(box), fill: look.fill, stroke: look.ink, "stroke-width": 0.8, "stroke-dasharray": dash });
  const over = { partial: patterns.lines, "not scored": patterns.dots }[id];
  return over ? [base, svg("rect", { ...rect(box), fill: over })] : [base];
}

function drawRow(spec, place, shape, patterns, em) {
  const { row, label, y, cellY, height } = place;
  const cells = row.cells.flatMap((id, n) => {
    const look = id === null ? NONE : spec.states[id];
    const box = { x: shape.x(n) + 1, y: cellY, width: shape.cell - 2, height };
    const said = id === null ? "No result" : spec.labels[id];
    const words = shape.words ? `${look.symbol} ${said}` : look.symbol;
    const middle = { x: box.x + box.width / 2, y: cellY + (height - 1.25 * em) / 2 };
    return [...box_(id, look, box, patterns), text([words], { ...middle, em, anchor: "middle", colour: look.ink, halo: look.fill })];
  });
  const around = { x: shape.x(0), y: cellY - 1, width: shape.cell * row.cells.length, height: height + 2 };
  const mark = row.mine ? [svg("rect", { ...rect(around), fill: "none", stroke: INK, "stroke-width": 3 })] : [];
  return [text(label, { x: 0, y: y + 2, em, bold: row.mine }), ...cells, ...mark];
}
