/** Numbers into words, in one wording for pictures, tables and screen readers. Knows no DOM. */

export const MY_SCHOOL = "my school";

export const HIDDEN_WHY =
  "Hidden: a figure is hidden because it is small itself, or because it would give away one that is. It must not be read as 0.";

const FEW = "too few for a percentage";

/** A whole number with commas. */
export function whole(number) {
  return String(number).replace(/\B(?=(\d{3})+(?!\d))/g, ",");
}

/** A count with its word: "1 school", "12 schools"; the word is given in the plural. */
export function counted(number, plural) {
  return `${whole(number)} ${number === 1 ? plural.replace(/s$/, "") : plural}`;
}

/**
 * A whole percentage, halves up, where both counts are shown and the group is large enough.
 * @returns {number|null}
 */
export function percentOf(count, size, least) {
  if (!count || !size || !("n" in count) || !("n" in size)) return null;
  if (size.n < least || size.n === 0) return null;
  return Math.floor((200 * count.n + size.n) / (2 * size.n));
}

/** What a cell says: its number, "hidden", "nobody", or that the release has none. */
export function sayCell(cell) {
  if (!cell) return "not released";
  if (cell.hidden) return "hidden";
  if (cell.nobody) return "nobody";
  return whole(cell.n);
}

/** What a percentage says, or why there is none. */
export function sayPercent(count, size, least) {
  const percent = percentOf(count, size, least);
  if (percent !== null) return `${percent}%`;
  if (!count || !size) return "not released";
  if (count.hidden || size.hidden) return "hidden";
  if (count.nobody || size.nobody || size.n === 0) return "nobody";
  return `${FEW} (under ${least})`;
}

/** Say whether a row has counts but no percentage, because its group is too small for one. */
export function isFew(row) {
  return row.why !== null && row.why.startsWith(FEW);
}

/** Begin with a capital. */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Join words as people do: "a, b and c". */
export function listed(words) {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words[words.length - 1]}`;
}

/** A change of percentage points with its sign. */
export function points(change) {
  const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
  return `${sign}${Math.abs(change)} ${Math.abs(change) === 1 ? "point" : "points"}`;
}

/** Tell the largest and smallest of rows with a `value`, and how many are hidden. */
export function describeRows(head, rows, unit) {
  const known = rows.filter((row) => row.value !== null);
  const hidden = rows.filter((row) => row.why === "hidden");
  const parts = [`${head}.`];
  if (known.length > 1) {
    const sorted = [...known].sort((a, b) => b.value - a.value);
    const [high, low] = [sorted[0], sorted[sorted.length - 1]];
    parts.push(
      high.value === low.value
        ? `All ${known.length} figures are ${high.said}.`
        : `Highest: ${high.label}, ${high.said}. Lowest: ${low.label}, ${low.said}.`,
    );
  } else if (known.length === 1) {
    parts.push(`${known[0].label}: ${known[0].said}.`);
  } else {
    parts.push(`No ${unit} can be shown.`);
  }
  if (hidden.length) parts.push(`Hidden: ${hidden.length} of ${rows.length}.`);
  const mine = rows.find((row) => row.mine);
  if (mine) parts.push(`${capital(mine.mine)}, ${mine.label}: ${mine.said}.`);
  return parts.join(" ");
}
