/** What every picture has: a frame, patterns, lines of text, and rows with a label, a bar and words. */

import { svg, wrap } from "./dom.js";

export const INK = "#262626";
export const QUIET = "#595959";
export const GRID = "#d9d9d9";
export const MAIN = "#0072b2";
const NARROW = 36;

let count = 0;

/** A picture of a width and height, with its own patterns, so that it can be taken out whole. */
export function frame({ width, height, alt, em }, ...children) {
  count += 1;
  const hatch = `hatch-${count}`;
  const lines = `lines-${count}`;
  const dots = `dots-${count}`;
  const picture = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg", role: "img", "aria-label": alt,
      viewBox: `0 0 ${width} ${Math.ceil(height)}`, width, height: Math.ceil(height),
      "font-family": "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif", "font-size": em, fill: INK,
    },
    svg("defs", null, diagonal(hatch, 6, 1.6, QUIET), diagonal(lines, 8, 1, "#4a6a8a"), dotted(dots)),
  );
  picture.append(...children.flatMap((draw) => draw({ hatch: `url(#${hatch})`, lines: `url(#${lines})`, dots: `url(#${dots})` })));
  return picture;
}

function diagonal(id, size, stroke, colour) {
  const path = svg("path", { d: `M0 ${size}L${size} 0`, stroke: colour, "stroke-width": stroke });
  return svg("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" }, path);
}

function dotted(id) {
  const dot = svg("circle", { cx: 3, cy: 3, r: 1, fill: QUIET });
  return svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, dot);
}

/** Lines of text, the first one's top at y. */
export function text(lines, { x, y, em, anchor, bold, colour, halo }) {
  const step = 1.25 * em;
  const around = halo ? { stroke: halo, "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" } : {};
  return svg(
    "text",
    { "text-anchor": anchor || "start", "font-weight": bold ? 700 : 400, "font-size": em, fill: colour || INK, ...around },
    lines.map((line, n) => svg("tspan", { x, y: y + 0.98 * em + n * step }, line)),
  );
}

/** Where the columns of a picture lie: label, bar and words side by side, or one above the other. */
export function columnsOf(width, em, short) {
  if (short) {
    const [labelWidth, wordWidth] = [Math.min(7 * em, width * 0.24), Math.min(19 * em, width * 0.36)];
    const barX = labelWidth + 0.5 * em;
    return { narrow: false, labelWidth, barX, barWidth: width - barX - wordWidth - 0.5 * em, wordX: width - wordWidth, wordWidth };
  }
  if (width < NARROW * em) return { narrow: true, labelWidth: width, barX: 2, barWidth: width - 4, wordX: 2, wordWidth: width - 4 };
  const labelWidth = Math.min(20 * em, width * 0.3);
  const wordWidth = Math.min(19 * em, width * 0.28);
  const barX = labelWidth + em;
  return { narrow: false, labelWidth, barX, barWidth: width - barX - wordWidth - em, wordX: width - wordWidth, wordWidth };
}

/**
 * Lay rows below each other and draw each one's label, bar and words.
 * @param {object} how `{width, em, top, wordsOf, draw, thickness, short}`; `draw(row, box, patterns)`
 *   makes the bar, `short` labels stand beside it however narrow the page
 * @returns {{height: number, columns: object, draw: function, top: number}}
 */
export function rowsFigure(rows, { width, em, top, wordsOf, draw, thickness, short }) {
  const columns = columnsOf(width, em, short);
  const line = 1.25 * em;
  const bar = thickness || 1.5 * em;
  const placed = [];
  let y = top;
  for (const row of rows) {
    const label = wrap(row.mine ? `${row.label} ◀ ${row.mine}` : row.label, columns.labelWidth, em, row.mine);
    const words = wrap(wordsOf(row), columns.wordWidth, em, row.mine);
    const place = { row, label, words, y };
    place.barY = columns.narrow ? y + label.length * line + 2 : y + 2;
    place.wordY = columns.narrow ? place.barY + bar + 2 : y + 2;
    const tallest = Math.max(label.length * line, words.length * line, bar);
    y = columns.narrow ? place.wordY + words.length * line + 0.9 * em : y + tallest + 0.7 * em;
    placed.push(place);
  }
  const drawRows = (patterns) =>
    placed.flatMap(({ row, label, words, y: labelY, barY, wordY }) => [
      text(label, { x: 0, y: columns.narrow ? labelY : labelY + 2, em, bold: row.mine }),
      ...draw(row, { x: columns.barX, y: barY, width: columns.barWidth, height: bar }, patterns),
      text(words, { x: columns.wordX, y: wordY, em, bold: row.mine }),
    ]);
  return { height: y, columns, draw: drawRows, top };
}

/** Grid lines with their numbers below the bars. */
export function axis({ columns, top, height, em, ticks, say, at }) {
  return () => {
    const few = columns.barWidth < 16 * em && ticks.length > 3 ? ticks.filter((_, n) => n % 2 === 0) : ticks;
    return few.flatMap((tick, n) => {
      const x = columns.barX + at(tick) * columns.barWidth;
      const anchor = n === 0 ? "start" : n === few.length - 1 ? "end" : "middle";
      return [
        svg("line", { x1: x, x2: x, y1: top - 2, y2: height, stroke: GRID, "stroke-width": 1 }),
        text([say(tick)], { x, y: height, em: 0.9 * em, anchor, colour: QUIET }),
      ];
    });
  };
}

/** A box that says that a figure is hidden. */
export function hiddenBox(box, patterns, em) {
  const fits = box.width > 4.5 * em;
  return [
    svg("rect", { ...rect(box), fill: "#ffffff", stroke: QUIET, "stroke-width": 1 }),
    svg("rect", { ...rect(box), fill: patterns.hatch }),
    ...(fits ? [svg("rect", { x: box.x + box.width / 2 - 2 * em, y: box.y + 2, width: 4 * em, height: box.height - 4, fill: "#ffffff" }), text(["hidden"], { x: box.x + box.width / 2, y: box.y + (box.height - 1.25 * em) / 2, em, anchor: "middle" })] : []),
  ];
}

/** The attributes of a rectangle. */
export function rect({ x, y, width, height }) {
  return { x, y, width: Math.max(width, 0), height };
}

/** Swatches with words (or words alone), wrapped to the width. @returns {{height: number, draw: function}} */
export function legend(entries, { width, em }) {
  let [x, y] = [0, 0];
  const placed = entries.map((entry) => {
    const size = 2.2 * em + (entry.label.length + 3) * 0.56 * em;
    if (x > 0 && x + size > width) [x, y] = [0, y + 1.7 * em];
    const place = { ...entry, x, y };
    x += size;
    return place;
  });
  const draw = (patterns) =>
    placed.flatMap(({ label, swatch, x: left, y: above }) => [
      ...(swatch ? swatch({ x: left + 1, y: above + 1, width: 1.4 * em, height: 1.3 * em }, patterns) : []),
      text([label], { x: left + (swatch ? 1.9 * em : 0), y: above, em }),
    ]);
  return { height: y + 2.4 * em, draw };
}
