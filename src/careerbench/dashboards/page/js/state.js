/**
 * What is chosen and what may be chosen. Knows no DOM.
 *
 * @typedef {{view: string, [key: string]: string}} Choice  Codes by key; traits as `t.<name>`.
 * @typedef {{name: string, label: string, value: string,
 *   options: {value: string, label: string, group?: string}[]}} Picker
 */

import { counted } from "./words.js";

export const BENCHMARKS = "benchmarks";
export const SHEET = 40;

const VIEWS = {
  programme: { label: "Programme", pickers: ["wave", "school"] },
  area: { label: "Areas", pickers: ["area", "wave", "benchmark", "sheet", "school"] },
  school: { label: "Schools", pickers: ["school", "wave", "topic"] },
  year: { label: "Year groups", pickers: ["topic", "question", "wave", "place", "traits"] },
  benchmark: { label: "Benchmarks", pickers: ["benchmark", "wave", "sheet", "school"] },
  change: { label: "Change over waves", pickers: ["what", "from", "to", "place", "traits"] },
  answers: {
    label: "Answers",
    pickers: ["topic", "question", "wave", "place", "traits", "by", "school"],
  },
  about: { label: "About these figures", pickers: [] },
};

/** Open the state of a page over opened cells. */
export function openState(data) {
  const benchmarks = data.topics.find((topic) => topic.id === BENCHMARKS) || null;
  const surveys = data.topics.filter((topic) => topic.id !== BENCHMARKS);
  const areas = data.place.nodes.filter((node) => !["programme", "school"].includes(node.level));
  const schools = data.place.nodes.filter((node) => node.level === "school");
  const year = data.traits.find((trait) => trait.name === "year_group") || null;
  const state = { data, benchmarks, surveys, areas, schools, year, options: new Map() };
  state.views = viewsOf(state);
  return state;
}

/** List the pages that the release has figures for; the first one is the start. */
function viewsOf({ benchmarks, surveys, areas, schools, year }) {
  const has = {
    programme: benchmarks,
    area: benchmarks && areas.length,
    school: schools.length,
    year: surveys.length && year,
    benchmark: benchmarks,
    change: benchmarks || surveys.length,
    answers: surveys.length,
    about: true,
  };
  return Object.keys(VIEWS)
    .filter((view) => has[view])
    .map((view) => ({ view, label: VIEWS[view].label }));
}

/** @returns {Choice} what a page shows before anything is chosen */
export function startOf(state) {
  const waves = state.data.wave.nodes.map((wave) => wave.code);
  const last = waves.length ? waves[waves.length - 1] : "";
  const topic = state.surveys[0];
  const traits = state.data.traits.map((trait) => [`t.${trait.name}`, ""]);
  return {
    view: state.views[0].view,
    wave: last,
    from: waves.length ? waves[0] : "",
    to: last,
    area: firstArea(state),
    place: "",
    school: "",
    benchmark: state.benchmarks ? state.benchmarks.items[0].id : "",
    what: state.benchmarks ? BENCHMARKS : topic ? topic.id : "",
    topic: topic ? topic.id : "",
    question: topic ? topic.items[0].id : "",
    by: topic && topic.traits.length ? topic.traits[0] : "place",
    sheet: "1",
    ...Object.fromEntries(traits),
  };
}

/** The first of the narrowest areas: the widest one is often the whole programme. */
function firstArea({ areas }) {
  const level = areas.length ? areas[areas.length - 1].level : "";
  return areas.length ? areas.find((area) => area.level === level).code : "";
}

/** Find a topic by its code. */
export function topicOf(state, id) {
  return state.data.topics.find((topic) => topic.id === id);
}

/** Take one pick; what no longer goes with it returns to its start. */
export function pick(state, choice, name, value) {
  const next = { ...choice, [name]: value };
  if (name === "topic") next.question = topicOf(state, value).items[0].id;
  if (name === "topic" || name === "what") keepTraits(state, next, topicOf(state, value));
  if (name === "area" || name === "view") next.sheet = "1";
  return next;
}

/** Set to All what a topic was not asked by, and compare by what it was. */
function keepTraits(state, next, topic) {
  for (const trait of state.data.traits) {
    if (!topic.traits.includes(trait.name)) next[`t.${trait.name}`] = "";
  }
  if (next.by !== "place" && !topic.traits.includes(next.by)) next.by = topic.traits[0] || "place";
}

/** @returns {Picker[]} the pickers of the chosen page that leave a choice, each with its options */
export function pickersOf(state, choice) {
  return everyPicker(state, choice).filter(({ name, options }) => options.length > 1 || name === "school");
}

function everyPicker(state, choice) {
  return VIEWS[choice.view].pickers
    .flatMap((name) => (name === "traits" ? traitKeys(state, choice) : [name]))
    .map((name) => ({
      name,
      label: labelOf(state, choice, name),
      value: choice[name],
      options: optionsOf(state, choice, name),
    }))
    .filter(({ options }) => options.length);
}

