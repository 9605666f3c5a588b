/** Shares at several waves side by side. Knows no DOM; a change is the difference of two shown percentages. */

import { stateRow } from "./benchmarks.js";
import { shareRow } from "./bars.js";
import { tooDeep, traitsOf } from "./reach.js";
import { countingOf, groupRow, questionLabel } from "./surveys.js";
import { BENCHMARKS, topicOf } from "./state.js";
import { isFew, listed, points } from "./words.js";

const NOTE = "Each wave counts everybody of that wave, so schools that came or left are part of the difference.";
const DIFFERENCE = " The change is the difference of the two percentages as shown.";

/** The waves from the first chosen to the last, in their order. */
function wavesOf(state, choice) {
  const [from, to] = [choice.from, choice.to].map((code) => state.data.wave.byCode.get(code).number);
  return state.data.wave.nodes.slice(Math.min(from, to), Math.max(from, to) + 1);
}

/** How a change is worked out, where there is one, and why some waves have counts in its place. */
function notesOn(rows, least) {
  const few = rows.flatMap((row) => row.points).find(isFew);
  const why = few ? ` A percentage needs at least ${least} ${few.unit}: where there are fewer, the counts are given.` : "";
  return `${rows.some((row) => row.change !== null) ? DIFFERENCE : ""}${why}`;
}

/** The section of change: a row for each Benchmark or question, a point for each wave. */
export function changeSection(state, choice) {
  const topic = topicOf(state, choice.what);
  const place = state.data.place.byCode.get(choice.place);
  const waves = wavesOf(state, choice);
  const title = `${topic.label}, ${place.label}: change from ${waves[0].label} to ${waves[waves.length - 1].label}`;
  const refuse = (message) => ({ id: "change", title, message });
  if (waves.length < 2) return refuse({ text: "Choose two different waves.", unpick: [] });
  const deep = topic.id === BENCHMARKS ? null : tooDeep(state, choice, place);
  if (deep) return refuse(deep);
  const rows = topic.items
    .filter((item) => !item.scale)
    .map((item) => changeRow(state, choice, { topic, item, place, waves }))
    .filter((row) => row.points.some((point) => point.n !== "not released"));
  if (!rows.length) return refuse({ text: `The release has no figures for ${place.label}.`, unpick: [] });
  const said = topic.id === BENCHMARKS ? "Schools achieving it" : countingOf(topic);
  const scales = topic.items.filter((item) => item.scale);
  const more = scales.length ? ` Means of ${listed(scales.map((item) => item.label))} are on the page Answers.` : "";
  return {
    id: "change",
    title,
    note: `${said}. ${NOTE}${notesOn(rows, state.data.payload.least)}${more}`,
    picture: { kind: "change", rows, waves: waves.map((wave) => wave.label) },
    alt: altOf(title, rows),
    table: tableOf(title, topic, waves, rows),
  };
}

function changeRow(state, choice, { topic, item, place, waves }) {
  const points_ = waves.map((wave) => pointOf(state, choice, { topic, item, place, wave }));
  const [first, last] = [points_[0], points_[points_.length - 1]];
  const change = first.value === null || last.value === null ? null : last.value - first.value;
  const to = topic.id === BENCHMARKS
    ? { view: "benchmark", benchmark: item.id }
    : { view: "answers", topic: topic.id, question: item.id };
  return { label: questionLabel(item), points: points_, change, to, said: saidChange(points_, change) };
}

/** The row in words: its percentages in the order of the waves, counts where a wave is of too few. */
function saidChange(waves, change) {
  const said = waves.map(shortPoint).join(" → ");
  const few = waves.find(isFew);
  const why = few && waves.every((point) => point.value === null) ? `, ${few.why}` : "";
  const ns = waves.every(isFew) ? "" : `, n = ${waves.map((point) => point.n).join(",\u00a0")}`;
  return `${said}${change === null ? "" : ` (${points(change)})`}${why}${ns}`;
}

/** One wave of a row in a word or two. */
function shortPoint(point) {
  if (point.value !== null) return `${point.value}%`;
  return isFew(point) ? point.of : point.why;
}

function pointOf(state, choice, { topic, item, place, wave }) {
  if (topic.id !== BENCHMARKS) {
    const traits = traitsOf(state, choice);
    return groupRow(state, { topic, item, wave: wave.number, place, traits, label: wave.label });
  }
  const row = stateRow(state, { item, wave: wave.number, place, label: wave.label });
  const count = row.parts.find((part) => part.id === "achieved").cell;
  return shareRow({ label: wave.label, count, size: row.size, unit: "schools", least: state.data.payload.least });
}

function altOf(title, rows) {
  const known = rows.filter((row) => row.change !== null);
  if (!known.length) return `${title}. No change can be shown: a figure of each is hidden or of too few.${saidCounts(rows)}`;
  const rose = known.filter((row) => row.change > 0).length;
  const fell = known.filter((row) => row.change < 0).length;
  const most = [...known].sort((a, b) => Math.abs(b.change) - Math.abs(a.change))[0];
  const ends = [most.points[0], most.points[most.points.length - 1]];
  const left = rows.length - known.length;
  return (
    `${title}. ${rose} rose, ${fell} fell, ${known.length - rose - fell} stayed` +
    `${left ? `, ${left} cannot be shown` : ""}. Largest change: ${most.label}, from ` +
    `${ends[0].said} to ${ends[1].said}, ${points(most.change)}.${saidCounts(rows)}`
  );
}

/** The rows that have counts in place of percentages, wave by wave. */
function saidCounts(rows) {
  const few = rows.filter((row) => row.points.some(isFew));
  return few.map((row) => ` ${row.label}: ${row.points.map(shortPoint).join(", then ")}.`).join("");
}

function tableOf(title, topic, waves, rows) {
  const first = topic.id === BENCHMARKS ? "Benchmark" : "Question";
  return {
    caption: title,
    columns: [first, ...waves.flatMap((wave) => [`${wave.label}, %`, `${wave.label}, n`]), "Change, points"],
    rows: rows.map((row) => ({
      to: row.to,
      cells: [
        row.label,
        ...row.points.flatMap((point) => [point.value === null ? point.said : `${point.value}%`, point.n]),
        row.change === null ? "not shown" : points(row.change),
      ],
    })),
  };
}
