/** Which crossings a release has, and in words what to unpick where it has none. Knows no DOM. */

import { listed } from "./words.js";

const NUMERAL = ["none", "one", "two", "three", "four"];

/** Return the numbers of the chosen categories, trait by trait; `except` is left at All. */
export function traitsOf(state, choice, except) {
  return state.data.traits.map((trait) =>
    trait.name === except ? 0 : trait.byCode.get(choice[`t.${trait.name}`]).number,
  );
}

/**
 * Say why figures of a place are not released for a choice of characteristics.
 * @param {string} [by] a trait that is crossed with the chosen ones
 * @returns {{text: string, unpick: {name: string, value: string, label: string}[]}|null}
 */
export function tooDeep(state, choice, place, by) {
  const most = state.data.payload.depth[place.level] || 0;
  const told = state.data.traits.filter(
    (trait) => trait.name !== by && choice[`t.${trait.name}`] !== "",
  );
  const crossed = state.data.traits.find((trait) => trait.name === by);
  if (told.length + (crossed ? 1 : 0) <= most) return null;
  const titles = [...told, ...(crossed ? [crossed] : [])].map((trait) => trait.title);
  const level = { programme: "the whole programme", school: "a school" }[place.level] || "an area like this";
  const many = most === 0 ? "no characteristic is" : `${NUMERAL[most] || most} at a time ${most === 1 ? "is" : "are"}`;
  return {
    text: `Not released: for ${level}, ${many} shown, and here ${listed(titles)} would be crossed. ` +
      "Finer groups would be too small to show.",
    unpick: [
      ...told.map(unpickTrait),
      ...(place.number === 0 ? [] : [{ name: "place", value: "", label: "Show the whole programme" }]),
    ],
  };
}

function unpickTrait(trait) {
  return { name: `t.${trait.name}`, value: "", label: `Set ${trait.title} to All` };
}

/** Say that a group has no cell although its crossing is released; what is chosen can be unpicked. */
export function noCell(state, choice, label) {
  const told = state.data.traits.filter((trait) => choice[`t.${trait.name}`] !== "");
  return {
    text: `The release has no figure for ${label}: the question was not asked there, or nobody in this group answered.`,
    unpick: told.map(unpickTrait),
  };
}
