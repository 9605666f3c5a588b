/**
 * The cells of a release: where each one lies, and what it holds. Knows no DOM and no view.
 *
 * @typedef {{n: number}|{hidden: true}|{nobody: true}|null} Cell
 *   A figure; a hidden one; nobody there to be counted; or no such cell in the release.
 * @typedef {{item: number, wave: number, place?: number, traits?: number[], answer?: number,
 *   mean?: boolean}} At  Where a cell lies: numbers of nodes on each axis, the margin being 0.
 */

const HIDDEN = 0;
const NOBODY = 1;
const FIRST = 2;

/** Decode base 64 into bytes. */
function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

/** Read numbers of seven bits a byte, low ones first; `steps` adds each to the one before. */
export function readNumbers(text, count, steps) {
  const bytes = bytesOf(text);
  const out = new Float64Array(count);
  let at = 0;
  let before = 0;
  for (let i = 0; i < count; i += 1) {
    let number = 0;
    let scale = 1;
    while (bytes[at] > 127) {
      number += (bytes[at] - 128) * scale;
      scale *= 128;
      at += 1;
    }
    number += bytes[at] * scale;
    at += 1;
    before = steps ? before + number : number;
    out[i] = before;
  }
  if (at !== bytes.length) throw new Error("The figures in this page are not whole.");
  return out;
}

/** Find a number in ascending ones, or -1. */
function search(numbers, wanted) {
  let low = 0;
  let high = numbers.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] === wanted) return middle;
    if (numbers[middle] < wanted) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Give every node its number and its address, and find nodes by their code. */
function openAxis(axis) {
  const nodes = axis.nodes.map((node, number) => ({ ...node, number }));
  return { ...axis, nodes, byCode: new Map(nodes.map((node) => [node.code, node])) };
}

/**
 * Open the payload that Python wrote: axes with their nodes, topics with their items, and `find`.
 * @returns {object} `{payload, topics, wave, place, traits, answer, find}`
 */
export function openCells(payload) {
  const axes = payload.axes.map(openAxis);
  const [wave, place, ...rest] = axes;
  const traits = rest.slice(0, -1);
  const answer = rest[rest.length - 1];
  const keys = readNumbers(payload.keys, payload.n_cells, true);
  const values = readNumbers(payload.values, payload.n_cells, false);
  const tenths = 10 ** payload.decimals;

  /** @param {At} at @returns {Cell} */
  function find(at) {
    let key = at.item * wave.nodes.length + at.wave;
    key = key * place.nodes.length + (at.place || 0);
    traits.forEach((trait, number) => {
      key = key * trait.nodes.length + ((at.traits && at.traits[number]) || 0);
    });
    key = key * answer.nodes.length + (at.answer || 0);
    const found = search(keys, key * 2 + (at.mean ? 1 : 0));
    if (found < 0) return null;
    const value = values[found];
    if (value === HIDDEN) return { hidden: true };
    if (value === NOBODY) return { nobody: true };
    return { n: at.mean ? (value - FIRST) / tenths : value - FIRST };
  }

  return { payload, topics: openTopics(payload, answer), wave, place, traits, answer, find };
}

/** Turn the codes of answers into numbers of the answer axis; a code may stand in two groups. */
function openTopics(payload, answer) {
  const numbered = (said) => ({ ...said, number: answer.byCode.get(said.code).number });
  return payload.topics.map((topic) => {
    const single = new Map();
    for (const said of topic.answers.single) {
      if (!single.has(said.id)) single.set(said.id, { id: said.id, label: said.label, numbers: [] });
      single.get(said.id).numbers.push(answer.byCode.get(said.code).number);
    }
    return { ...topic, groups: topic.answers.groups.map(numbered), single: [...single.values()] };
  });
}
