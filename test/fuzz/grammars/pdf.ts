/** PDF: a tree of pages with fonts and text, its objects numbered, its streams packed or not. */
import { join } from "node:path";
import { deflateSync } from "node:zlib";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, damaged, digits, raw, sizeOf } from "../pieces.ts";
import type { Piece } from "../pieces.ts";
import { lookedAt } from "./document.ts";

export const pdf: FuzzedParser = {
  name: "pdf",
  shortCount: 300,
  make(random, isChanged) {
    const pieces = filePieces(random, isChanged);
    const bytes = bytesOf(isChanged ? changed(pieces, random) : pieces);
    return { "text.pdf": isChanged && chance(random, 15) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.pdf")),
};

/** Text with numbers in it as pieces of their own. */
function pieces(strings: TemplateStringsArray, ...values: (number | string | readonly Piece[])[]): Piece[] {
  return strings.flatMap((text, i) => {
    const value = values[i];
    const own =
      value === undefined
        ? []
        : typeof value === "number"
          ? [digits(value)]
          : typeof value === "string"
            ? [raw(value)]
            : value;
    return [raw(Buffer.from(text, "latin1")), ...own];
  });
}

function filePieces(random: Random, odd: boolean): Piece[] {
  const pages = 1 + random.integer(3);
  const kids = Array.from({ length: pages }, (_, i) => pieces`${4 + 2 * i} 0 R `).flat();
  const objects: Piece[][] = [
    pieces`<< /Type /Catalog /Pages 2 0 R >>`,
    pieces`<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    odd && chance(random, 50)
      ? oddFont(random)
      : pieces`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>`,
  ];
  for (let i = 0; i < pages; i++) {
    objects.push(
      pieces`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${612} ${792}] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * i} 0 R ${odd && chance(random, 40) ? annotations(random) : ""} >>`,
      stream(random, several(random, 1, 5, (line) => textLine(random, 700 - 12 * line, odd)).flat()),
    );
  }
  const offsets: number[] = [];
  const file: Piece[] = [raw("%PDF-1.4\n")];
  let at = 9;
  objects.forEach((object, i) => {
    offsets.push(at);
    const whole = pieces`${i + 1} 0 obj\n${object}\nendobj\n`;
    file.push(...whole);
    at += sizeOf(whole);
  });
  const entries = offsets.flatMap((offset) => [raw(`${String(offset).padStart(10, "0")} 00000 n \n`)]);
  return [
    ...file,
    ...pieces`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${entries}`,
    ...pieces`trailer\n<< /Size ${objects.length + 1} /Root ${1} 0 R >>\nstartxref\n${at}\n%%EOF\n`,
  ];
}

function stream(random: Random, content: Piece[]): Piece[] {
  if (chance(random, 50)) return pieces`<< /Length ${sizeOf(content)} >>\nstream\n${content}\nendstream`;
  const packed = deflateSync(bytesOf(content));
  return pieces`<< /Length ${packed.length} /Filter /FlateDecode >>\nstream\n${[raw(packed)]}\nendstream`;
}

function textLine(random: Random, y: number, odd: boolean): Piece[] {
  const text = (odd ? textOf(random) : sentence(random)).replace(/[()\\]/g, "\\$&");
  const shown =
    odd && chance(random, 20)
      ? pick(random, [
          `[(${text}) -2000 (b)] TJ`,
          `<${text}> Tj`,
          `(${text}) '`,
          "q Q Q Q",
          "/X Do",
          "BI /W 9 ID x EI",
        ])
      : `(${text}) Tj`;
  return pieces`BT /F1 ${10} Tf ${72} ${y} Td ${shown} ET\n`;
}

/** Fields and typed texts over a page, whose appearances are pages and fonts. */
function annotations(random: Random): Piece[] {
  const all = several(random, 1, 3, () => {
    const kind = pick(random, ["Widget", "Widget", "FreeText", "Link", "Popup", "Xx"]);
    const type = pick(random, [
      "/FT /Tx",
      "/FT /Ch /Opt [(a) [(b) (c)]]",
      "/FT /Btn /AS /Yes",
      "/FT /Sig",
      "",
    ]);
    const value = pick(random, [
      `/V (${textOf(random).replace(/[()\\]/g, "\\$&")})`,
      "/V /Yes",
      "/V [(a)]",
      "/V 5 0 R",
      "",
    ]);
    const shown = pick(random, [
      "",
      "",
      "/AP << /N 5 0 R >>",
      "/AP << /N << /Yes 5 0 R >> >>",
      "/AP << /N 4 0 R >>",
      "/AP 3 0 R",
    ]);
    return pieces`<< /Type /Annot /Subtype /${kind} ${type} /Rect [${72} ${random.integer(800)} ${300} ${500}] /F ${random.integer(8)} /DA (/F1 ${random.integer(20)} Tf 0 g) ${value} ${shown} >> `;
  });
  return pieces`/Annots [${all.flat()}]`;
}

/** No two are the same, since what pages repeat is a header and not text. */
function sentence(random: Random): string {
  return several(random, 4, 8, () =>
    several(random, 2, 8, () => pick(random, [..."abcdefghijklm"])).join(""),
  ).join(" ");
}

function oddFont(random: Random): Piece[] {
  return pick(random, [
    () =>
      pieces`<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [3 0 R] >>`,
    () =>
      pieces`<< /Type /Font /Subtype /Type3 /FontMatrix [0 0 0 0 0 0] /CharProcs << /a 5 0 R >> /Encoding << /Differences [${0} /a] >> >>`,
    () =>
      pieces`<< /Type /Font /Subtype /TrueType /BaseFont /X /FirstChar ${0} /LastChar ${255} /Widths [${1} ${2}] /ToUnicode 5 0 R >>`,
    () =>
      pieces`<< /Type /Font /Subtype /Type0 /Encoding /GBK-EUC-H /DescendantFonts [<< /Subtype /CIDFontType0 /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement ${0} >> >>] >>`,
    () => pieces`<< /Type /Font /Subtype /Type1 /BaseFont /CMR10 >>`,
    () =>
      pieces`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /FontMatrix [(alert\\(1\\)) 0 0 1 0 0] >>`,
  ])();
}
