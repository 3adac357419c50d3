/** Markdown: blocks within blocks, and marks within their lines, of which some lack their partners. */
import { join } from "node:path";
import type { Random } from "../../../native-models/random.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged } from "../pieces.ts";
import { lookedAt } from "./document.ts";

const OPENINGS = ["# ", "###### ", "- ", "* ", "7. ", "999999999) ", "> ", "    ", "```js\n", "~~~\n", "| a | b |\n| --- | :-: |\n| ", "<div>\n", "<!-- ", "---\n", "---\ntitle: ", "[^1]: ", "[ref]: "]; // prettier-ignore
const MARKS = ["*", "**", "_", "~~", "`", "``", "[", "](", "](<", ")", "![", "<b>", "<br>", "<!--", "-->", "&amp;", "&#0;", "&#x110000;", "\\", "\\*", "|", "$", "<http://a>", "  \n", "[^1]"]; // prettier-ignore

export const markdown: FuzzedParser = {
  name: "markdown",
  shortCount: 400,
  make(random, isChanged) {
    const blocks = several(random, 1, 8, () => (isChanged ? oddBlock(random) : "- Some **text**."));
    const bytes = Buffer.from(`Some text.\n\n${blocks.join(chance(random, 80) ? "\n\n" : "\n")}\n`);
    return { "text.md": isChanged && chance(random, 40) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAt(join(folder, "text.md")),
};

function oddBlock(random: Random): string {
  const openings = several(random, 0, 4, () => pick(random, OPENINGS)).join("");
  const many = chance(random, 5) ? 3000 : 1;
  return openings + several(random, 1, 8, () => pick(random, MARKS).repeat(many) + textOf(random)).join("");
}
