/** The page about the figures: what they promise, how they were made, and who can use them. */

import { html } from "./dom.js";
import { HIDDEN_WHY, whole } from "./words.js";

const READ = [
  "Every figure is a cell of the release, or a whole percentage of two shown cells (halves up); nothing is estimated here.",
  "n is how many were counted. A percentage is shown only where both counts are shown and n is large enough.",
  HIDDEN_WHY,
  "Pictures say by symbol, word and pattern what they say by colour. Below each is its table.",
  "A page's address (in the browser's address bar) reopens the same view. My school is part of it.",
];

const EMPTY = "This release holds no figure: there is no other page. Ask those who made it whether that was meant.";

const LIVE =
  "The same figures as a widget in a Python notebook that runs on the server for you alone and ends when you leave. It shows nothing that is not here, takes longer to open, and has a limited number of places: it is for colleagues who build their own notebooks on the release.";

const CHECKED = [
  "This page aims at WCAG 2.2, level AA.",
  "Checked on every change to careerbench, in Chromium: axe-core with no violation on every page, from a file and as served, with tables open and closed and with hidden figures, at 320 and 1280 pixels; the same for the log-in form, a wrong password, an address that is not there, the notice that the live view is full, and the live view with and without its notice that it has stopped.",
  "By keyboard alone, on every page, with tables folded and open: Tab reaches everything once, in the order of reading, in sight and with a visible focus, and leaves again. Focus stays where it is while a page is drawn anew.",
  "In the accessibility tree, on every page: a name for every control, picture, table and landmark, no two buttons that sound alike, one level-one heading, and one announcement after each choice that says the new choice.",
  "No sideways scrolling at 320 pixels, which is also 400% zoom on a screen of 1280; pictures grow with the letters.",
  "Checked by eye on screenshots: narrow, middle and wide screens, print, grey, and long names.",
  "Not checked: screen readers and voice control with people who use them every day, and other browsers than Chromium.",
  "Known limits: the axes of pictures can be small in print; tables wider than the screen scroll within themselves.",
  "Tell those who gave you this page what you cannot reach; they can send the same figures as a table.",
];

/** The sections of this page. */
export function aboutSections(payload, { where, live }) {
  const { framework } = payload;
  const facts = [
    ["Study", payload.title],
    ["Framework", `${framework.title}${framework.provisional ? " (provisional: parts of its wording are not publicly known)" : ""}`],
    ["Figures", `${whole(payload.n_cells)} cells`],
    ["Policy", `${payload.policy.title} (${payload.policy.id}; ${payload.policy.source})`],
    ["Release fingerprint (SHA-256)", payload.fingerprint || "not saved as a file yet"],
  ];
  return [
    section("figures", "These figures", payload.n_cells ? null : html("p", { class: "refused" }, EMPTY), payload.about ? html("p", null, payload.about) : null, html("dl", null, facts.flatMap(([name, said]) => [html("dt", null, name), html("dd", null, said)]))),
    section("cells", "Every cell at once", everyCell(payload, where)),
    live ? section("live", "The live view", html("p", null, LIVE), html("p", null, html("a", { href: "live/" }, "Open the live view"))) : null,
    section("reading", "How to read them", list(READ)),
    section("promise", "What the release promises", list(payload.notes)),
    section("accessibility", "Accessibility statement", list(CHECKED)),
  ].filter(Boolean);
}

/** Where all cells can be had at once: from the server, or from the release file. */
function everyCell(payload, where) {
  const said = `All ${whole(payload.n_cells)} cells with their words, a hidden one with its reason.`;
  if (where !== "server") {
    const how = where === "file" ? "They are in the release file, which whoever made this page has." : "disclosure.open_release(path).cells() in Python.";
    return [html("p", null, `${said} ${how}`), html("p", null, "Below each picture on the other pages its own table can be saved.")];
  }
  const link = (kind, what) => html("li", null, html("a", { href: `downloads/cells.${kind}` }, what));
  return [html("p", null, said), html("ul", null,
    link("xlsx", "Download every cell as a workbook (XLSX), with a sheet that says what it is"),
    link("csv", "Download every cell as plain text (CSV)"))];
}

function section(id, title, ...content) {
  return html("section", { class: "words", "data-section": id }, html("h2", null, title), ...content);
}

function list(said) {
  return html("ul", null, said.map((line) => html("li", null, line)));
}
