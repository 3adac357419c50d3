/** HTML pages and XML. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged } from "../pieces.ts";
import { escaped, oddXml } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const HTML =
  "main article nav h1 h2 p div ul ol li table thead tr td th pre br b a script style title template svg".split(
    " ",
  );
const XML = "article body sec title p list Set Pair office:document".split(" "); // prettier-ignore

const SPANS = ["", "colspan=0 rowspan=2", 'colspan="1e9" rowspan="-3"', "colspan=2000 rowspan=70000"];

export const html: FuzzedParser = {
  name: "html",
  shortCount: 400,
  make(random, isChanged) {
    const page = `<!DOCTYPE html><html><title>Title</title><body>${trees(random, HTML, isChanged)}<p>Some text.</p></body></html>`;
    return { "page.html": bytesOf(page, random, isChanged) };
  },
  parse: (folder) => lookedAt(join(folder, "page.html")),
};

export const xml: FuzzedParser = {
  name: "xml",
  shortCount: 400,
  make(random, isChanged) {
    const content = trees(random, XML, isChanged);
    const root = `<root>${content}<p>Some text.</p></root>`;
    return {
      "text.xml": bytesOf(`<?xml version="1.0"?>${root}`, random, isChanged),
    };
  },
  parse: (folder) => lookedAt(join(folder, "text.xml")),
};

function trees(random: Random, names: readonly string[], odd: boolean, depth = 0): string {
  return several(random, 1, 3, () => {
    const name = pick(random, names);
    const content =
      depth < 4 && chance(random, 70)
        ? trees(random, names, odd, depth + 1)
        : escaped(odd ? textOf(random) : "Words of a sentence of some length.");
    const attributes =
      odd && chance(random, 20)
        ? ` start="${escaped(textOf(random))}" ${pick(random, SPANS)} style="display:none" hidden`
        : "";
    if (odd && chance(random, 10)) return `<${name}>${content}`;
    return name === "br" && !odd ? content : `<${name}${attributes}>${content}</${name}>`;
  }).join("");
}

function bytesOf(text: string, random: Random, isChanged: boolean): Buffer {
  if (!isChanged) return Buffer.from(text);
  const odd = chance(random, 20) ? oddXml(text, random) : text;
  const declared = chance(random, 10) ? `<?xml version="1.0" encoding="${pick(random, ["utf-16", "koi8-r", "x", "utf-7", "gb2312"])}"?>${odd}` : odd; // prettier-ignore
  const bytes = Buffer.from(declared, chance(random, 5) ? "utf16le" : "utf8");
  return chance(random, 60) ? damaged(bytes, random) : bytes;
}
