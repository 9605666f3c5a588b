/** Which sections each page has. Knows no DOM. */

import { achievedSection, areaBars, gridSection, schoolGrid, stackSection, stateOf, stateRow } from "./benchmarks.js";
import { barSection } from "./bars.js";
import { changeSection } from "./change.js";
import { answerSection, placeSection, questionSection, schoolSpread, traitSection } from "./surveys.js";
import { BENCHMARKS, liesIn } from "./state.js";

/** @returns {object[]} the sections of the chosen page, each with picture, words and table */
export function sectionsOf(state, choice) {
  const pages = {
    programme: programmePage, area: areaPage, school: schoolPage, year: yearPage,
    benchmark: benchmarkPage, change: changePage, answers: answersPage, about: () => [],
  };
  return pages[choice.view](state, choice);
}

function benchmarkStack(state, choice, place) {
  const wave = state.data.wave.byCode.get(choice.wave);
  const title = `Schools by Benchmark, ${place.label}: ${wave.label}`;
  const rows = state.benchmarks.items.map((item) =>
    stateRow(state, { item, wave: wave.number, place, label: item.label, to: { view: "benchmark", benchmark: item.id } }),
  );
  return stackSection(state, { id: "states", title, rows, first: "Benchmark", alt: `${title}.` });
}

function programmePage(state, choice) {
  const sections = [benchmarkStack(state, choice, state.data.place.nodes[0])];
  if (state.schools.length) sections.push(achievedSection(state, choice));
  return sections;
}

function areaPage(state, choice) {
  const area = state.data.place.byCode.get(choice.area);
  const wave = state.data.wave.byCode.get(choice.wave);
  const item = state.benchmarks.items.find((each) => each.id === choice.benchmark);
  const areas = state.areas.filter((each) => each.level === area.level);
  const title = `${item.label}, area by area: ${wave.label}`;
  return [
    benchmarkStack(state, choice, area),
    schoolGrid(state, choice, {
      title: `Schools in ${area.label} by Benchmark: ${wave.label}`,
      columns: state.benchmarks.items.map((each) => each.label),
      cellsOf: (school) => state.benchmarks.items.map((each) => stateOf(state, school, each, wave.number)),
    }),
    barSection(areaBars(state, { item, wave, areas, marked: area, title })),
  ];
}

function benchmarkPage(state, choice) {
  const wave = state.data.wave.byCode.get(choice.wave);
  const waves = state.data.wave.nodes;
  const item = state.benchmarks.items.find((each) => each.id === choice.benchmark);
  const places = [state.data.place.nodes[0], ...state.areas];
  const marked = choice.school ? state.data.place.byCode.get(choice.school) : null;
  const title = `${item.label}, place by place: ${wave.label}`;
  const rows = places.map((place) =>
    stateRow(state, {
      item, wave: wave.number, place, label: place.label,
      mine: marked && place.number > 0 && liesIn(state.data, marked, place) ? "my school's area" : "",
      to: place.number ? { view: "area", area: place.code } : { view: "programme" },
    }),
  );
  return [
    stackSection(state, { id: "states", title, rows, first: "Place", alt: `${title}.` }),
    schoolGrid(state, choice, {
      title: `${item.label}: schools over the waves`,
      columns: waves.map((each) => each.label),
      cellsOf: (school) => waves.map((each) => stateOf(state, school, item, each.number)),
    }),
  ];
}

/** A school's own Benchmarks over the waves. */
function ownGrid(state, school) {
  const waves = state.data.wave.nodes;
  return gridSection(state, {
    id: "grid",
    title: `${school.label}: Benchmarks over the waves`,
    first: "Benchmark",
    columns: waves.map((wave) => wave.label),
    rows: state.benchmarks.items.map((item) => ({
      label: item.label,
      to: { view: "benchmark", benchmark: item.id },
      cells: waves.map((wave) => stateOf(state, school, item, wave.number)),
    })),
  });
}

function schoolPage(state, choice) {
  if (!choice.school) {
    const text = "Choose a school above. It is then marked on the other pages too.";
    return [{ id: "choose", title: "No school is chosen", message: { text, unpick: [] } }];
  }
  const school = state.data.place.byCode.get(choice.school);
  const sections = state.benchmarks ? [ownGrid(state, school), achievedSection(state, choice)] : [];
  if (state.surveys.length) sections.push(questionSection(state, choice, school, "questions"));
  return sections;
}

function yearPage(state, choice) {
  return [traitSection(state, choice, state.year.name, "years")];
}

function changePage(state, choice) {
  const place = state.data.place.byCode.get(choice.place);
  if (choice.what === BENCHMARKS && place.level === "school") return [ownGrid(state, place)];
  return [changeSection(state, choice)];
}

function answersPage(state, choice) {
  const answers = answerSection(state, choice);
  if (answers.message) return [answers];
  const by = choice.by === "place" ? placeSection(state, choice, "by") : traitSection(state, choice, choice.by, "by");
  return [answers, by, schoolSpread(state, choice, "spread")];
}
