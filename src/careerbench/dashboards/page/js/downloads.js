/** Buttons that save what is shown: its table as CSV or XLSX, its picture as SVG or PNG. */

import { html, svg } from "./dom.js";
import { aboutLines, csvOf, fileName, workbookOf } from "./files.js";

const SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SCALE = 2;
const FOOT = 18;

/** Hand a file to the browser's own download. */
function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = html("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

/** The picture as a file of its own: white ground, and below it what it is. */
export function standalone(picture, about) {
  const copy = picture.cloneNode(true);
  const [width, height] = ["width", "height"].map((name) => Number(copy.getAttribute(name)));
  const lines = about.map(([name, said]) => `${name}: ${said}`);
  const whole = height + 12 + lines.length * FOOT;
  copy.setAttribute("viewBox", `0 0 ${width} ${whole}`);
  copy.setAttribute("height", whole);
  copy.prepend(
    svg("title", null, about[0][1]),
    svg("desc", null, `${copy.getAttribute("aria-label")} ${lines.join(" ")}`),
    svg("rect", { width, height: whole, fill: "#ffffff" }),
  );
  const foot = lines.map((line, n) =>
    svg("text", { x: 0, y: height + 12 + (n + 0.7) * FOOT, "font-size": 11, fill: "#595959" }, line.slice(0, Math.floor(width / 5.6))),
  );
  copy.append(...foot);
  return new XMLSerializer().serializeToString(copy);
}

/** Draw the SVG file into pixels. */
async function savePng(markup, name) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(markup)}`;
  await image.decode();
  const canvas = html("canvas", { width: image.width * SCALE, height: image.height * SCALE });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => {
    canvas.toBlob(done, "image/png");
  });
  save(blob, name);
}

/**
 * The row of buttons below a section.
 * @param {object} how `{payload, slice, section, pictureOf, say}`; `say` announces what was saved
 */
export function downloadRow({ payload, slice, section, pictureOf, say }) {
  const about = () => aboutLines(payload, slice, section.title);
  const markup = () => standalone(pictureOf(), about());
  const kinds = {
    CSV: () => save(new Blob([csvOf(section.table, about())], { type: "text/csv;charset=utf-8" }), fileName(section.title, "csv")),
    XLSX: () => save(new Blob([workbookOf(section.table, about())], { type: SHEET_TYPE }), fileName(section.title, "xlsx")),
    SVG: () => save(new Blob([markup()], { type: "image/svg+xml" }), fileName(section.title, "svg")),
    PNG: () => savePng(markup(), fileName(section.title, "png")),
  };
  const button = ([kind, make]) => {
    const what = kind === "CSV" || kind === "XLSX" ? "table" : "picture";
    const press = async () => {
      await make();
      say(`Saved: ${section.title}, ${kind}.`);
    };
    return html("button", { type: "button", onclick: press, "aria-label": `Download the ${what} as ${kind}: ${section.title}` }, kind);
  };
  return html("p", { class: "downloads" }, html("span", null, "Download: "), Object.entries(kinds).map(button));
}
