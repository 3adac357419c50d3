import { expect, test } from "vitest";
import { exampleRows, questionRows } from "../../../../main/trimming/rows/rows.ts";
import type { Encoder } from "../../../../main/trimming/rows/rows.ts";
import { labelPlaces } from "../../../../native-models/training/batch.ts";
import type { Example } from "../../../../preload/contract/data/data.ts";

const [END, BEGINNING] = [256, 257];

/** An id is a byte. */
const bytes: Encoder = {
  encode: (text, { addBos = false } = {}) => [...(addBos ? [BEGINNING] : []), ...Buffer.from(text)],
  tokenBytes: (id) => Uint8Array.of(id),
  eosIds: [END],
  addsBos: true,
  bosToken: "<s>",
};

test("a row that is cut begins as every text does", () => {
  const prompt = `${"q".repeat(60)}AAAA${"r".repeat(20)}`;
  const example: Example = { prompt, completion: "BB", answers: [[60, 64]] };
  const [{ row }] = exampleRows(bytes, example, 60) as [ReturnType<typeof exampleRows>[number]];
  expect(row.ids).toHaveLength(60);
  expect(row.ids[0]).toBe(BEGINNING);
  const labels = labelPlaces(row).map((place) => row.ids[place]!);
  expect(labels).toEqual([...Buffer.from("AAAABB"), END]);
});

test("so does a question's, with each of its choices", () => {
  const question = { question: "q".repeat(100), choices: ["yes", "no"], answer: 0 };
  for (const { ids, promptLength } of questionRows(bytes, question, "plain", 40).rows) {
    expect(ids).toHaveLength(40);
    expect(ids.slice(0, promptLength)).toEqual([
      BEGINNING,
      ...Buffer.from(`${"q".repeat(promptLength - 9)}\nAnswer:`),
    ]);
  }
});
