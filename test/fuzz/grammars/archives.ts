/** Documents that are archives of XML: OpenDocument texts and presentations, books, slides and workbooks. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { epubParts } from "../../main/documents/markup/epub-parts.ts";
import { frame, odpList, odpParagraph, odpParts } from "../../main/documents/office/odp-parts.ts";
import { mathObject, odtContent, odtObject, odtWithObjects } from "../../main/documents/office/odt-parts.ts";
import { pptxParts, shape, slideParagraph } from "../../main/documents/office/pptx-parts.ts";
import { odsParts, rowsXml, workbookParts } from "../../main/documents/sheets/sheet-bytes.ts";
import type { CellXml } from "../../main/documents/sheets/sheet-bytes.ts";
import type { ZipPart } from "../../main/documents/files/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { archiveBytes, escaped, oddXml } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const SHORT_COUNT = 150;

function archived(name: string, partsOf: (random: Random, odd: boolean) => ZipPart[]): FuzzedParser {
  return {
    name,
    shortCount: SHORT_COUNT,
    make: (random, isChanged) => {
      const parts = partsOf(random, isChanged).map((part) => {
        const isOdd = isChanged && chance(random, 8);
        return isOdd ? { ...part, content: oddXml(String(part.content), random) } : part;
      });
      return { [`text.${name}`]: archiveBytes(random, parts, isChanged) };
    },
    parse: (folder) => lookedAt(join(folder, `text.${name}`)),
  };
}

const words = (random: Random, odd: boolean) => escaped(odd ? textOf(random) : "Some text.");

export const odt = archived("odt", (random, odd) =>
  odtWithObjects(several(random, 1, 4, () => odtBlock(random, odd)).join(""), {
    "Object 1": mathObject(mathML(random, odd, 0)),
    "Object 2": odd ? odtContent("x") : mathObject(""),
    "Object 3": odtContent("x"),
  }),
);

const MATH =
  "mi mn mo mtext ms mspace mrow mstyle mphantom maction semantics annotation mfrac msqrt mroot msub msup msubsup munder mover munderover mmultiscripts mprescripts none mfenced mtable mtr mtd x".split(
    " ",
  );
const MATH_SIGNS = ["∑", "+", "′", "∘", "→", "(", ")", "lim", "12", "\u2061", ""];

/** A part of a formula: what the names stand for, or any with any parts. */
function mathML(random: Random, odd: boolean, depth: number): string {
  const parts = several(random, 0, odd ? 4 : 3, () =>
    depth < 4 ? mathML(random, odd, depth + 1) : pick(random, MATH_SIGNS),
  );
  const name = pick(random, MATH);
  const attributes = odd
    ? ` linethickness="${pick(random, ["0", "x"])}" separators="${pick(random, ["", ";|", "x"])}"`
    : "";
  const text = parts.length === 0 ? (odd ? words(random, odd) : pick(random, MATH_SIGNS)) : "";
  return `<${name}${attributes}>${text}${parts.join("")}</${name}>`;
}

function odtBlock(random: Random, odd: boolean): string {
  const text = words(random, odd);
  const p = `<text:p>${text}</text:p>`;
  switch (random.integer(odd ? 13 : 5)) {
    case 0:
      return p;
    case 1:
      return `<text:h text:outline-level="${odd ? text : 1}">${text}</text:h>`;
    case 2:
      return `<text:list text:style-name="L1"><text:list-item>${p}${p}</text:list-item></text:list>`;
    case 3:
      return `<text:p>${text}${odtObject("Object 1")}</text:p>`;
    case 4:
      return `<text:p>${text}${odtObject("Object 3")}</text:p>`;
    case 5:
      return `<table:table table:name="local-table"><table:table-row><table:table-cell>${odtObject("Object 3")}<draw:object>${odtContent("x", "document")}</draw:object></table:table-cell></table:table-row></table:table>`;
    case 6:
      return `<table:table><table:table-row><table:table-cell>${p}</table:table-cell><table:covered-table-cell/></table:table-row><table:table-row-group/></table:table>`;
    case 7:
      return `<text:p>${text}<text:note><text:note-body>${p}</text:note-body></text:note><text:note/></text:p>`;
    case 8:
      return `<text:p text:style-name="P1"><text:s text:c="${pick(random, ["-1", "1e9", "x"])}"/><text:tab/><draw:frame><draw:text-box>${p}</draw:text-box></draw:frame></text:p>`;
    case 9:
      return `<text:list text:continue-list="x"><text:list-item text:start-value="${pick(random, ["-1", "1e9", "x"])}"><text:list>${p}</text:list></text:list-item></text:list>`;
    case 10:
      return odtObject(pick(random, ["Object 1", "Object%202", "Object 3", "../content.xml", "", "%zz"]));
    case 11:
      return `<text:p><draw:frame><draw:object><math>${mathML(random, odd, 0)}</math></draw:object></draw:frame></text:p>`;
    default:
      return `<text:section>${text}${p}</text:section><text:alphabetical-index>${p}</text:alphabetical-index>`;
  }
}

