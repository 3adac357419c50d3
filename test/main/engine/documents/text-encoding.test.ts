import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTextFile } from "../../../../main/engine/documents/text-encoding.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const text = '{"id": 1, "prompt": "Was gilt für § 5?"}\r\n';

test.each([
  ["in UTF-8", Buffer.from(text)],
  ["in UTF-8 with a byte order mark", Buffer.from(`\ufeff${text}`)],
  ["in UTF-16, as Windows PowerShell redirects output", Buffer.from(`\ufeff${text}`, "utf16le")],
  ["in Windows-1252, as its Set-Content writes", Buffer.from(text, "latin1")],
])("a file that a person names has its text %s", (_, bytes) => {
  const path = join(temporaryFolder(), "prompts.jsonl");
  writeFileSync(path, bytes);
  expect(readTextFile(path)).toBe(text);
});
