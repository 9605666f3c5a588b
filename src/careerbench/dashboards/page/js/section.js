/** One section: heading, picture, table and downloads, or words on why there is nothing to draw. */

import { html } from "./dom.js";
import { downloadRow } from "./downloads.js";
import { drawGrid } from "./grid.js";
import { drawBars, drawChange, drawHistogram, drawStack } from "./pictures.js";
import { HIDDEN_WHY } from "./words.js";

const DRAW = { bars: drawBars, stack: drawStack, histogram: drawHistogram, change: drawChange, grid: drawGrid };

let numbered = 0;

/** Draw a section as an element. */
export function drawSection(page, section) {
  numbered += 1;
  const id = `careerbench-heading-${numbered}`;
  const heading = html("h2", { id }, section.title);
  const body = section.message ? refusal(page, section.message) : figureParts(page, section, id);
  return html("section", { "aria-labelledby": id, "data-section": section.id }, heading, body);
}

/** Why there is nothing, and buttons that unpick. */
function refusal(page, message) {
  const buttons = message.unpick.map(({ name, value, label }) =>
    html("button", { type: "button", onclick: () => {
      page.choose({ [name]: value });
      page.parts.heading.focus();
    } }, label),
  );
  return [html("p", { class: "refused" }, message.text), buttons.length ? html("p", { class: "downloads" }, buttons) : null];
}

function figureParts(page, section, id) {
  const picture = DRAW[section.picture.kind](section.picture, { width: page.width, em: page.em, alt: section.alt });
  const hides = section.table.rows.some((row) => row.cells.some((cell) => String(cell).startsWith("hidden")));
  return [
    html("figure", null, picture),
    hides ? html("p", { class: "note" }, HIDDEN_WHY) : null,
    section.note ? html("p", { class: "note" }, section.note) : null,
    tableParts(page, section, id),
    downloadRow({
      payload: page.payload, slice: page.slice, section,
      pictureOf: () => picture, say: page.say,
    }),
  ];
}

/** The table behind the picture: folded, written when it is opened, and always in print. */
function tableParts(page, section, id) {
  const place = html("div", { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": `${id}-table` });
  const open = page.open.has(section.id);
  const details = html("details", { open },
    html("summary", { id: `${id}-table` }, `Table: ${section.title}`), place);
  const write = () => {
    if (!place.firstChild) place.append(tableElement(page, section.table));
  };
  details.addEventListener("toggle", () => {
    if (details.open) write();
    page.open[details.open ? "add" : "delete"](section.id);
  });
  details.write = write;
  if (open) write();
  return details;
}

/** Open every table, for print. */
export function openTables(place) {
  for (const details of place.querySelectorAll("details")) {
    details.write();
    details.open = true;
  }
}

function tableElement(page, table) {
  const heads = table.columns.map((name) => (name ? html("th", { scope: "col" }, name) : html("td", null)));
  const rows = table.rows.map(({ cells: [first, ...rest], mine, to }) =>
    html("tr", { class: mine ? "mine" : false },
      html("th", { scope: "row" }, to ? page.link(to, first) : first, mine ? ` ◀ ${mine}` : ""),
      rest.map((cell) => html("td", { class: cell === "hidden" ? "hidden-figure" : false }, cell)),
    ),
  );
  return html("table", { class: table.words ? "states" : false },
    html("caption", null, table.caption), html("thead", null, html("tr", null, heads)), html("tbody", null, rows));
}
