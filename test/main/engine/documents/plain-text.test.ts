import { expect, test } from "vitest";
import { readDocument } from "../../../../main/engine/documents/read-document.ts";
import { failureOf, scratch } from "./scratch.ts";

test("Markdown and plain text become examples without a prompt, and Markdown's syntax is kept", async () => {
  const at = scratch({ "a.md": "# Title\r\n\r\nSome *text*.\r\n", "b.TXT": "plain" });
  expect((await readDocument(at("a.md"))).rows).toEqual([
    { line: 1, kind: "example", example: { prompt: "", completion: "# Title\n\nSome *text*." } },
  ]);
  expect((await readDocument(at("b.TXT"))).rows).toMatchObject([{ example: { completion: "plain" } }]);
});

test("A text of blank lines is refused as empty", async () => {
  const path = scratch({ "a.txt": "\n  \n\n" })("a.txt");
  expect(await failureOf(() => readDocument(path))).toMatchObject({
    code: "bad-data",
    reason: "the file is empty",
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
