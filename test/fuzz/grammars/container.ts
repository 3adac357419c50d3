/** Archives of documents, packed documents, and mailboxes. */
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import type { Random } from "../../../native-models/random.ts";
import { contentsOf, isContainer, pathWithin } from "../../../main/engine/documents/files/container.ts";
import { docxBytes, zipBytes } from "../../main/engine/documents/files/zip-bytes.ts";
import { chance, pick, several, textOf } from "../draw.ts";
import type { FuzzedParser } from "../parser.ts";
import { damaged, raw, u16, u32, u8 } from "../pieces.ts";
import { archiveOf } from "../zip-pieces.ts";
import type { ArchivedFile } from "../zip-pieces.ts";
import { lookedAt } from "./document.ts";

const NAME = "data.zip";
const PACKED = "data.jsonl.gz";
const MAILBOX = "data.mbox";
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

export const mbox: FuzzedParser = {
  name: "mbox",
  shortCount: 150,
  make: (random, isChanged) => {
    const messages = several(random, 1, 5, () => messageIn(random, isChanged)).join("");
    const bytes = Buffer.from(messages, pick(random, ["utf8", "latin1"]));
    return { [MAILBOX]: isChanged && chance(random, 60) ? damaged(bytes, random) : bytes };
  },
  parse: (folder) => lookedAtAll(join(folder, MAILBOX)),
};

const POSTMARK = "From - Fri Mar  1 10:15:00 2024";
const POSTMARKS = [POSTMARK, "From a@example.org", "From ", "From a 10:15 2024", ">From a", "From", "\ufeffFrom - 1:00 2000"]; // prettier-ignore
const HEADERS = ["X-Gmail-Labels: Spam", "X-Gmail-Labels: =?x?q?=", "X-Mozilla-Status: 0008", "X-Mozilla-Status: g", "X-Status: D", " folded", "no header", "", "Subject:", "Subject: =?utf-8?B?/w==?= =?utf-8?q?=?="]; // prettier-ignore

function messageIn(random: Random, odd: boolean): string {
  const end = pick(random, ["\n", "\r\n"]);
  const text = odd ? textOf(random) : "Some text.";
  const lines = odd
    ? [
        chance(random, 70) ? POSTMARK : pick(random, POSTMARKS),
        ...several(random, 0, 3, () => pick(random, HEADERS)),
        ...(chance(random, 80) ? [`Subject: ${textOf(random)}`] : []),
        ...(chance(random, 80) ? [""] : []),
        ...several(random, 0, 3, () => (chance(random, 50) ? `>${pick(random, POSTMARKS)}` : text)),
      ]
    : [POSTMARK, "Subject: Some words", "", text];
  return [...lines, ...(odd && chance(random, 30) ? [""] : ["", ""])].join(end);
}

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
