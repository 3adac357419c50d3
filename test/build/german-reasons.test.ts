import { expect, test } from "vitest";
import { DAMAGED } from "../../main/engine/documents/whole-document.ts";
import { LeftOutReason, leftOutText } from "../../preload/contract/left-out.ts";
import { reasonText } from "../../renderer/messages/de/reasons.ts";
import { saidIn } from "./said-in-failures.ts";

const SHOWN = [
  "main/services",
  "main/handlers",
  "main/permitted-paths.ts",
  "main/engine",
  "main/updates",
  "native-models/chat-template.ts",
  "native-models/failure.ts",
];
/** Names that are the same in both languages, and reasons that come from elsewhere: the system, a library, or another place in this list. */
const FROM_ELSEWHERE = [
  "DAMAGED",
  "(error as Error).message",
  "code ?? message",
  "error.message",
  "folder",
  "id",
  "into",
  "message",
  "other[1]",
  "path",
  "picture.problem",
  "reason",
  "reasonOf(error)",
  "what",
];

const said = saidIn(SHOWN);

test("everything that failures say in the source has a German text", () => {
  const missing = said.filter(({ template }) => template !== null && !isTranslated(template));
  expect(missing.map(({ place, template }) => `${place} ${template}`)).toEqual([]);
  expect(said.length).toBeGreaterThan(150);
});

test("what failures say is written where it can be followed", () => {
  const lost = said.filter(({ template, source }) => template === null && !FROM_ELSEWHERE.includes(source));
  expect(lost.map(({ place, source }) => `${place} ${source}`)).toEqual([]);
});

/** Names of formats, programs and variables in a template stay; any other text needs a translation of its own. */
function isTranslated(template: string): boolean {
  const english = template.replaceAll("{}", "7");
  return reasonText(english) !== english || /^HF_ENDPOINT \(7\)$/.test(english);
}

const parts = { number: 3, answer: 7, choices: 4, fields: 3, expected: 2, columns: ["Wert"], more: true };
test.each(
  LeftOutReason.options.flatMap(({ shape }) =>
    ["text", "letter", "number-from-0"].map((form) =>
      LeftOutReason.parse({ ...parts, part: "choice", form, code: shape.code.value }),
    ),
  ),
)("a line that cannot be used because of $code says so in German", (reason) => {
  const german = reasonText(`the line ${leftOutText(reason)}`);
  expect(german).toMatch(/^Die Zeile (hat|ist|enthält|beginnt) /);
  expect(german).not.toMatch(/\b(the|is|has|an|that|with)\b/);
});

test.each(["it is packed (gzip); unpack it first", "there is a file of that name", DAMAGED])(
  "what stands in a table or another file has a German text: %s",
  (english) => expect(reasonText(english)).not.toBe(english),
);
