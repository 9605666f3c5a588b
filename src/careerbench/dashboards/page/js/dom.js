/** Elements from names, attributes and text; never from markup, so that no name can become code. */

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== "") element.append(child);
  }
  return element;
}

/** Make an HTML element; `onclick` and the like take functions, text is only ever text. */
export function html(tag, attributes, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element. */
export function svg(tag, attributes, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

const LETTER = 0.6;

/** Break words into lines of about a width, by the usual width of a letter. */
export function wrap(text, width, em, bold) {
  const most = Math.max(4, Math.floor(width / ((bold ? 1.12 : 1) * LETTER * em)));
  const lines = [];
  let line = "";
  for (const word of String(text).split(/[ \n\t]+/).flatMap((each) => pieces(each, most))) {
    if (line && line.length + 1 + word.length > most) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return line ? [...lines, line] : lines;
}

/** Cut a word that is longer than a line. */
function pieces(word, most) {
  const out = [];
  for (let at = 0; at < word.length; at += most) out.push(word.slice(at, at + most));
  return out;
}
