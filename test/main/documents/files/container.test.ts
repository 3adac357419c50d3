import type { BadDataReason } from "../../../../preload/contract/failures/bad-data.ts";
import { badDataText } from "../../../../preload/contract/words/bad-data.ts";
import { saying } from "../../../saying.ts";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import iconv from "iconv-lite";
import { describe, expect, test } from "vitest";
import { contentsOf, pathWithin } from "../../../../main/documents/files/container.ts";
import { inspectFile } from "../../../../main/documents/inspect.ts";
import { documentKey, recognisedFile } from "../../../../main/documents/pdf/recognised.ts";
import { recognisePage } from "../../../../main/documents/ocr/recognise-page.ts";
import { readDocumentBytes } from "../../../../main/documents/files/regular-file.ts";
import { scanIn } from "../../../../main/documents/ocr/scans.ts";
import { readDocument } from "../read.ts";
import { PersonalSurvey } from "../../../../main/documents/personal/survey.ts";
import { findSources } from "../../../../main/documents/files/split-sources.ts";
import { failureOf, jsonl, scratch } from "../scratch.ts";
import { pdfOf, Sheet } from "../pdf/typeset.ts";
import { docxBytes, zipBytes } from "./zip-bytes.ts";

/** A PNG of 16 × 16 pixels, of which only the header is looked at. */
const PIXEL = Buffer.concat([
  Buffer.from("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10", "latin1"),
  Buffer.alloc(20),
]);

const row = (text: string) => jsonl({ prompt: text, completion: " b" });

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
const u32 = (value: number) => Buffer.concat([u16(value & 0xffff), u16(value >>> 16)]);

const inCodePage = (name: string) => Buffer.from(iconv.encode(name, "cp850"));

/** A name without its folders and its archive. */
const nameIn = (path: string) => basename(path.split(" › ").pop()!);

/** The names of an archive's files that are read, and of those that are not, with the reasons. */
function contents(bytes: Buffer) {
  const path = scratch({ "a.zip": bytes })("a.zip");
  const { names, notRead } = contentsOf(path);
  return { names, notRead: notRead.map(({ path, why }) => [nameIn(path), why]) };
}