/** What a topic was asked by, and what is chosen all the same; the page of year groups shows them all. */
function traitKeys(state, choice) {
  const topic = topicOf(state, choice.view === "change" ? choice.what : choice.topic);
  if (topic.id === BENCHMARKS) return [];
  return state.data.traits
    .filter((trait) => choice.view !== "year" || trait !== state.year)
    .filter((trait) => topic.traits.includes(trait.name) || choice[`t.${trait.name}`] !== "")
    .map((trait) => `t.${trait.name}`);
}

function labelOf(state, choice, name) {
  const labels = {
    area: "Area", place: "Place", wave: "Wave", from: "First wave", to: "Last wave",
    benchmark: "Benchmark", topic: "Who was asked", question: "Question", what: "What changes",
    by: "Compare by", sheet: "Schools shown",
    school: choice.view === "school" ? "School" : "My school",
  };
  if (labels[name]) return labels[name];
  return state.data.traits.find((trait) => `t.${trait.name}` === name).title;
}

/**
 * List what may be chosen for a key. The same choice gives the same list, not a copy of it: lists of
 * a thousand schools are made once.
 */
export function optionsOf(state, choice, name) {
  const on = { question: choice.topic, by: choice.topic, sheet: `${choice.view} ${choice.area}` }[name] || "";
  const key = `${name} ${on}`;
  if (!state.options.has(key)) state.options.set(key, listOptions(state, choice, name));
  return state.options.get(key);
}

function listOptions(state, choice, name) {
  const { data } = state;
  if (name.startsWith("t.")) {
    const trait = data.traits.find((each) => `t.${each.name}` === name);
    return trait.nodes.map((node) => nested(node));
  }
  const lists = {
    view: () => state.views.map(({ view, label }) => ({ value: view, label })),
    wave: () => data.wave.nodes.map(nested),
    from: () => data.wave.nodes.map(nested),
    to: () => data.wave.nodes.map(nested),
    area: () => state.areas.map((node) => inLevel(data, node)),
    place: () => data.place.nodes.map((node) => inLevel(data, node)),
    school: () => [{ value: "", label: "None chosen" }, ...state.schools.map((n) => inLevel(data, n))],
    benchmark: () => itemsOf(state.benchmarks),
    topic: () => state.surveys.map(({ id, label }) => ({ value: id, label })),
    question: () => itemsOf(topicOf(state, choice.topic)),
    what: () => data.topics.map(({ id, label }) => ({ value: id, label })),
    by: () => byOptions(state, topicOf(state, choice.topic)),
    sheet: () => sheetsOf(schoolsShown(state, choice)),
  };
  return lists[name]();
}

function nested(node) {
  const inside = node.parent !== undefined ? "\u2003" : "";
  return { value: node.code, label: inside + node.label };
}

function inLevel(data, node) {
  const group = data.place.levels[node.level];
  if (node.level !== "school") return { value: node.code, label: node.label, group };
  const above = data.place.nodes[node.parent].label;
  return { value: node.code, label: node.label, group: `Schools: ${above}` };
}

function itemsOf(topic) {
  return topic ? topic.items.map(({ id, label }) => ({ value: id, label })) : [];
}

function byOptions(state, topic) {
  const asked = state.data.traits.filter((trait) => topic.traits.includes(trait.name));
  const traits = asked.map((trait) => ({ value: trait.name, label: trait.title }));
  return [...traits, { value: "place", label: "Place" }];
}

/** The schools that a page's grid is about: those of the area, or all. */
export function schoolsShown(state, choice) {
  if (choice.view !== "area") return state.schools;
  const area = state.data.place.byCode.get(choice.area);
  return state.schools.filter((school) => area && liesIn(state.data, school, area));
}

/** Say whether a place lies in another. */
export function liesIn(data, node, area) {
  for (let at = node; at; at = data.place.nodes[at.parent]) {
    if (at === area) return true;
  }
  return false;
}

function sheetsOf(schools) {
  const count = Math.max(1, Math.ceil(schools.length / SHEET));
  return Array.from({ length: count }, (_, number) => {
    const last = Math.min((number + 1) * SHEET, schools.length);
    const label = `${number * SHEET + 1} to ${last} of ${counted(schools.length, "schools")}`;
    return { value: String(number + 1), label };
  });
}

/**
 * Say the slice in words.
 * @returns {{page: string, said: string, whole: string}} `said` names the pickers of the page, for its
 *   top and for print; `whole` also what leaves no choice, for files, which stand alone
 */
export function sliceOf(state, choice) {
  const page = state.views.find(({ view }) => view === choice.view).label;
  const all = everyPicker(state, choice).filter(({ name, options }) => name !== "sheet" || options.length > 1);
  return { page, said: saidPicks(pickersOf(state, choice)), whole: saidPicks(all) };
}

function saidPicks(pickers) {
  return pickers
    .filter(({ name, value }) => name !== "school" || value !== "")
    .map((picker) => {
      const chosen = picker.options.find((option) => option.value === picker.value);
      return `${picker.label}: ${chosen.label.trim()}`;
    })
    .join("; ");
}