export const epub = archived("epub", (random, odd) => {
  const chapters = several(random, 1, 3, () => `<h1>${words(random, odd)}</h1><p>${words(random, odd)}</p>`);
  return epubParts(...chapters).map((part) => {
    if (!odd || !part.name.endsWith(".opf") || chance(random, 60)) return part;
    const address = pick(random, ["../../x", "%zz", "", "#x", "/", "http://127.0.0.1:9/x", "OEBPS/book.opf"]);
    return { ...part, content: String(part.content).replace(/href="[^"]*"/, `href="${address}"`) };
  });
});

export const pptx = archived("pptx", (random, odd) => {
  const slides = several(random, 1, 3, () => {
    const level = odd ? pick(random, ["-1", "8", "1e9", "x"]) : 1;
    const kind = odd ? pick(random, ["romanUcParenBoth", "alphaLc", "x"]) : "alphaLcParenR";
    const start = odd ? pick(random, ["-1", "1e9", "4000", "x"]) : "3";
    const numbered = `<a:buAutoNum type="${kind}" startAt="${start}"/>`;
    const mark = pick(random, ["", "<a:buNone/>", "<a:buChar/>", "<a:buAutoNum/>", numbered]);
    const paragraph = slideParagraph(words(random, odd), Number(level), mark);
    const shown = chance(random, 30)
      ? '<p:graphicFrame><a:graphic><c:chart r:id="c1"/></a:graphic></p:graphicFrame>'
      : "";
    return (
      shown +
      shape(paragraph, "title") +
      shape(paragraph + paragraph, pick(random, ["body", "obj", "sldNum", "x"])) +
      (odd ? alternatives(shape(paragraph), random) : shape(paragraph))
    );
  });
  return [
    ...pptxParts(slides, odd ? shape(slideParagraph(words(random, odd)), "body") : undefined),
    ...(odd ? slides : []).map((_, index) => ({
      name: `ppt/slides/_rels/slide${index + 1}.xml.rels`,
      content: `<Relationships><Relationship Id="r1" Type="x/notesSlide" Target="../notesSlides/notesSlide1.xml"/></Relationships>`,
    })),
  ];
});

function alternatives(shown: string, random: Random): string {
  const [first, second] = chance(random, 50) ? [shown, "<p:pic/>"] : ["<p:contentPart/>", shown];
  return `<mc:AlternateContent><mc:Choice>${first}</mc:Choice><mc:Fallback>${second}</mc:Fallback></mc:AlternateContent>`;
}

export const odp = archived("odp", (random, odd) => [
  ...odpParts(
    several(random, 1, 3, () => {
      const title = frame(odpParagraph(words(random, odd)), "title");
      return title + several(random, 1, 3, () => odpShape(random, odd)).join("");
    }),
  ),
]);

function odpShape(random: Random, odd: boolean): string {
  const p = odpParagraph(words(random, odd));
  const style = pick(random, ["L1", "L2", "L3"]);
  switch (random.integer(odd ? 10 : 5)) {
    case 0:
      return frame(p, pick(random, ["subtitle", "footer", "page-number"]));
    case 1:
      return frame(odpList(style, p + odpList(style, p), p), "outline");
    case 2:
      return `<presentation:notes>${frame(p, "notes")}</presentation:notes>`;
    case 3:
      return `<draw:frame><table:table table:use-first-row-styles="true"><table:table-row><table:table-cell>${p}</table:table-cell></table:table-row></table:table></draw:frame>`;
    case 4:
      return odtObject("Object 1");
    case 5:
      return frame(odpList(style, odpList("x", p), "", odpList(style, odpList(style, p)), p));
    case 6:
      return `<draw:g><draw:custom-shape draw:display="${pick(random, ["none", "x"])}">${p}</draw:custom-shape>${p}</draw:g>`;
    case 7:
      return `<text:list text:continue-list="x"><text:list-item text:start-value="${pick(random, ["-1", "1e9", "x"])}">${p}</text:list-item></text:list>`;
    case 8:
      return `<draw:page>${frame(p, "title")}<presentation:notes>${p}</presentation:notes></draw:page>`;
    default:
      return frame(
        `<text:p><text:page-number/><presentation:footer>${p}</presentation:footer></text:p>`,
        "title",
      );
  }
}

export const xlsx = archived("xlsx", (random, odd) => {
  const sheets = several(random, 1, 3, (index) => {
    const rows = several(random, 1, 4, () => several(random, 2, 2, () => xlsxCell(random, odd)));
    const all = rowsXml(["question", "answer"], ...rows);
    const xml = all.replace(/<row/g, (row) => (odd && chance(random, 20) ? `${row} hidden="1"` : row));
    return {
      name: `Sheet${index}`,
      before: odd ? pick(random, HIDDEN_COLUMNS) : "",
      rows: odd && chance(random, 20) ? xml.replace(/ r="[A-Z]*\d+"/, () => pick(random, ODD_PLACES)) : xml,
      after: odd ? pick(random, AFTER_ROWS) : "",
      ...(odd && chance(random, 20) && { state: "hidden" as const }),
    };
  });
  const formats = odd ? [pick(random, FORMATS)] : [];
  return workbookParts(sheets, [], { formats, is1904: odd && chance(random, 50) });
});

const hiddenColumn = (first: number, last: number | string) =>
  `<cols><col min="${first}" max="${last}" hidden="1"/></cols>`;
const HIDDEN_COLUMNS = [
  "",
  hiddenColumn(1, 1),
  hiddenColumn(2, 16384),
  hiddenColumn(-1, "1e9"),
  hiddenColumn(9, "x"),
];

const FORMATS = [
  "[$-407]d/\\ mmmm\\ yyyy;@",
  "[$-F800]dddd\\,\\ mmmm\\ dd",
  "[$$-409]#,##0.00",
  "[$€-",
  '"mmmm',
  "mmmmmm/",
  "[h]:mm:ss.000",
  "[>1]0;[<=-1]# ?/?;\\",
  "[$[$-zz07]0,,,%E+",
];

const ODD_PLACES = [
  "",
  ' r="0"',
  ' r="-1"',
  ' r="A0"',
  ' r="XFD1048576"',
  ' r="AAAAAAAA9"',
  ' r="1e9"',
  ' r="x"',
];
const merged = (place: string) => `<mergeCells><mergeCell ref="${place}"/></mergeCells>`;
const AFTER_ROWS = [
  "",
  merged("A1:B2"),
  merged("A1:XFD1048576"),
  merged("B2:A1"),
  merged("x"),
  "<sheetData><row/></sheetData>",
];

function xlsxCell(random: Random, odd: boolean): CellXml {
  switch (random.integer(odd ? 7 : 2)) {
    case 0:
      return words(random, odd);
    case 1:
      return random.integer(1000);
    case 2:
      return { attributes: 't="s"', xml: `<v>${pick(random, ["0", "-1", "1e9", "x"])}</v>` };
    case 3:
      return {
        attributes: `s="${pick(random, ["1", "6", "6", "-1", "99999", "x"])}"`,
        xml: `<v>${pick(random, ["-1e9", "1e300", "NaN", "45352.5", "-1.5"])}</v>`,
      };
    case 4:
      return {
        attributes: `t="${pick(random, ["b", "e", "d", "str", "x"])}"`,
        xml: `<v>${words(random, odd)}</v>`,
      };
    case 5:
      return {
        attributes: 't="inlineStr"',
        xml: `<is><r><t>${words(random, odd)}</t></r><rPh><t>x</t></rPh></is>`,
      };
    default:
      return { xml: `<f t="shared" si="0" ref="A1:B9">${words(random, odd)}</f>` };
  }
}

export const ods = archived("ods", (random, odd) => {
  const rows = several(random, 1, 4, () => {
    const cells = several(random, 2, 2, () => odsCell(random, odd)).join("");
    const repeated = odd && chance(random, 20) ? ` table:number-rows-repeated="${pick(random, COUNTS)}"` : "";
    return `<table:table-row${repeated}${odd ? visibility(random) : ""}>${cells}</table:table-row>`;
  });
  const columns = odd
    ? `<table:table-column table:number-columns-repeated="${pick(random, COUNTS)}"${visibility(random)}/>`
    : "";
  const name = (text: string) =>
    `<table:table-cell office:value-type="string"><text:p>${text}</text:p></table:table-cell>`;
  const head = `<table:table-row>${name("question")}${name("answer")}</table:table-row>`;
  return odsParts(`${columns}${head}${rows.join("")}`);
});

const visibility = (random: Random) =>
  ` table:visibility="${pick(random, ["visible", "visible", "collapse", "filter", "x"])}"`;

const COUNTS = ["0", "-1", "2", "1000", "1048576", "1e9", "x"];

function odsCell(random: Random, odd: boolean): string {
  const type = odd
    ? pick(random, ["string", "float", "date", "time", "boolean", "percentage", "x"])
    : "string";
  const value =
    odd && chance(random, 50)
      ? ` office:value="${pick(random, ["1e300", "x", ""])}" office:date-value="${pick(random, ["2024-13-45", "x"])}"`
      : "";
  const repeated =
    odd && chance(random, 20)
      ? ` table:number-columns-repeated="${pick(random, COUNTS)}" table:number-columns-spanned="${pick(random, COUNTS)}"`
      : "";
  return `<table:table-cell office:value-type="${type}"${value}${repeated}><text:p>${words(random, odd)}</text:p></table:table-cell>`;
}
