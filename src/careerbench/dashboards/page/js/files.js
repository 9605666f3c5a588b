/** Files made from what is shown: CSV and XLSX of a table. Knows no DOM. */

/** What a file says of itself, a line each. */
export function aboutLines(payload, slice, title) {
  return [
    ["Table", title],
    ["Study", payload.title],
    ["Page", slice.page],
    ["Slice", slice.whole || "everything"],
    ["Policy", `${payload.policy.title} (${payload.policy.id}; ${payload.policy.source})`],
    ["Hidden", "A hidden figure must not be read as 0; it is hidden for its own sake or for another's."],
    ["Release fingerprint (SHA-256)", payload.fingerprint || "not saved as a file yet"],
  ];
}

const NUMBER = /^[-+−]?\d{1,3}(,\d{3})*(\.\d+)?$|^[-+−]?\d+(\.\d+)?$/;

/** A cell of CSV: quoted where needed; what a spreadsheet would run as a formula is made text. */
export function csvCell(value) {
  const said = String(value);
  const plain = NUMBER.test(said) ? said.replace(/,/g, "").replace("−", "-") : said;
  const isNumber = plain !== said || NUMBER.test(said);
  const safe = !isNumber && /^\s*[=+\-@\t\r]/.test(plain) ? `'${plain}` : plain;
  return /[",\n\r]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** A table as CSV, after lines that say what it is; with a byte order mark, for Excel. */
export function csvOf(table, about) {
  const rows = [...about.map(([name, said]) => [`# ${name}`, said]), table.columns, ...table.rows.map((row) => row.cells)];
  return `\ufeff${rows.map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

/** A name for a file, from words. */
export function fileName(title, ending) {
  const plain = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `${plain.slice(0, 80) || "table"}.${ending}`;
}

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN_NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/** Text for XML: marks escaped, control characters dropped, as XML cannot hold them. */
function xml(value) {
  const marks = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  // eslint-disable-next-line no-control-regex
  return String(value).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "").replace(/[&<>"]/g, (mark) => marks[mark]);
}

function sheetCell(value, style) {
  const said = String(value);
  const number = said.replace(/,/g, "");
  if (!style && NUMBER.test(said) && !said.includes("−") && !said.startsWith("+")) return `<c><v>${number}</v></c>`;
  return `<c t="inlineStr"${style}><is><t xml:space="preserve">${xml(said)}</t></is></c>`;
}

function sheet(rows, bold) {
  const written = rows.map((row, n) => {
    const cells = row.map((value) => sheetCell(value, bold(n) ? ' s="1"' : ""));
    return `<row r="${n + 1}">${cells.join("")}</row>`;
  });
  const columns = '<cols><col min="1" max="1" width="44" customWidth="1"/><col min="2" max="60" width="18" customWidth="1"/></cols>';
  return `${HEAD}<worksheet xmlns="${MAIN_NS}">${columns}<sheetData>${written.join("")}</sheetData></worksheet>`;
}

/** A workbook with the table on one sheet and what it is on another, as bytes. */
export function workbookOf(table, about) {
  const names = ["Table", "About"];
  const sheets = names.map((name, n) => `<sheet name="${name}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`).join("");
  const parts = names.map((_, n) => `<Override PartName="/xl/worksheets/sheet${n + 1}.xml" ContentType="${TYPE}.worksheet+xml"/>`).join("");
  const links = names.map((_, n) => `<Relationship Id="rId${n + 1}" Type="${OFFICE}/worksheet" Target="worksheets/sheet${n + 1}.xml"/>`).join("");
  return zip({
    "[Content_Types].xml": `${HEAD}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>${parts}</Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN_NS}" xmlns:r="${OFFICE}"><sheets>${sheets}</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">${links}<Relationship Id="rId9" Type="${OFFICE}/styles" Target="styles.xml"/></Relationships>`,
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN_NS}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf fontId="0"/><xf fontId="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
    "xl/worksheets/sheet1.xml": sheet([table.columns, ...table.rows.map((row) => row.cells)], (n) => n === 0),
    "xl/worksheets/sheet2.xml": sheet(about, () => false),
  });
}

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let rest = n;
  for (let k = 0; k < 8; k += 1) rest = rest & 1 ? 0xedb88320 ^ (rest >>> 1) : rest >>> 1;
  return rest >>> 0;
});

function checksum(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = CRC[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** Numbers of 2 (positive sizes) or 4 bytes (negative), low bytes first. */
function header(fields) {
  const out = [];
  for (const [value, size] of fields) for (let n = 0; n < size; n += 1) out.push((value >>> (8 * n)) & 255);
  return Uint8Array.from(out);
}

/** Files in an archive, stored as they are (APPNOTE.TXT 4.3, without compression). */
function zip(files) {
  const [parts, directory] = [[], []];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const [title, bytes] = [name, content].map((text) => new TextEncoder().encode(text));
    const shared = [[20, 2], [0x800, 2], [0, 2], [0, 2], [0x21, 2], [checksum(bytes), 4], [bytes.length, 4], [bytes.length, 4], [title.length, 2], [0, 2]];
    const local = header([[0x04034b50, 4], ...shared]);
    parts.push(local, title, bytes);
    directory.push(header([[0x02014b50, 4], [20, 2], ...shared, [0, 2], [0, 2], [0, 2], [0, 4], [offset, 4]]), title);
    offset += local.length + title.length + bytes.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const n = Object.keys(files).length;
  const end = header([[0x06054b50, 4], [0, 2], [0, 2], [n, 2], [n, 2], [size, 4], [offset, 4], [0, 2]]);
  return joined([...parts, ...directory, end]);
}

function joined(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
