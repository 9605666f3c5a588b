/** Cells of Benchmarks as rows of pictures and tables. Knows no DOM, computes no statistics. */

import { shareRow } from "./bars.js";
import { SHEET, schoolsShown } from "./state.js";
import { MY_SCHOOL, capital, counted, listed, sayCell, sayPercent, whole } from "./words.js";

/** Count the schools of a place by the state of one Benchmark. */
export function stateRow(state, { item, wave, place, label, mine, to }) {
  const { data, benchmarks } = state;
  const at = { item: item.number, wave, place: place.number };
  const parts = benchmarks.single.map(({ id, label: said, numbers }) => ({
    id,
    label: said,
    cell: data.find({ ...at, answer: numbers[0] }),
  }));
  return { label, mine, to, parts, size: data.find(at) };
}

/** A section with schools counted by state, a bar for each row. */
export function stackSection(state, { id, title, rows, first, alt }) {
  const shown = rows.filter((row) => row.size);
  if (!shown.length) return empty(id, title, `${title}: the release has no such count.`);
  const { least } = state.data.payload;
  const states = state.benchmarks.single;
  const achieved = (row) => row.parts.find((part) => part.id === "achieved").cell;
  return {
    id,
    title,
    note: "Each bar is all schools of its row; the numbers in it count schools.",
    picture: { kind: "stack", rows: shown, unit: "schools", states: state.data.payload.states },
    alt: `${alt} ${shown.map((row) => saidRow(row)).join(" ")}`,
    table: {
      caption: title,
      columns: [first, ...states.map(({ label }) => label), "Schools (n)", "Achieved, %"],
      rows: shown.map((row) => ({
        to: row.to,
        mine: row.mine,
        cells: [
          row.label,
          ...row.parts.map((part) => sayCell(part.cell)),
          sayCell(row.size),
          sayPercent(achieved(row), row.size, least),
        ],
      })),
    },
  };
}

function saidRow(row) {
  const said = row.parts.map((part) => `${sayCell(part.cell)} ${part.label.toLowerCase()}`);
  return `${row.label}: ${listed(said)}, n = ${sayCell(row.size)}.`;
}

function empty(id, title, text) {
  return { id, title, message: { text, unpick: [] } };
}

/** Find the released state of a school, or null. */
export function stateOf(state, school, item, wave) {
  const found = state.benchmarks.single.find(({ numbers }) => {
    const cell = state.data.find({
      item: item.number, wave, place: school.number, answer: numbers[0],
    });
    return cell && cell.n === 1;
  });
  return found ? found.id : null;
}

/** A grid of states: rows by columns, each cell a symbol and a word. */
export function gridSection(state, { id, title, first, columns, rows, note }) {
  const { states } = state.data.payload;
  const label = Object.fromEntries(state.benchmarks.single.map((each) => [each.id, each.label]));
  const say = (cell) => (cell === null ? "no result" : label[cell]);
  const all = rows.flatMap((row) => row.cells);
  if (!all.some((cell) => cell !== null)) {
    return empty(id, title, "Results of single schools are not in this release.");
  }
  const tally = [...Object.keys(label), null]
    .map((each) => [say(each).toLowerCase(), all.filter((cell) => cell === each).length])
    .filter(([, n]) => n > 0);
  const mine = rows.find((row) => row.mine);
  return {
    id,
    title,
    note,
    picture: { kind: "grid", rows, columns, states, labels: label },
    alt: `${title}. Of ${counted(all.length, "results")}: ${listed(tally.map(([said, n]) => `${whole(n)} ${said}`))}.${
      mine ? ` ${capital(mine.mine)}, ${mine.label}: ${listed(mine.cells.map((cell, n) => `${columns[n]} ${say(cell).toLowerCase()}`))}.` : ""
    }`,
    table: {
      caption: title,
      columns: [first, ...columns],
      words: true,
      rows: rows.map((row) => ({
        to: row.to,
        mine: row.mine,
        cells: [row.label, ...row.cells.map((cell) => (cell === null ? "no result" : `${states[cell].symbol} ${label[cell]}`))],
      })),
    },
  };
}

/** The schools of the chosen sheet, in a grid. */
export function schoolGrid(state, choice, { title, columns, cellsOf, note }) {
  const schools = schoolsShown(state, choice);
  const from = (Number(choice.sheet) - 1) * SHEET;
  const rows = schools.slice(from, from + SHEET).map((school) => ({
    label: school.label,
    mine: school.code === choice.school ? MY_SCHOOL : "",
    to: { view: "school", school: school.code },
    cells: cellsOf(school),
  }));
  return gridSection(state, { id: "grid", title, first: "School", columns, rows, note });
}

const counts = new WeakMap();

/** Count how many Benchmarks each school has achieved at a wave; null where no result is released. */
function achievedBySchool(state, wave) {
  if (!counts.has(state)) counts.set(state, new Map());
  const known = counts.get(state);
  if (!known.has(wave)) {
    known.set(wave, state.schools.map((school) => {
      const states = state.benchmarks.items.map((item) => stateOf(state, school, item, wave));
      if (states.every((each) => each === null)) return null;
      return states.filter((each) => each === "achieved").length;
    }));
  }
  return known.get(wave);
}

/** How many schools have achieved how many Benchmarks, with one school marked. */
export function achievedSection(state, choice) {
  const wave = state.data.wave.byCode.get(choice.wave);
  const title = `How many Benchmarks schools achieve: ${wave.label}`;
  const achieved = achievedBySchool(state, wave.number);
  const known = achieved.filter((n) => n !== null);
  if (!known.length) return empty("distribution", title, "Results of single schools are not in this release.");
  const school = state.data.place.byCode.get(choice.school);
  const own = choice.school ? achieved[state.schools.indexOf(school)] : null;
  const bins = Array.from({ length: state.benchmarks.items.length + 1 }, (_, n) => ({
    label: String(n),
    n: known.filter((each) => each === n).length,
    mine: own === n ? MY_SCHOOL : "",
  }));
  const mark = own === null ? "" : ` ${school.label} achieves ${counted(own, "Benchmarks")}.`;
  const without = achieved.length - known.length;
  return {
    id: "distribution",
    title,
    note: without ? `${counted(without, "schools")} without a released result at this wave.` : "",
    picture: { kind: "histogram", bins, x: "Benchmarks achieved", unit: "schools", mark: own === null ? "" : school.label },
    alt: `${title}. ${bins.filter((bin) => bin.n).map((bin) => `${bin.label}: ${counted(bin.n, "schools")}`).join("; ")}. n = ${counted(known.length, "schools")}.${mark}`,
    table: {
      caption: title,
      columns: ["Benchmarks achieved", "Schools", ""],
      rows: [
        ...bins.map((bin) => ({ mine: bin.mine, cells: [bin.label, whole(bin.n), bin.mine ? `${school.label} is here` : ""] })),
        { cells: ["All schools with a result (n)", whole(known.length), ""] },
      ],
    },
  };
}

/** The share of schools achieving a Benchmark in each area of a level, one of them marked. */
export function areaBars(state, { item, wave, areas, marked, title }) {
  const { data } = state;
  const { least } = data.payload;
  const rows = areas.map((area) => {
    const row = stateRow(state, { item, wave: wave.number, place: area, label: area.label });
    const count = row.parts.find((part) => part.id === "achieved").cell;
    return shareRow({
      label: area.label, count, size: row.size, unit: "schools", least,
      mine: area === marked ? "chosen area" : "",
      to: { view: "area", area: area.code },
    });
  });
  return { id: "areas", title, rows, first: "Area", counting: "Schools achieving it" };
}
