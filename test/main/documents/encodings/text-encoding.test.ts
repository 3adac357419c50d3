import iconv from "iconv-lite";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { otherEncoding, readTextFile, utf16Of } from "../../../../main/documents/encodings/text-encoding.ts";
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

const RUSSIAN = "Кто платит?;Арендатор\nКогда?;5 числа\n";

test.each(["utf-16le", "utf-16be"] as const)(
  "UTF-16 without a mark is recognised in Cyrillic (%s)",
  (encoding) => {
    const bytes = iconv.encode(RUSSIAN, encoding, { addBOM: false });
    expect(utf16Of(bytes)).toBe(encoding);
    expect(utf16Of(Buffer.from("Who pays?\u0000 The tenant does.\n"))).toBeNull();
  },
);

test.each([
  ["a short table", RUSSIAN, ["windows-1251", "koi8-r", "cp866", "iso-8859-5"]],
  [
    "names in English",
    "The contract between ООО Ромашка and Smith Ltd. is void. The tenant pays.",
    ["windows-1251"],
  ],
  ["Ukrainian", "Орендар зобов'язаний сплачувати орендну плату. Її розмір є незмінним.", ["windows-1251"]],
  ["Greek", "Άρθρο 5. Ο μισθωτής οφείλει να καταβάλλει το μίσθωμα.", ["windows-1253", "iso-8859-7"]],
  [
    "Polish",
    "Najemca płaci należną kwotę do końca miesiąca, a wynajmujący wydaje lokal.",
    ["windows-1250", "iso-8859-2"],
  ],
  ["German", "Die Kündigung kostet 5 €, für Bürgen 7 €.", ["windows-1252", "iso-8859-15"]],
] as const)("%s is read in its encoding", (_, written, encodings) => {
  for (const encoding of encodings)
    expect(otherEncoding(iconv.encode(written, encoding)) ?? "windows-1252").toBe(encoding);
});
