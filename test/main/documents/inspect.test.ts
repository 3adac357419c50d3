import { saying } from "../../saying.ts";
import { describe, expect, test } from "vitest";
import { inspectFile } from "../../../main/documents/inspect.ts";
import { MESSAGE_LIMIT_BYTES, sized } from "../../../main/engines/process/protocol.ts";
import { AppError } from "../../../native-models/failure.ts";
import type { FieldMapping } from "../../../preload/contract/data/data.ts";
import { InspectedFile } from "../../../preload/contract/data/inspection.ts";
import { docxBytes } from "./files/zip-bytes.ts";
import { jsonl, scratch } from "./scratch.ts";

async function inspect(
  name: string,
  content: string | Uint8Array,
  request: Parameters<typeof inspectFile>[2] = {},
): Promise<InspectedFile> {
  const path = scratch({ [name]: content })(name);
  const mappings = Object.fromEntries(
    Object.values(request.mappings ?? {}).map((mapping) => [path, mapping]),
  );
  return InspectedFile.parse(await inspectFile(path, "train", { ...request, mappings }));
}

const csv = "id;frage;antwort\n1;Was ist Miete?;Ein Entgelt\n2;Und Pacht?;\n3;Was ist Pacht?;Auch eines\n";

describe("Inspecting a file reports", () => {
  test("its format, its columns with values, the guessed mapping, its rows, and those left out", async () => {
    const told = await inspect("a.csv", csv);
    expect(told).toMatchObject({
      split: "train",
      sizeBytes: Buffer.byteLength(csv),
      format: "csv",
      details: { encoding: "utf-8", delimiter: ";" },
      columns: [
        { name: "id", filled: 3, samples: ["1", "2", "3"] },
        { name: "frage", filled: 3, samples: ["Was ist Miete?", "Und Pacht?", "Was ist Pacht?"] },
        { name: "antwort", filled: 2, samples: ["Ein Entgelt", "Auch eines"] },
      ],
      kind: "examples",
      mapping: { kind: "examples", form: "chat", prompt: ["frage"], completion: "antwort" },
      rows: { examples: 0, questions: 0, conversations: 2 },
      leftOut: [{ reason: { code: "empty", part: "completion" }, rows: 1, lines: [3] }],
      characters: "Was ist Miete?Ein EntgeltWas ist Pacht?Auch eines".length,
      tokenLengths: null,
      failure: null,
    });
    expect(told.preview).toEqual([
      {
        kind: "conversation",
        line: 2,
        messages: [
          { role: "user", content: "Was ist Miete?" },
          { role: "assistant", content: "Ein Entgelt" },
        ],
      },
      {
        kind: "conversation",
        line: 4,
        messages: [
          { role: "user", content: "Was ist Pacht?" },
          { role: "assistant", content: "Auch eines" },
        ],
      },
    ]);
  });

  test("its rows as the person mapped them", async () => {
    const mapping: FieldMapping = { kind: "examples", form: "plain", prompt: ["id"], completion: "frage" };
    const told = await inspect("a.csv", csv, { mappings: { any: mapping } });
    expect(told).toMatchObject({
      mapping,
      rows: { examples: 3 },
      preview: [{ prompt: "1", completion: "Was ist Miete?" }, {}, {}],
    });
  });

  test("the mapping that its records' own names give", async () => {
    const told = await inspect("a.jsonl", jsonl({ question: "q", choices: ["a", "b"], answer: 1 }));
    expect(told).toMatchObject({
      kind: "questions",
      mapping: { kind: "questions", answerForm: "number-from-0" },
    });
    expect(told.preview).toEqual([
      { kind: "question", line: 1, question: "q", choices: ["a", "b"], answer: 1 },
    ]);
  });

  test("the passages of a document, without columns", async () => {
    const told = await inspect("a.docx", docxBytes("The tenant pays."));
    expect(told).toMatchObject({
      format: "docx",
      kind: "text",
      mapping: null,
      columns: [],
      rows: { examples: 1 },
    });
  });

  test("the lengths of its rows in tokens, from rows spread over the file", async () => {
    const words = (count: number) => ({ prompt: "", completion: Array(count).fill("word").join(" ") });
    const rows = Array.from({ length: 3000 }, (_, i) => words(1 + (i % 100)));
    const told = await inspect("a.jsonl", jsonl(...rows), { countTokens: (text) => text.split(" ").length });
    expect(told.tokenLengths).toMatchObject({ rows: 3000, measuredRows: 1000 });
    const { mean, median, ninetiethPercentile, longest, histogram } = told.tokenLengths!;
    // Rows of 1 to 100 words: every third of them, at 2, 5, … 98, 1, 4, …
    expect([mean, median, ninetiethPercentile, longest]).toEqual([50.5, 50, 90, 100]);
    expect(histogram).toEqual([
      { upTo: 32, rows: 320 },
      { upTo: 64, rows: 320 },
      { upTo: 128, rows: 360 },
    ]);
  });

  test("at most 20 rows with truncated values, whatever the file, so that they fit in a message", async () => {
    const long = "wörter ".repeat(200);
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}${long}`, long]));
    const messages = Array.from({ length: 500 }, (_, i) => ({
      role: i % 2 ? "assistant" : "user",
      content: long,
    }));
    const told = await inspect("a.jsonl", jsonl(...Array(25).fill({ messages, ...fields })));
    expect(told.preview).toHaveLength(20);
    expect(told.columns).toHaveLength(100);
    expect(() => sized(told, "a file")).not.toThrow();
    expect(MESSAGE_LIMIT_BYTES).toBe(1_000_000);
  });
});

describe("An unusable file is reported", () => {
  test("with its failure and what was read of it", async () => {
    const told = await inspect("a.jsonl", '{"Symbol":"MMM","Price":178.96}\n');
    expect(told).toMatchObject({
      format: "jsonl",
      kind: null,
      mapping: null,
      columns: [{ name: "Symbol" }, { name: "Price" }],
    });
    expect(told.failure).toMatchObject({
      code: "bad-data",
      reason: saying('"Symbol", "Price"'),
    });
  });

  test("also if it is missing, empty, or in an unsupported format", async () => {
    const missing = scratch()("none.csv");
    expect(await inspectFile(missing, "test", {})).toMatchObject({
      split: "test",
      format: null,
      failure: { code: "not-found" },
    });
    expect(await inspect("a.txt", "")).toMatchObject({
      failure: { code: "bad-data", reason: "empty" },
    });
    expect(await inspect("a.xyz", "x")).toMatchObject({ failure: { code: "unsupported-format" } });
  });

  test("also if a single row of an evaluation set is unusable", async () => {
    const path = scratch({ "test.csv": csv })("test.csv");
    expect(await inspectFile(path, "test", {})).toMatchObject({
      rows: { conversations: 2 },
      failure: { code: "bad-data", line: 3, reason: saying("the line has an empty completion") },
    });
  });

  test("also if a model's chat template rejects its conversations", async () => {
    const chat = {
      hasTemplate: true,
      hasThinkingMode: false,
      render: () => {
        throw new AppError({ code: "template-failed", reason: "roles must alternate" });
      },
    };
    const told = await inspect("a.csv", csv, { chat, countTokens: (text) => text.length });
    expect(told).toMatchObject({ rows: { conversations: 2 }, failure: { code: "template-failed" } });
  });
});

describe("Personal data in a file", () => {
  test("is counted by kind, with a few different examples in their sentences", async () => {
    const { personal } = await inspect(
      "a.txt",
      `Dear Mr Quast,\n\n${"please thank Ms Hill, write to a@example.org. ".repeat(5)}`,
    );
    expect(personal).toEqual({
      characters: expect.any(Number) as number,
      kinds: [
        {
          kind: "name",
          places: 6,
          examples: [
            { before: "Dear Mr ", text: "Quast", after: "," },
            { before: "please thank Ms ", text: "Hill", after: ", write to a@example.org. please thank " },
          ],
        },
        {
          kind: "email",
          places: 5,
          examples: [
            {
              before: "please thank Ms Hill, write to ",
              text: "a@example.org",
              after: ". please thank Ms Hill, write to ",
            },
          ],
        },
      ],
    });
    expect((await inspect("b.txt", "Nothing of the kind.")).personal).toBeUndefined();
  });

  test("is counted in the beginning of a large file, and the message stays small", async () => {
    const line = (i: number) =>
      JSON.stringify({ prompt: `Dear Ms Hill, ${i} and ${"x ".repeat(500)}`, completion: "yes" });
    const told = await inspect("a.jsonl", Array.from({ length: 3000 }, (_, i) => line(i)).join("\n"));
    expect(told.personal!.characters).toBeGreaterThan(1_000_000 - 1);
    expect(told.personal!.characters).toBeLessThan(told.characters);
    expect(told.personal!.kinds[0]!.places).toBeLessThan(3000);
  });
});
