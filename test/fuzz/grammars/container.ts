/** Archives of documents, and packed documents. */
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { Random } from "../../../native-models/random.ts";
import { contentsOf, isContainer, pathWithin } from "../../../main/documents/files/container.ts";
import { docxBytes, zipBytes } from "../../main/documents/files/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged, raw, u16, u32, u8 } from "../pieces.ts";
import { archiveOf } from "../zip-pieces.ts";
import type { ArchivedFile } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const NAME = "data.zip";
const PACKED = "data.jsonl.gz";
const LINE = JSON.stringify({ prompt: "a", completion: "b" });
const ODD_NAMES = ["", "/", "../a.txt", "/a.txt", "C:\\a.txt", "a\\..\\b.txt", "a\0.txt", "a/".repeat(40) + "a.txt", ".a.txt", "__MACOSX/a.txt", "a.zip", "a › b.zip", "b.gz", "CON.txt", "a.txt"]; // prettier-ignore

export const zip: FuzzedParser = {
  name: "zip",
  shortCount: 150,
  make: (random, isChanged) => {
    const files = several(random, 1, 5, (index) => document(random, index, isChanged));
    return { [NAME]: archiveOf(random, files, isChanged) };
  },
  parse: (folder) => lookedAtAll(join(folder, NAME)),
};

export const gzip: FuzzedParser = {
  name: "gzip",
  shortCount: 150,
  make: (random, isChanged) => {
    const packed = gzipSync(several(random, 1, 5, () => `${LINE}\n`).join(""));
    return { [PACKED]: isChanged ? damaged(packed, random) : packed };
  },
  parse: (folder) => lookedAtAll(join(folder, PACKED)),
};

/** Looks at each document in an archive and in those in it. Throws the failure of the first that cannot be used. */
async function lookedAtAll(path: string): Promise<void> {
  const { names, archives } = contentsOf(path);
  for (const name of names) await lookedAt(pathWithin(path, name));
  for (const name of archives.keys())
    if (isContainer(pathWithin(path, name))) await lookedAtAll(pathWithin(path, name));
}

function document(random: Random, index: number, odd: boolean): ArchivedFile {
  const text = odd ? textOf(random) : "Some text.";
  const [extension, content] = pick<readonly [string, () => Buffer | string]>(random, [
    ["txt", () => text.trim() || "x"],
    ["jsonl", () => LINE],
    ["csv", () => "question,answer\na?,b\n"],
    ["docx", () => docxBytes("Some text.")],
    ["zip", () => archiveWithin(random, text, odd)],
    ["txt.gz", () => gzipSync(text.trim() || "x")],
  ]);
  const name = odd && chance(random, 25) ? pick(random, ODD_NAMES) : `part ${index}/${index}.${extension}`;
  return { ...named(random, name), content: Buffer.from(content()) };
}

function archiveWithin(random: Random, text: string, odd: boolean): Buffer {
  const name = odd ? pick(random, ODD_NAMES) : "a.txt";
  const bytes = zipBytes([{ name, content: text.trim() || "x" }]);
  return odd && chance(random, 50) ? damaged(bytes, random) : bytes;
}

/** In UTF-8, in a code page, or in a code page with Info-ZIP's field of the name in UTF-8. */
function named(random: Random, name: string): Pick<ArchivedFile, "name" | "extra"> {
  if (chance(random, 50)) return { name };
  const inCodePage = iconv.encode(`ü${name}`, "cp850");
  if (chance(random, 50)) return { name: inCodePage };
  const better = Buffer.from(`ü${name}`);
  const extra = [u16(0x7075), u16(5 + better.length), u8(1), u32(crc32(inCodePage)), raw(better)];
  return { name: inCodePage, extra };
}
