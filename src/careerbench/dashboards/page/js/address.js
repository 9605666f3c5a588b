/** The address: how it says what is chosen, and where a document keeps it, behind its #. */

import { optionsOf, startOf, topicOf } from "./state.js";
import { listed } from "./words.js";

const SOON = 100;
const NAMED = 2;

/** Write a choice as an address: what differs from the start, in a fixed order. */
export function addressOf(state, choice) {
  const start = startOf(state);
  const said = new URLSearchParams({ view: choice.view });
  for (const key of Object.keys(start)) {
    if (key !== "view" && choice[key] !== keyStart(state, choice, start, key)) {
      said.set(key, choice[key]);
    }
  }
  return said.toString();
}

/** What a key is where an address does not say: question and comparison start at the first of their topic. */
function keyStart(state, choice, start, key) {
  const topic = topicOf(state, choice.topic);
  if (key === "question" && topic) return topic.items[0].id;
  if (key === "by" && topic) return topic.traits[0] || "place";
  return start[key];
}

/**
 * Read an address. What it asks for and the release does not have leads to the start page; a part
 * that no page knows is left out, and the page it names is shown without it.
 * @returns {{choice: Choice, problem: string}}
 */
export function readAddress(state, address) {
  const start = startOf(state);
  const text = String(address).replace(/^#/, "");
  if (text === "") return { choice: start, problem: "" };
  const asked = new URLSearchParams(text);
  const isKnown = (key) => Object.prototype.hasOwnProperty.call(start, key);
  const unknown = [...new Set(asked.keys())].filter((key) => !isKnown(key));
  if (unknown.length && !asked.has("view")) return refused(start, `It asks for ${quoted(unknown)}, which this page does not know.`);
  unknown.forEach((key) => asked.delete(key));
  const choice = { ...start };
  for (const [key, value] of asked) {
    if (asked.getAll(key).length > 1) return refused(start, `It asks for “${short(key)}” more than once.`);
    choice[key] = key === "school" ? schoolCode(state, value) : value;
  }
  const topic = topicOf(state, choice.topic);
  if (asked.has("topic") && !topic) return refused(start, `There is no “${short(choice.topic)}” in this release.`);
  for (const key of ["question", "by"]) {
    if (!asked.has(key)) choice[key] = keyStart(state, choice, start, key);
  }
  for (const key of asked.keys()) {
    if (!optionsOf(state, choice, key).some((option) => option.value === choice[key])) {
      return refused(start, `There is no “${short(choice[key])}” for “${short(key)}” in this release.`);
    }
  }
  return { choice, problem: unknown.length ? leftOut(state, choice, unknown) : "" };
}

/** The code of a school: its URN alone will do. */
function schoolCode({ data }, value) {
  const code = `school:${value}`;
  return data.place.byCode.has(code) ? code : value;
}

function leftOut(state, choice, unknown) {
  const { label } = state.views.find(({ view }) => view === choice.view);
  const part = unknown.length === 1 ? "A part of this address is" : "Parts of this address are";
  return `${part} not known: ${quoted(unknown)}. You see “${label}” without ${unknown.length === 1 ? "it" : "them"}.`;
}

/** The first of an address's keys in quotes, and how many more there are. */
function quoted(keys) {
  const first = keys.slice(0, NAMED).map((key) => `“${short(key)}”`);
  const more = keys.length - first.length;
  return listed(more ? [...first, `${more} more`] : first);
}

function refused(start, why) {
  return {
    choice: start,
    problem: `This address cannot be shown. ${why} You see the start page instead.`,
  };
}

function short(text) {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/**
 * The address of a document: what stands behind its #. It is written a moment after the picture is
 * painted, because that takes a browser as long as the picture; who goes elsewhere meanwhile is not
 * called back.
 */
export function documentAddress() {
  const waiting = new Set();
  const set = (said) => {
    const timer = setTimeout(() => {
      waiting.delete(timer);
      if (location.hash.replace(/^#/, "") !== said) keep(`#${said}`);
    }, SOON);
    waiting.add(timer);
  };
  const listen = (heard) =>
    addEventListener("hashchange", () => {
      waiting.forEach((timer) => clearTimeout(timer));
      waiting.clear();
      heard();
    });
  return { get: () => location.hash, set, href: (said) => `#${said}`, listen };
}

/** Keep an address without the layout that a change of the hash costs; some browsers forbid it in files. */
function keep(address) {
  try {
    history.pushState(null, "", address);
  } catch (error) {
    if (error.name !== "SecurityError") throw error;
    location.hash = address;
  }
}
