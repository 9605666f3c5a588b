/**
 * The page: pickers, sections and the address, kept together. Draws what the state says.
 *
 * @typedef {{get: function(): string, set: function(string): void, href: function(string): string,
 *   listen: function(function(): void): void}} Address  Where the chosen view is kept.
 */

import { aboutSections } from "./about.js";
import { addressOf, readAddress } from "./address.js";
import { openCells } from "./cells.js";
import { controlsOf } from "./controls.js";
import { html } from "./dom.js";
import { sectionsOf } from "./pages.js";
import { drawSection, openTables } from "./section.js";
import { openState, pick, pickersOf, sliceOf } from "./state.js";

const TEXT = 15;

/**
 * Put the page into an element.
 * @param {HTMLElement} root
 * @param {object} payload what Python wrote
 * @param {{address: Address, where: string, whole: boolean, live?: boolean, leave?: boolean}} how
 *   `whole`: the document is this page's own; `live`, `leave`: the server has a live view, a way out
 */
export function mount(root, payload, { address, where, whole, live = false, leave = false }) {
  const state = openState(openCells(payload));
  const parts = skeleton(root, payload, { whole, leave });
  const page = { state, payload, parts, address, where, whole, live, open: new Set(), width: 0, em: TEXT, choice: null };
  page.choose = (changes) => show(page, apply(page, changes));
  page.link = (changes, ...content) => linkTo(page, changes, ...content);
  page.say = (words) => {
    parts.status.textContent = words;
  };
  page.controls = controlsOf(parts.form, (name, value) => page.choose({ [name]: value }));
  parts.skip.addEventListener("click", (event) => {
    event.preventDefault();
    parts.main.focus();
  });
  root.addEventListener("click", (event) => follow(page, event));
  address.listen(() => reopen(page));
  watchWidth(page);
  addEventListener("beforeprint", () => openTables(parts.sections));
  reopen(page);
  return page;
}

/** Fixed parts of the page, filled later. */
function skeleton(root, payload, { whole, leave }) {
  const skip = html("a", { class: "skip", href: "#content" }, "Skip to the figures");
  const nav = html("ul", null);
  const heading = html("h1", { tabindex: "-1" });
  const slice = html("p", { class: "slice" });
  const status = html("p", { class: "unseen", role: "status" });
  const problem = html("p", { class: "problem", role: "alert" });
  const form = html("form", { class: "pickers", "aria-label": "Choose what is shown" });
  const sections = html("div", null);
  form.addEventListener("submit", (event) => event.preventDefault());
  const main = html(whole ? "main" : "div", { id: whole ? "content" : false, tabindex: "-1", class: "content" }, problem, heading, form, slice, status, sections);
  const header = html(whole ? "header" : "div", { class: "top" },
    html("p", { class: "study" }, payload.title), leave ? wayOut() : null, html("nav", { "aria-label": "Pages" }, nav));
  const foot = html(whole ? "footer" : "div", { class: "foot" },
    html("p", null, `Policy: ${payload.policy.title}. A hidden figure must not be read as 0. `),
    html("p", null, `Release ${payload.fingerprint.slice(0, 16) || "not saved as a file yet"}. Made with careerbench.`));
  root.replaceChildren(skip, header, main, foot);
  return { skip, nav, heading, slice, status, problem, form, sections, main };
}

/** The button that ends a visit where a password began it. */
function wayOut() {
  return html("form", { class: "way-out", method: "post", action: "logout" }, html("button", { type: "submit" }, "Log out"));
}

function apply(page, changes) {
  let next = page.choice;
  for (const [name, value] of Object.entries(changes)) next = pick(page.state, next, name, value);
  return { ...next, ...changes };
}

/** Show a new choice and keep it in the address. */
function show(page, choice) {
  const turned = choice.view !== page.choice.view;
  render(page, choice, "");
  page.address.set(addressOf(page.state, choice));
  if (turned) page.parts.heading.focus();
}

/** Show what the address says, unless it is what is shown, and without a word on an earlier address. */
function reopen(page) {
  const said = page.address.get().replace(/^#/, "");
  if (page.choice && page.parts.problem.hidden && said === addressOf(page.state, page.choice)) return;
  const { choice, problem } = readAddress(page.state, said);
  const turned = page.choice && page.choice.view !== choice.view;
  render(page, choice, problem);
  if (turned) page.parts.heading.focus();
}

/** Follow a link of the page: the address changes, and with it the page. */
function follow(page, event) {
  const link = event.target.closest ? event.target.closest("a[data-to]") : null;
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  page.choose(JSON.parse(link.dataset.to));
}

/** A link to another choice. */
function linkTo(page, changes, ...content) {
  const href = page.address.href(addressOf(page.state, apply(page, changes)));
  return html("a", { href, "data-to": JSON.stringify(changes) }, ...content);
}

function render(page, choice, problem) {
  const { state, parts } = page;
  page.choice = choice;
  page.width = page.width || widthOf(page);
  const slice = sliceOf(state, choice);
  page.slice = slice;
  parts.problem.textContent = problem;
  parts.problem.hidden = problem === "";
  parts.heading.textContent = slice.page;
  parts.slice.textContent = slice.said ? `Showing ${slice.said}.` : "";
  page.controls.update(pickersOf(state, choice));
  drawNav(page);
  drawSections(page);
  page.say(`${slice.page}. ${parts.slice.textContent}`);
  if (page.whole) document.title = [slice.page, slice.said, page.payload.title].filter(Boolean).join(" – ");
}

function drawSections(page) {
  const { parts, choice, state } = page;
  if (choice.view === "about") {
    parts.sections.replaceChildren(...aboutSections(page.payload, page));
    return;
  }
  page.drawn = sectionsOf(state, choice);
  parts.sections.replaceChildren(...page.drawn.map((section) => drawSection(page, section)));
}

function drawNav(page) {
  const items = page.state.views.map(({ view, label }) => {
    const link = linkTo(page, { view }, label);
    if (view === page.choice.view) link.setAttribute("aria-current", "page");
    return html("li", null, link);
  });
  const had = page.parts.nav.contains(document.activeElement);
  page.parts.nav.replaceChildren(...items);
  if (had) page.parts.heading.focus();
}

/** Measure the room for pictures, and the size of letters: larger text is larger there too. */
function widthOf(page) {
  const look = getComputedStyle(page.parts.sections);
  page.em = Math.min(parseFloat(look.fontSize) || TEXT, 40);
  return Math.max(220, Math.min(page.parts.sections.clientWidth || 700, 72 * page.em));
}

/** Draw anew where the page has become wider or narrower. */
function watchWidth(page) {
  const redraw = () => {
    const before = page.width;
    page.width = widthOf(page);
    if (page.choice && Math.abs(before - page.width) > 1) drawSections(page);
  };
  new ResizeObserver(() => requestAnimationFrame(redraw)).observe(page.parts.main);
}
