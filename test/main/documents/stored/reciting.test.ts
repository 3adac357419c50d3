import { expect, test } from "vitest";
import { beginningsOf, recitedIn, RECITED_WORDS } from "../../../../main/documents/stored/reciting.ts";
import { writeSplit } from "../../../../main/documents/stored/split-files.ts";
import { scratch } from "../scratch.ts";

const words = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${name}${i}`).join(" ");
const text = (name: string, count: number) => ({ prompt: "", completion: words(name, count) });

async function dataset(): Promise<string> {
  const folder = scratch()();
  const answer = { prompt: "Question?", completion: ` ${words("answer", 30)}` };
  const examples = [text("a", 100), { prompt: "Yes?", completion: " Yes" }, answer, text("b", 30)];
  await writeSplit(folder, "train", { examples, questions: [] });
  await writeSplit(folder, "valid", { examples: [text("v", 100)], questions: [] });
  await writeSplit(folder, "test", { examples: [], questions: [] });
  return folder;
}

test("Rows that go on for long enough are asked: a text from its first words, an answer from its prompt", async () => {
  const beginnings = beginningsOf(await dataset(), 10);
  expect(beginnings).toEqual([
    { split: "train", row: 0, prompt: words("a", 30), special: false },
    { split: "train", row: 2, prompt: "Question?", special: false },
    { split: "valid", row: 0, prompt: words("v", 30), special: false },
  ]);
});

test("What is continued verbatim is counted, of training and of held-out rows", async () => {
  const folder = await dataset();
  const rest = words("a", 100).split(" ").slice(30);
  const recited = ` ${rest.slice(0, RECITED_WORDS + 5).join(" ")} and so on`;
  const found = recitedIn(folder, [
    { split: "train", row: 0, text: recited },
    { split: "train", row: 2, text: ` answer0 answer1 ${words("b", 9)}` },
    { split: "valid", row: 0, text: ` ${words("b", 6)}` },
  ]);
  expect(found).toEqual({
    trained: { rows: 2, continued: 1, longestContinued: RECITED_WORDS + 5, longest: RECITED_WORDS + 5 },
    heldOut: { rows: 1, continued: 0, longestContinued: 0, longest: 6 },
  });
});
