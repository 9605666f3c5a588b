/** Shares and means of groups as rows of one kind, and the section that holds them. Knows no DOM. */

import { MY_SCHOOL, capital, describeRows, isFew, percentOf, sayCell, sayPercent, whole } from "./words.js";

/**
 * One share: how many of a group, in percent where that is shown.
 * @param {object} row `{label, count, size, unit, least, mine, to}`; count and size are cells
 */
export function shareRow({ label, count, size, unit, least, mine, to }) {
  const value = percentOf(count, size, least);
  const why = value === null ? sayPercent(count, size, least) : null;
  const of = `${sayCell(count)} of ${sayCell(size)}`;
  const row = { label, mine, to, value, why, unit, of, count: sayCell(count), n: sayCell(size) };
  return { ...row, said: value !== null ? `${value}% (${of})` : isFew(row) ? `${of}, ${why}` : why };
}

/** One mean of a scale with the number of those who have a score. */
export function meanRow({ label, mean, size, unit, decimals, mine, to }) {
  const value = mean && "n" in mean ? mean.n : null;
  const why = value === null ? sayCell(mean) : null;
  const text = value === null ? why : value.toFixed(decimals);
  return {
    label, mine, to, value, why, unit,
    count: text,
    n: sayCell(size),
    said: value === null ? why : `mean ${text} (n = ${sayCell(size)})`,
  };
}

/**
 * A section of bars (shares) or dots (means).
 * @param {object} said `{id, title, rows, first, counting, range, note}`; `range` makes them means
 */
export function barSection({ id, title, rows, first, counting, range, note, alt }) {
  const shown = rows.filter((row) => row.n !== "not released");
  if (!shown.length) {
    return { id, title, message: { text: `${title}: the release has no such figure.`, unpick: [] } };
  }
  const unit = shown[0].unit;
  const share = (row) => (row.value === null ? row.why : `${row.value}%`);
  return {
    id,
    title,
    note,
    picture: { kind: "bars", rows: shown, range: range || null },
    alt: describeRows(alt || title, shown, range ? "mean" : "percentage"),
    table: {
      caption: title,
      columns: range ? [first, "Mean", `${capital(unit)} (n)`] : [first, counting, `${capital(unit)} (n)`, "Percent"],
      rows: shown.map((row) => ({
        mine: row.mine,
        to: row.to,
        cells: range ? [row.label, row.count, row.n] : [row.label, row.count, row.n, share(row)],
      })),
    },
  };
}

/** Group shares into tenths, for the distribution over schools; what is hidden has a bar of its own. */
export function spreadSection({ id, title, rows, own, note }) {
  const known = rows.filter((row) => row.value !== null);
  const hidden = rows.filter((row) => row.why === "hidden").length;
  const few = rows.filter(isFew).length;
  if (!known.length) {
    const text = `${title}: no school's percentage can be shown; ${hidden} are hidden, ${few} have too few answers.`;
    return { id, title, message: { text, unpick: [] } };
  }
  const bins = Array.from({ length: 10 }, (_, n) => {
    const top = n === 9 ? 100 : n * 10 + 9;
    const isIn = (row) => row.value >= n * 10 && row.value <= top;
    return { label: `${n * 10}–${top}%`, n: known.filter(isIn).length, mine: own && own.value !== null && isIn(own) ? MY_SCHOOL : "" };
  });
  if (few) bins.push({ label: "too few", n: few, mine: own && isFew(own) ? MY_SCHOOL : "", odd: true });
  if (hidden) bins.push({ label: "hidden", n: hidden, mine: own && own.why === "hidden" ? MY_SCHOOL : "", odd: true });
  const mark = own ? ` ${own.label}: ${own.said}.` : "";
  const alt = bins.filter((bin) => bin.n).map((bin) => `${bin.label}: ${bin.n}`).join("; ");
  return {
    id, title, note,
    picture: { kind: "histogram", bins, x: "Percent of those who answered", unit: "schools", mark: own ? own.label : "" },
    alt: `${title}. Schools by percentage: ${alt}.${mark}`,
    table: {
      caption: title,
      columns: ["Percent", "Schools", ""],
      rows: bins.map((bin) => ({ mine: bin.mine, cells: [bin.label, whole(bin.n), bin.mine ? `${own.label} is here` : ""] })),
    },
  };
}
