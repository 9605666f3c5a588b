/** Cells of surveys as rows: answers to a question, by group, by place. Knows no DOM. */

import { barSection, meanRow, shareRow, spreadSection } from "./bars.js";
import { noCell, tooDeep, traitsOf } from "./reach.js";
import { liesIn, topicOf } from "./state.js";
import { MY_SCHOOL } from "./words.js";

/** The question that a choice is about. */
export function questionOf(state, choice) {
  const topic = topicOf(state, choice.topic);
  return { topic, item: topic.items.find((item) => item.id === choice.question) };
}

/** One row for a group: its share of positive answers, or its mean where the item is a scale. */
export function groupRow(state, { topic, item, wave, place, traits, label, mine, to }) {
  const { find, payload } = state.data;
  const at = { item: item.number, wave, place: place.number, traits };
  const size = find(at);
  const base = { label, mine, to, size, unit: topic.unit };
  if (item.scale) {
    return meanRow({ ...base, mean: find({ ...at, mean: true }), decimals: payload.decimals });
  }
  const count = topic.groups.length ? find({ ...at, answer: topic.groups[0].number }) : null;
  return shareRow({ ...base, count, least: payload.least });
}

/** The ends of a scale's axis: its lowest and highest answer, widened to what is shown. */
export function rangeOf(topic, item, rows) {
  if (!item.scale) return null;
  const codes = topic.single.map((each) => Number(each.id));
  const ends = codes.length && codes.every(Number.isFinite) ? codes : [0, 1];
  const values = rows.filter((row) => row.value !== null).map((row) => row.value);
  return [Math.min(...ends, ...values.map(Math.floor)), Math.max(...ends, ...values.map(Math.ceil))];
}

/** What the rows count: the words of the positive answers, of one question or of a whole survey. */
export function countingOf(topic, item = null) {
  if (item && item.positive) return item.positive;
  return topic.groups.length ? topic.groups[0].label : "Positive";
}

/** A question's label in a row beside others: one that is put the other way round says what it counts. */
export function questionLabel(item) {
  return item.positive ? `${item.label}: ${item.positive}` : item.label;
}

/** A section that says why there is nothing, and what to unpick. */
function refusedSection(id, title, message) {
  return { id, title, message };
}

/** Every answer of the chosen group, or positive and other where single ones are not released. */
export function answerSection(state, choice) {
  const { topic, item } = questionOf(state, choice);
  const place = state.data.place.byCode.get(choice.place);
  const title = `${item.label}: ${item.scale ? "mean" : "answers"}`;
  const deep = tooDeep(state, choice, place);
  if (deep) return refusedSection("answers", title, deep);
  const wave = state.data.wave.byCode.get(choice.wave).number;
  const at = { item: item.number, wave, place: place.number, traits: traitsOf(state, choice) };
  const size = state.data.find(at);
  if (!size) return refusedSection("answers", title, noCell(state, choice, place.label));
  if (item.scale) {
    const row = groupRow(state, { ...at, topic, item, place, label: place.label });
    return barSection({ id: "answers", title, rows: [row], first: "Group", range: rangeOf(topic, item, [row]) });
  }
  const { least } = state.data.payload;
  const found = topic.single
    .map((said) => ({ said, cell: firstCell(state, at, said.numbers) }))
    .filter(({ cell }) => cell);
  const single = found.length > 0;
  const answers = single ? found : topic.groups.map((said) => ({ said, cell: state.data.find({ ...at, answer: said.number }) }));
  const words = (said) => (!single && said === topic.groups[0] ? countingOf(topic, item) : said.label);
  const rows = answers.map(({ said, cell }) => shareRow({ label: words(said), count: cell, size, unit: topic.unit, least }));
  const note = single ? "" : "Single answers are released for the whole programme and for regions only.";
  return barSection({ id: "answers", title, rows, first: "Answer", counting: `${topic.label}: answers`, note });
}

function firstCell(state, at, numbers) {
  for (const answer of numbers) {
    const cell = state.data.find({ ...at, answer });
    if (cell) return cell;
  }
  return null;
}