describe("An archive", () => {
  test("is read as the documents in it, in a stable order, each by its name", async () => {
    const path = scratch({
      "letters.zip": zipBytes([
        { name: "b/two.docx", content: docxBytes("Second.") },
        { name: "b/", content: "" },
        { name: "a.jsonl", content: row("first") },
        { name: "b/one.txt", content: "Third." },
      ]),
    })("letters.zip");
    const { train } = findSources({ data: [path] });
    expect(train).toEqual(["a.jsonl", "b/one.txt", "b/two.docx"].map((name) => pathWithin(path, name)));
    expect(train[2]!.replaceAll("\\", "/")).toMatch(/letters\.zip › b\/two\.docx$/);
    const texts = [];
    for (const document of train) texts.push((await inspectFile(document, "train", {})).preview[0]);
    expect(texts).toMatchObject([{ prompt: "first" }, { completion: "Third." }, { completion: "Second." }]);
  });

  test("has scanned pages and pictures that can be recognised, if the person asks for it", async () => {
    const pixels = { width: 8, height: 8, pixels: new Uint8Array(64).fill(200) };
    const scan = pdfOf([new Sheet().picture(0, 0, 612, 792, pixels)]);
    const parts = [
      { name: "a.txt", content: "A text." },
      { name: "scans/lease.pdf", content: scan },
      { name: "scans/letter.png", content: PIXEL },
      { name: "test/figure.png", content: PIXEL },
    ];
    const at = scratch({
      "post.zip": zipBytes(parts),
      "letter.png.gz": gzipSync(PIXEL),
      "recognised/.keep": "",
    });
    const path = at("post.zip");
    const named = (data: string, withPictures: boolean) => {
      const { train, test, leftOut } = findSources({ data: [data], withPictures });
      return [train, test, leftOut.map(({ path }) => path)].map((paths) => paths.map(nameIn));
    };
    expect(named(path, false)).toEqual([["a.txt", "lease.pdf"], [], ["letter.png", "figure.png"]]);
    expect(named(path, true)).toEqual([["a.txt", "lease.pdf", "letter.png"], ["figure.png"], []]);
    expect(named(at("letter.png.gz"), true)).toEqual([["letter.png"], [], []]);

    const letter = pathWithin(path, "scans/letter.png");
    const found = await scanIn(letter, at("recognised"));
    expect(found).toEqual({ path: letter, key: documentKey(PIXEL), pages: [1] });
    expect(await scanIn(pathWithin(path, "scans/lease.pdf"), at("recognised"))).toMatchObject({ pages: [1] });
    expect(await scanIn(pathWithin(path, "a.txt"), at("recognised"))).toBeUndefined();
    const words = [{ text: "Signed.", left: 72, right: 120, baseline: 700, size: 11, isBold: false }];
    const page = recognisedFile(at("recognised"), found!.key, 1);
    mkdirSync(dirname(page), { recursive: true });
    writeFileSync(page, JSON.stringify({ words, confidence: 1 }));
    utimesSync(dirname(page), 1, 1);
    expect(await scanIn(letter, at("recognised"))).toBeUndefined();
    expect(statSync(dirname(page)).mtimeMs).toBeGreaterThan(1000); // its text is kept for longer
    const { preview } = await inspectFile(letter, "train", { recognised: at("recognised") });
    expect(preview).toMatchObject([{ completion: "Signed." }]);
  });

  test("with a picture that would not fit in memory, or that was packed too well, says so", async () => {
    const huge = Buffer.from(PIXEL);
    huge.writeUInt32BE(0xffffffff, 16);
    const path = scratch({
      "a.zip": zipBytes([
        { name: "huge.png", content: huge },
        { name: "swells.png", content: Buffer.concat([PIXEL, Buffer.alloc(2 ** 21)]) },
        { name: "locked.png", content: PIXEL, encrypted: true },
      ]),
    })("a.zip");
    const { names, notRead } = contentsOf(path);
    expect(names).toEqual(["huge.png"]);
    expect(notRead.map(({ why }) => why)).toEqual(["too-large", "encrypted"]);
    const { problem } = await recognisePage(readDocumentBytes(pathWithin(path, "huge.png")), 1);
    expect(problem).toMatchObject({ code: "picture-too-large" });
  });

  test("has splits by the names of its files and folders, as a folder has", () => {
    const names = ["train/b.jsonl", "train/a.jsonl", "test/c.jsonl", "valid.jsonl", "notes.md"];
    const files = Object.fromEntries(names.map((name) => [name, row(name)]));
    const folder = scratch(files)();
    const archive = scratch({ "a.zip": zipBytes(names.map((name) => ({ name, content: row(name) }))) })(
      "a.zip",
    );
    for (const data of [folder, archive]) {
      const { train, valid, test: tests, leftOut } = findSources({ data: [data] });
      const found = [train, valid, tests, leftOut.map(({ path }) => path)];
      expect(found.map((paths) => paths.map(nameIn))).toEqual([
        ["a.jsonl", "b.jsonl"],
        ["valid.jsonl"],
        ["c.jsonl"],
        ["notes.md"],
      ]);
    }
  });

  test("in a folder stands for its documents; a packed file for itself", async () => {
    const at = scratch({
      "a.zip": zipBytes([{ name: "x.txt", content: "One." }]),
      "b.txt": "Two.",
      "c.jsonl.gz": gzipSync(row("three")),
    });
    const { train } = findSources({ data: [at()] });
    expect(train.map((path) => path.slice(at().length + 1))).toEqual([
      "a.zip › x.txt",
      "b.txt",
      "c.jsonl.gz › c.jsonl",
    ]);
    expect((await readDocument(train[2]!)).rows).toMatchObject([{ example: { prompt: "three" } }]);
  });

  test("that is a test set is one as a whole, or its test files", () => {
    const at = scratch({ "a.zip": zipBytes([{ name: "q.jsonl", content: row("q") }]) });
    expect(findSources({ data: [], test: [at("a.zip")] }).test).toEqual([pathWithin(at("a.zip"), "q.jsonl")]);
  });

  test("does not lead out of itself, hide or swell: what is left out is said", () => {
    const link = zipBytes([{ name: "link.txt", content: "/etc/passwd" }]);
    link.writeUInt16LE(0xa1ff, link.indexOf("PK\x01\x02") + 40);
    expect(contents(link)).toEqual({ names: [], notRead: [["link.txt", "link"]] });
    expect(
      contents(
        zipBytes([
          { name: "../escaped.txt", content: "x" },
          { name: "/absolute.txt", content: "x" },
          { name: "C:\\windows.txt", content: "x" },
          { name: "a/../../b.txt", content: "x" },
          { name: `${"deep/".repeat(20)}c.txt`, content: "x" },
          { name: "secret.txt", content: "x", encrypted: true },
          { name: "twice.txt", content: "x" },
          { name: "twice.txt", content: "y" },
          { name: "bomb.txt", content: Buffer.alloc(4e6) },
          { name: "program.exe", content: "x" },
          { name: "__MACOSX/._a.txt", content: "x" },
          { name: "letters/~$a.docx", content: "x" },
        ]),
      ),
    ).toEqual({
      names: ["twice.txt"],
      notRead: [
        ["escaped.txt", "outside"],
        ["absolute.txt", "outside"],
        ["windows.txt", "outside"],
        ["b.txt", "outside"],
        ["c.txt", "too-deep"],
        ["secret.txt", "encrypted"],
        ["twice.txt", "duplicate"],
        ["bomb.txt", "too-large"],
        ["program.exe", "other-file"],
        ["._a.txt", "other-file"],
        ["~$a.docx", "other-file"],
      ],
    });
  });

  test("that Windows PowerShell made has folders", () => {
    const names = [
      "lease.txt",
      "test\\a.jsonl",
      "letters\\2024\\b.txt",
      "..\\escaped.txt",
      "\\\\server\\c.txt",
    ];
    const made = (system: number) => zipBytes(names.map((name) => ({ name, content: row(name), system })));
    const at = scratch({ "windows.zip": made(0), "unix.zip": made(3) });
    const { train, test: held, leftOut } = findSources({ data: [at("windows.zip")] });
    const within = (name: string) => pathWithin(at("windows.zip"), name);
    expect(train).toEqual([within("lease.txt"), within("letters/2024/b.txt")]);
    expect(held).toEqual([within("test/a.jsonl")]);
    expect(leftOut.map(({ why }) => why)).toEqual(["outside", "outside"]);
    expect(findSources({ data: [at("unix.zip")] }).train).toEqual([pathWithin(at("unix.zip"), "lease.txt")]);
  });

  test("that has only documents with a password is refused for that", async () => {
    const locked = zipBytes([{ name: "secret.txt", content: "x", encrypted: true }]);
    const data = [scratch({ "a.zip": locked })("a.zip")];
    expect(await failureOf(() => Promise.resolve(findSources({ data })))).toMatchObject({
      reason: "encrypted-documents",
    });
  });

  test("has pages without the folders that are saved beside them", () => {
    const names = ["web/Offer.html", "web/Offer_files/ad.html", "web/Offer_files/x.js"];
    const path = scratch({ "a.zip": zipBytes(names.map((name) => ({ name, content: "x" }))) })("a.zip");
    const { train, leftOut } = findSources({ data: [path] });
    expect(train).toEqual([pathWithin(path, "web/Offer.html")]);
    expect(leftOut).toEqual([{ path: pathWithin(path, "web/Offer_files"), why: "saved-page" }]);
  });

  test("may have names that are too long for files beside its own", async () => {
    const name = `${"x".repeat(246)}.txt`;
    const path = scratch({ "a.zip": zipBytes([{ name, content: "Text." }]) })("a.zip");
    expect((await readDocument(findSources({ data: [path] }).train[0]!)).count).toBe(1);
  });

  test("that is packed alone in another one has its own name, by which its split is known", () => {
    const gz = { name: "test.jsonl.gz", content: gzipSync(row("packed")) };
    const path = scratch({ "all.zip": zipBytes([gz]) })("all.zip");
    const { test: tests } = findSources({ data: [path] });
    expect(tests).toEqual([pathWithin(pathWithin(path, "test.jsonl.gz"), "test.jsonl")]);
  });

  test("is read in another one as if it were unpacked there, three within each other at most", async () => {
    const within = (name: string, content: string | Buffer) => zipBytes([{ name, content }]);
    const deep = within("d/four.zip", within("e.txt", "Fifth."));
    const parts = [
      { name: "b.zip", content: zipBytes([{ name: "test.txt", content: "Test." }, { name: "x.txt", content: "Second." }]) }, // prettier-ignore
      { name: "a.txt", content: "First." },
      { name: "old/c.zip", content: within("c.zip", within("three.jsonl.gz", gzipSync(row("third")))) },
      { name: "old/d.zip", content: within("three.zip", deep) },
      { name: "letter.zip", content: docxBytes("A letter.") },
      { name: "cut.zip", content: within("a.txt", "x").subarray(9) },
    ];
    const path = scratch({ "all.zip": zipBytes(parts) })("all.zip");
    const shown = (paths: readonly string[]) =>
      paths.map((one) => one.slice(path.length + 3).replaceAll("\\", "/"));
    const { train, test: tests, leftOut } = findSources({ data: [path] });
    const gz = "old/c.zip › c.zip › three.jsonl.gz";
    expect(shown(tests)).toEqual(["b.zip › test.txt"]);
    expect(leftOut.map((one) => [shown([one.path])[0], one.why])).toEqual([
      ["cut.zip", "unreadable"],
      ["letter.zip", "other-file"],
      [gz, "archive"],
      ["old/d.zip › three.zip › d/four.zip", "archive"],
    ]);
    expect(shown(train)).toEqual(["a.txt", "b.zip › x.txt"]);
    expect((await readDocument(train[1]!)).rows).toMatchObject([{ blocks: [{ text: "Second." }] }]);
    expect((await readDocument(pathWithin(path, `${gz} › three.jsonl`))).rows).toMatchObject([
      { example: { prompt: "third" } },
    ]);
  });

  test("of a Russian Windows has names in code page 866", () => {
    const name = "Договоры/Аренда.txt";
    const bytes = zipBytes([{ name, nameBytes: Buffer.from(iconv.encode(name, "cp866")), content: "a" }]);
    expect(contents(bytes).names).toEqual([name]);
  });

  test("of Windows has names in code page 850, which are read and masked", () => {
    const names = ["Anlage Ä.txt", "Anlage Ö.txt", "Anlage Ü.txt", "Befund Jürgen Müller.txt"];
    const bytes = zipBytes(names.map((name) => ({ name, nameBytes: inCodePage(name), content: name })));
    expect(contents(bytes)).toEqual({ names, notRead: [] });
    expect(contents(zipBytes(names.map((name) => ({ name, content: name }))))).toEqual({
      names,
      notRead: [],
    });
    const path = scratch({ "a.zip": bytes })("a.zip");
    const kinds = findSources({ data: [path] }).train.map((document) => {
      const survey = new PersonalSurvey(document);
      survey.take({ line: 1, kind: "text", document, isRecord: false, blocks: [] });
      return survey.result.personal?.kinds.map(({ kind }) => kind);
    });
    expect(kinds).toEqual([undefined, undefined, undefined, ["name"]]);
    expect(readDocumentBytes(pathWithin(path, names[1]!)).toString()).toBe(names[1]);
  });

  test("may have names in a field for Unicode, which is taken if it belongs to the name and is whole", () => {
    const plain = inCodePage("Grüße.txt");
    const checksum = 0xb3bf638b;
    const field = (id: number, version: number, crc: number, name: Uint8Array) =>
      Buffer.concat([u16(id), u16(5 + name.length), Buffer.from([version]), u32(crc), name]);
    const better = Buffer.from("Grüße 你好.txt");
    const right = field(0x7075, 1, checksum, better);
    const named = (extra: Buffer) =>
      contents(zipBytes([{ name: "", nameBytes: plain, content: "x", extra }])).names[0];
    expect(named(right)).toBe("Grüße 你好.txt");
    expect(named(Buffer.concat([u16(0x5455), u16(1), Buffer.from([0]), right]))).toBe("Grüße 你好.txt");
    const others = [
      field(0x7075, 1, checksum ^ 1, better),
      field(0x7075, 2, checksum, better),
      field(0x7075, 1, checksum, Buffer.from([0xff, 0xfe])),
      field(0x7075, 1, checksum, Buffer.alloc(0)),
      right.subarray(0, right.length - 1),
      right.subarray(0, 6),
      right.subarray(0, 3),
      Buffer.concat([u16(0x5455), u16(0xffff), right]),
      Buffer.alloc(0xffff),
    ];
    for (const extra of others) expect(named(extra)).toBe("Grüße.txt");
    const led = field(0x7075, 1, checksum, Buffer.from("../a.txt"));
    expect(contents(zipBytes([{ name: "", nameBytes: plain, content: "x", extra: led }]))).toEqual({
      names: [],
      notRead: [["a.txt", "outside"]],
    });
  });

  test("gives the first of two documents of one name: the other is left out", async () => {
    const twice = ["first", "second"].map((text) => ({ name: "twice.jsonl", content: row(text) }));
    const path = scratch({ "a.zip": zipBytes(twice) })("a.zip");
    const { rows } = await readDocument(pathWithin(path, "twice.jsonl"));
    expect(rows).toMatchObject([{ example: { prompt: "first" } }]);
  });

  test("writes nothing, wherever its names lead", async () => {
    const at = scratch({
      "a.zip": zipBytes([
        { name: "../escaped.txt", content: "x" },
        { name: "b.txt", content: "Some text." },
      ]),
    });
    const before = readdirSync(tmpdir()).length;
    expect((await readDocument(pathWithin(at("a.zip"), "b.txt"))).rows).toHaveLength(1);
    expect(readdirSync(at())).toEqual(["a.zip"]);
    expect(readdirSync(tmpdir()).length).toBeLessThanOrEqual(before + 5); // of other tests
    expect(existsSync(join(at(), "..", "escaped.txt"))).toBe(false);
    expect(await failureOf(() => readDocument(pathWithin(at("a.zip"), "../escaped.txt")))).toMatchObject({
      code: "bad-data",
      reason: saying("outside"),
    });
  });

  test("that lies about sizes, is damaged or packed twice is refused with a sentence", async () => {
    const lying = zipBytes([{ name: "a.txt", content: Buffer.alloc(300e6, 0x61) }]);
    lying.writeUInt32LE(1, lying.indexOf("PK\x01\x02") + 24);
    const at = scratch({
      "a.zip": lying,
      "b.zip": "PK\x03\x04 and nothing else",
      "c.txt.gz": gzipSync("text").subarray(0, 12),
    });
    const reason = async (act: () => unknown) =>
      badDataText(((await failureOf(act)) as { reason: BadDataReason }).reason);
    expect(await reason(() => readDocument(pathWithin(at("a.zip"), "a.txt")))).toMatch(
      /unpacks to more than 256 MiB/,
    );
    expect(await reason(() => findSources({ data: [at("b.zip")] }))).toMatch(/truncated/);
    expect(await reason(() => readDocument(pathWithin(at("c.txt.gz"), "c.txt")))).toMatch(/damaged/);
  });

  test("with a file that differs from its checksum, or files that share bytes, is refused", async () => {
    const damaged = zipBytes([{ name: "a.txt", content: row("a") }]);
    damaged.writeUInt32LE(1, damaged.indexOf("PK\x01\x02") + 16);
    const files = ["a.jsonl", "b.jsonl"].map((name) => ({ name, content: row(name) }));
    const overlapping = zipBytes(files);
    overlapping.writeUInt32LE(0, overlapping.lastIndexOf("PK\x01\x02") + 42);
    const at = scratch({ "a.zip": damaged, "b.zip": overlapping });
    expect(await failureOf(() => readDocument(pathWithin(at("a.zip"), "a.txt")))).toMatchObject({
      reason: "damaged",
    });
    expect(await failureOf(() => contentsOf(at("b.zip")))).toMatchObject({
      reason: "damaged",
    });
  });
});

test("A linked folder is not followed, and folders are read to a depth of 16", () => {
  const at = scratch({ "a/b.txt": "x", [`${"d/".repeat(17)}deep.txt`]: "x" });
  if (process.platform !== "win32") symlinkSync(at(), at("a/again"));
  writeFileSync(at("c.txt"), "x");
  const { train, leftOut } = findSources({ data: [at()] });
  expect(train.map((path) => basename(path))).toEqual(["c.txt", "b.txt"]);
  expect(leftOut.map(({ why }) => why)).toEqual(
    process.platform === "win32" ? ["too-deep"] : ["link", "too-deep"],
  );
});
