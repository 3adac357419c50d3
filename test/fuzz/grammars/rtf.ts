/** RTF: groups, control words and escaped bytes. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged } from "../pieces.ts";
import { lookedAt } from "./document.ts";

const WORDS =
  "par pard plain line tab cell row trowd intbl trhdr nestcell s f fs b v u uc ilvl outlinelevel ansicpg fcharset cpg mac bin page sect emdash deleted mvf constructor valueOf".split(
    " ",
  );
const DESTINATIONS =
  "fonttbl stylesheet info pict footnote listtext pntext upr *\\ud *\\x *\\shpinst field fldrslt *\\fldinst header object".split(
    " ",
  );
const NUMBERS = [
  "",
  "0",
  "1",
  "2",
  "8",
  "-1",
  "204",
  "1252",
  "65001",
  "32767",
  "-10179",
  "2147483647",
  "9999999999",
];

export const rtf: FuzzedParser = {
  name: "rtf",
  shortCount: 600,
  make(random, isChanged) {
    const text = `{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset204 A;}}${isChanged ? groups(random, 0) : ""}\\pard\\plain Some text.\\par}`;
    const bytes = Buffer.from(text, "latin1");
    return { "text.rtf": isChanged && chance(random, 50) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.rtf")),
};

function groups(random: Random, depth: number): string {
  return several(random, 1, 5, () => {
    switch (random.integer(5)) {
      case 0:
        return `\\${pick(random, WORDS)}${pick(random, NUMBERS)} `;
      case 1:
        return depth < 5 ? `{\\${pick(random, DESTINATIONS)} ${groups(random, depth + 1)}}` : "{";
      case 2:
        return `\\'${pick(random, ["e4", "93", "fa", "00", "zz", "f"])}`;
      case 3:
        return `\\u${pick(random, NUMBERS)}?`;
      default:
        return textOf(random).replace(/[\\{}]/g, "\\$&");
    }
  }).join("");
}