/** The question by one characteristic, in the chosen place. */
export function traitSection(state, choice, name, id) {
  const { topic, item } = questionOf(state, choice);
  const trait = state.data.traits.find((each) => each.name === name);
  const place = state.data.place.byCode.get(choice.place);
  const title = `${item.label}: by ${trait.title.toLowerCase()}`;
  const deep = tooDeep(state, choice, place, name);
  if (deep) return refusedSection(id, title, deep);
  const wave = state.data.wave.byCode.get(choice.wave).number;
  const chosen = traitsOf(state, choice, name);
  const rows = trait.nodes
    .filter((node) => node.parent === undefined || node.label !== trait.nodes[node.parent].label)
    .map((node) => {
      const traits = chosen.map((number, n) => (state.data.traits[n] === trait ? node.number : number));
      return groupRow(state, { topic, item, wave, place, traits, label: node.label, to: { view: "answers", [`t.${name}`]: node.code } });
    });
  return groupSection(topic, item, { id, title, rows, first: trait.title });
}

/** The question by place: the programme, and its areas. */
export function placeSection(state, choice, id) {
  const { topic, item } = questionOf(state, choice);
  const title = `${item.label}: by place`;
  const wave = state.data.wave.byCode.get(choice.wave).number;
  const traits = traitsOf(state, choice);
  const places = state.data.place.nodes.filter((node) => node.level !== "school");
  const open = places.filter((place) => !tooDeep(state, choice, place));
  if (!open.length) return refusedSection(id, title, tooDeep(state, choice, places[0]));
  const own = state.data.place.byCode.get(choice.place);
  const rows = open.map((place) =>
    groupRow(state, { topic, item, wave, place, traits, label: place.label, mine: place === own && own.number > 0 ? "chosen place" : "", to: { place: place.code } }),
  );
  const left = places.length - open.length;
  const note = left ? `${left} areas are left out: for them fewer characteristics at a time are released.` : "";
  return groupSection(topic, item, { id, title, rows, first: "Place", note });
}

function groupSection(topic, item, { id, title, rows, first, note }) {
  const range = rangeOf(topic, item, rows);
  const counting = countingOf(topic, item);
  const alt = range ? `${title}, mean` : `${title}, ${counting.charAt(0).toLowerCase()}${counting.slice(1)}`;
  return barSection({ id, title, rows, first, counting, range, alt, note });
}

/** The question over schools, with one of them marked. */
export function schoolSpread(state, choice, id) {
  const { topic, item } = questionOf(state, choice);
  const title = `${item.label}: over schools`;
  if (item.scale) {
    return refusedSection(id, title, { text: "Means are not shown over schools: choose a single question.", unpick: [] });
  }
  if (!state.schools.length) return refusedSection(id, title, { text: "Figures of single schools are not in this release.", unpick: [] });
  const deep = tooDeep(state, choice, state.schools[0]);
  if (deep) return refusedSection(id, title, { ...deep, unpick: deep.unpick.filter(({ name }) => name !== "place") });
  const area = state.data.place.byCode.get(choice.place);
  const wave = state.data.wave.byCode.get(choice.wave).number;
  const traits = traitsOf(state, choice);
  const within = area.level === "school" ? state.data.place.nodes[area.parent] : area;
  const own = choice.school || (area.level === "school" ? area.code : "");
  const rows = state.schools
    .filter((school) => liesIn(state.data, school, within))
    .map((place) => groupRow(state, { topic, item, wave, place, traits, label: place.label, mine: place.code === own ? MY_SCHOOL : "" }))
    .filter((row) => row.n !== "not released");
  if (!rows.length) return refusedSection(id, title, noCell(state, choice, "single schools"));
  return spreadSection({
    id, title, rows,
    own: rows.find((row) => row.mine) || null,
    note: `${countingOf(topic, item)}. Schools in: ${within.label}.`,
  });
}

/** Every question of a topic at one place and wave. */
export function questionSection(state, choice, place, id) {
  const topic = topicOf(state, choice.topic);
  const wave = state.data.wave.byCode.get(choice.wave).number;
  const title = `${topic.label}: every question, ${place.label}`;
  const rows = topic.items
    .filter((item) => !item.scale)
    .map((item) => groupRow(state, {
      topic, item, wave, place, label: questionLabel(item),
      to: { view: "answers", question: item.id, place: place.code },
    }))
    .filter((row) => row.n !== "not released");
  if (!rows.length) return refusedSection(id, title, noCell(state, choice, place.label));
  return barSection({ id, title, rows, first: "Question", counting: countingOf(topic), alt: `${title}, ${countingOf(topic).toLowerCase()}`, note: `Bars show: ${countingOf(topic)}.` });
}
