import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { root } from "../../build/root.ts";
import { mixedText } from "../../main/engine/recipes/chat/mix-bits.ts";
import { mergeText } from "../../main/engine/recipes/cuts/merge.ts";
import { repairText } from "../../main/engine/recipes/cuts/repair.ts";
import { rewrittenText } from "../../main/engine/recipes/rows/rewritten-answers.ts";
import { recoveryText } from "../../main/engine/recipes/training/recover.ts";
import { deviceProblemText } from "../../preload/contract/words/sentence.ts";
import { loggedText } from "../../renderer/messages/de/reasons.ts";

const ENGLISH = /\b(the|is|was|were|are|its|with|than|of|which|does|not|by|to|run|block|time)\b/;

/** What the source writes to a run's log itself, and which functions make the rest. */
function written(): { sentences: string[]; functions: string[] } {
  const files = ["main/engine", "main/services/plans", "main/services/runs"].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => readFileSync(join(root, folder, name), "utf8")),
  );
  const found = (form: RegExp) =>
    files.flatMap((text) => [...text.matchAll(form)].map((match) => match.at(-1)!));
  const texts = found(/(?:log\(|\blog: |event: "log", message: |const message = )([`"])((?:(?!\1).)+)\1/g);
  return {
    sentences: texts.map((text) => text.replaceAll(/\$\{[^}]*\}/g, "7")),
    functions: [...new Set(found(/\blog\(([a-zA-Z]+)\(/g))].sort(),
  };
}

test("every sentence in a run's log has a German text", () => {
  const { sentences, functions } = written();
  expect(sentences.filter((sentence) => ENGLISH.test(loggedText(sentence)))).toEqual([]);
  expect(sentences.length).toBeGreaterThan(8);
  expect(functions).toEqual(
    ["mergeText", "mixedText", "recoveryText", "repairText", "rewrittenText", "timedAlone"].sort(),
  );
});

const errors = { without: 0.123, merged: 0.05, repaired: 0.05 };
const merged = (factor: number | null) => mergeText({ block: 3, factor, errors, changed: [] });
const [none, worse, better] = [
  { without: null, with: null },
  { without: 2, with: 2.5 },
  { without: 2, with: 1.5 },
];
const rewritten = { asked: 9, kept: 4, same: 1, empty: 1, unfinished: 1, repetitive: 1, different: 1 };
test.each([
  ...[null, 0, 0.5].map(merged),
  ...[null, errors].map((of) => repairText({ block: 3, errors: of })),
  ...[none, worse, better].map(recoveryText),
  ...[none, worse, better].map((validation) => mixedText(2, 40, validation)),
  mixedText(0, 40, none),
  ...[0, 9].map((asked) => rewrittenText({ ...rewritten, asked })),
  "Two chat models do not fit into memory at once, so the one with 5 blocks was timed alone. Other programs may distort how its speed compares with the original's.",
  ...[null, 0.012].map(
    (by) =>
      `The graphics processor cannot be used (${deviceProblemText({ kind: "differs", by })}). This run is trained on the processor.`,
  ),
  "Weights cannot be multiplied in int8 (only processors do it). This run stores them in ordinary 8 bits (q8).",
  "The run had to wait. Until 18:00 there is time for 40% of its training.",
  "The run was paused. It will be done later than 18:00, since too little time is left.",
])("in German: %s", (english) => {
  expect(loggedText(english)).not.toMatch(ENGLISH);
  expect(loggedText(english)).not.toMatch(/\d\.\d/);
});

test("the log's German has the sentence's figures and names", () => {
  expect(loggedText("Round 3: dropped block 5, 7 by nll.")).toBe("Runde 3: Block 5, 7 entfernt (nll).");
  expect(loggedText(merged(0.5))).toContain("von 12,3 % auf 5,0 %");
  expect(loggedText('There is time for 5 of 9 rows of "block".')).toBe(
    "Die Zeit reicht für 5 von 9 Zeilen („block“).",
  );
});
