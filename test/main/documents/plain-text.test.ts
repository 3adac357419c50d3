import { expect, test } from "vitest";
import { read, readDocument } from "./read.ts";
import { failureOf, scratch } from "./scratch.ts";

test("Markdown and plain text become examples without a prompt", async () => {
  const [passage, ...others] = (await read("a.md", "# Title\r\n\r\nSome *text*.\r\n")).rows;
  expect(passage).toEqual({
    line: 1,
    kind: "example",
    origin: { document: expect.stringMatching(/a\.md$/), place: 1 },
    passage: { document: expect.stringMatching(/a\.md$/), beginsSection: true },
    example: { prompt: "", completion: "# Title\n\nSome text." },
  });
  expect(others).toEqual([]);
  expect((await read("b.TXT", "plain")).rows).toMatchObject([{ example: { completion: "plain" } }]);
});

test("A text of blank lines is refused as empty", async () => {
  const path = scratch({ "a.txt": "\n  \n\n" })("a.txt");
  expect(await failureOf(() => readDocument(path))).toMatchObject({
    code: "bad-data",
    reason: "empty",
  });
});

test("A file of another format is refused with the supported formats", async () => {
  const path = scratch({ "a.xyz": "x" })("a.xyz");
  const failure = await failureOf(() => readDocument(path));
  expect(failure).toMatchObject({ code: "unsupported-format", path });
  expect((failure as { supported: string[] }).supported).toEqual(
    expect.arrayContaining([".jsonl", ".json", ".csv", ".txt", ".md", ".pdf", ".docx"]),
  );
});
