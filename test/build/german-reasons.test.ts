import { expect, test } from "vitest";
import { TOO_MANY_CELLS } from "../../main/engine/documents/sheets/cell-count.ts";
import { DAMAGED } from "../../main/engine/documents/whole-document.ts";
import { LeftOutReason, leftOutText } from "../../preload/contract/data/left-out.ts";
import { reasonText, sectionText } from "../../renderer/messages/de/reasons.ts";
import { saidIn } from "./said-in-failures.ts";

const SHOWN = [
  "main/services",
  "main/handlers",
  "main/permitted-paths.ts",
  "main/engine",
  "main/updates",
  "main/home/moved-home.ts",
  "main/sqlite-failures.ts",
  "native-models",
];
/** What stays as it is: names of variables, formats and JSON keys. */
const NAMES = [
  'HF_ENDPOINT ("7")',
  "JSON",
  "added_tokens",
  "merges",
  "model merges",
  "model unk_token",
  "model vocab",
  "scores",
  "split.count",
  "split.no",
  "tokens",
  "weight_map",
];
/** Reasons that come from elsewhere: the system, a library, or another place in this list. */
const FROM_ELSEWHERE = [
  "DAMAGED",
  "TOO_MANY_CELLS",
  "(error as Error).message",
  "REASONS[code] ?? (error as Error).message",
  'UNREADABLE[code ?? ""] ?? message',
  "UNREADABLE[code] ?? (error as Error).message",
  "String(found)",
  "code ?? message",
  "error.message",
  "String(message).slice(0, 300)",
  "error.message.slice(0, 300)",
  "folder",
  "id",
  "into",
  "message",
  "other[1]",
  "path",
  "picture.problem",
  "reason",
  "reasonOf(error)",
  "section",
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

function isTranslated(template: string): boolean {
  const english = template.replaceAll("{}", '"7"');
  const german = [reasonText(english), sectionText(english)].find((text) => text !== english);
  return NAMES.includes(english) || (german !== undefined && !ENGLISH.test(german));
}

/** Words of a reason that was translated in part. */
const ENGLISH = /\b(the|is|it|its|has|have|that|with|than|of|which|does|not|ends|more|to)\b/;

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

test("a name in quotation marks stays, also where it is a word of ours", () => {
  expect(reasonText('the run "test" still needs it; let it end, or cancel it first')).toContain("„test“");
  expect(sectionText('tensor "data"')).toBe("Tensor „data“");
});

test.each(["it is packed (gzip); unpack it first", "there is a file of that name", DAMAGED, TOO_MANY_CELLS])(
  "what stands in a table or another file has a German text: %s",
  (english) => expect(reasonText(english)).not.toBe(english),
);
