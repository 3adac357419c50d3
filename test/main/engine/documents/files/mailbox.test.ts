import { noteText } from "../../../../../preload/contract/words/notes.ts";
import { appendFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { contentsOf, pathWithin } from "../../../../../main/engine/documents/files/container.ts";
import { messagesIn } from "../../../../../main/engine/documents/files/mailbox.ts";
import { readDataset } from "../../../../../main/engine/documents/dataset.ts";
import { readDocumentBytes } from "../../../../../main/engine/documents/files/regular-file.ts";
import { findSources, mayLackText } from "../../../../../main/engine/documents/files/split-sources.ts";
import { readTestSet } from "../../../../../main/engine/documents/test-set.ts";
import { inMemory } from "../../../../../main/engine/documents/files/zip.ts";
import { blocksOf } from "../read.ts";
import { DocumentChoices } from "../../../../../preload/contract/data/data.ts";
import { failureOf, scratch } from "../scratch.ts";
import { zipBytes } from "./zip-bytes.ts";

const FROM = "From - Fri Mar  1 10:15:00 2024";

/** A message, in its mailbox below a line "From ". */
const message = (subject: string, body: string, ...headers: string[]) =>
  [FROM, ...headers, `Subject: ${subject}`, "", body, "", ""].join("\n");

const nameIn = (path: string) => basename(path.split(" › ").pop()!);

/** The messages of a mailbox by their names, each with its content without headers. */
function contents(mailbox: string | Buffer): [name: string, body: string][] {
  const path = scratch({ "a.mbox": mailbox })("a.mbox");
  return contentsOf(path).names.map((name) => {
    const text = readDocumentBytes(pathWithin(path, name)).toString();
    return [name, text.slice(text.search(/\r?\n\r?\n/)).trim()];
  });
}

describe("A mailbox", () => {
  test("is read as its messages, in their order, each by its number and subject", async () => {
    const subjects = ["Zebra", "=?utf-8?Q?Miete_f=C3=BCr?=\r\n =?utf-8?B?IE3DpHJ6?=", "../a/b › c: \u202ed?", "", "租".repeat(300)]; // prettier-ignore
    const mailbox = [...subjects, ...Array<string>(7).fill("Re")]
      .map((one) => message(one, "Text."))
      .join("");
    const path = scratch({ "mail.mbox": mailbox })("mail.mbox");
    const { train, leftOut } = findSources({ data: [path] });
    expect(train.map(nameIn).slice(0, 6)).toEqual([
      "01 Zebra.eml",
      "02 Miete für März.eml",
      "03 .. a b c d.eml",
      "04.eml",
      `05 ${"租".repeat(80)}.eml`,
      "06 Re.eml",
    ]);
    expect([train.length, leftOut]).toEqual([12, []]);
    expect((await blocksOf(train[4]!)).at(-1)!.text).toBe("Text.");
    expect((await blocksOf(train[1]!)).map(({ text }) => text)).toEqual(["Miete für März", "Text."]);
  });

  test("may have line ends of Windows, and messages without a blank line above", () => {
    const windows = (message("a", "One.") + message("b", "Two.")).replaceAll("\n", "\r\n");
    expect(contents(windows)).toEqual([
      ["1 a.eml", "One."],
      ["2 b.eml", "Two."],
    ]);
    const dense = `${FROM}\nSubject: a\n\nOne.\n${FROM}\nSubject: b\n\nTwo.\n`;
    expect(contents(`\ufeff\n${dense}`).map(([, body]) => body)).toEqual(["One.", "Two."]);
    const undated = `From \nSubject: a\n\nOne.\n\nFrom anna@example.org\nSubject: b\n\nTwo.\n`;
    expect(contents(undated).map(([, body]) => body)).toEqual(["One.", "Two."]);
    const empty = `${FROM}\nSubject: a\n${FROM}\nSubject: b\n\nTwo.`;
    expect(contents(empty).map(([name]) => name)).toEqual(["1 a.eml", "2 b.eml"]);
  });

  test("has lines that begin with From as they were sent, whether they are marked or not", () => {
    const quoted = message("a", ">From the start\n>>From a reply\n> >From here\nx >From there\n>Fromage");
    expect(contents(quoted)[0]![1]).toBe(
      "From the start\n>From a reply\n> >From here\nx >From there\n>Fromage",
    );
    const bare = ["From Monday on we are closed.", "From 10:15 on, 2024 is over.", "", "From anna", "", "Note: no header"]; // prettier-ignore
    expect(contents(message("a", bare.join("\n")))).toEqual([["1 a.eml", bare.join("\n")]]);
    const twice = `${FROM}\n>From x Fri Mar  1 10:15:00 2024 remote from y\nSubject: a\n\nText.`;
    expect(contents(twice)).toEqual([["1 a.eml", "Text."]]);
  });

  test("leaves out spam, trash and what was deleted, counted, in the language of the account", () => {
    const mailbox = [
      message("a", "Text.", "X-Gmail-Labels: =?UTF-8?Q?Posteingang,Ge=C3=B6ffnet?="),
      message("b", "Text.", "X-Gmail-Labels: Important,\r\n Spam"),
      message("c", "Text.", "X-Gmail-Labels: =?UTF-8?Q?Papierkorb,Ge=C3=B6ffnet?="),
      message("d", "Text.", "X-Gmail-Labels: Trash"),
      message("e", "Text.", "X-Gmail-Labels: About Spam,Binder"),
      message("f", "Text.", "X-Mozilla-Status: 0009"),
      message("g", "Text.", "X-Mozilla-Status: 0001", "X-Status: AF"),
      message("h", "Text.\nX-Gmail-Labels: Spam", "X-Status: D"),
      message("i", "X-Gmail-Labels: Spam"),
    ];
    const path = scratch({ "a.mbox": mailbox.join("") })("a.mbox");
    const { train, leftOut } = findSources({ data: [path] });
    expect(train.map(nameIn)).toEqual(["1 a.eml", "5 e.eml", "7 g.eml", "9 i.eml"]);
    expect(leftOut).toEqual([
      { path, why: "spam", messages: 1 },
      { path, why: "trash", messages: 2 },
      { path, why: "deleted", messages: 2 },
    ]);
  });

  test("is read to its end, where its last message may be cut off", async () => {
    const part = "Content-Type: text/plain\n\nThe rent rises in March.";
    const cut = message("b", `--x\n${part}`, 'Content-Type: multipart/mixed; boundary="x"').trimEnd();
    const path = scratch({ "a.mbox": message("a", "One.") + cut })("a.mbox");
    const { train } = findSources({ data: [path] });
    expect((await blocksOf(train[1]!)).at(-1)!.text).toBe("The rent rises in March.");
  });

  test("of any size is searched in pieces, and a message may begin at any place in one", () => {
    const bodies = ["\n", "\r\n"].flatMap((end) =>
      Array.from({ length: 12 }, (_, i) => {
        const begins = `${message("a", "")}${"x".repeat(4 * 2 ** 20)}`.replaceAll("\n", end);
        return `${begins.slice(0, 4 * 2 ** 20 + i - 8)}${end}${end}${message("b", "End.")}`;
      }),
    );
    for (const body of bodies) expect(messagesIn(inMemory(Buffer.from(body)))).toHaveLength(2);
  });

  test("is refused if it only looks like one, or has too many messages; an empty one has none", async () => {
    const reasonOf = async (content: string | Buffer) => {
      const data = [scratch({ "a.mbox": content })("a.mbox")];
      const failure = await failureOf(() => Promise.resolve(findSources({ data })));
      return failure.code === "bad-data" ? failure.reason : failure.code;
    };
    const noMailbox = "the file does not begin as a mailbox does (From sender date)";
    expect(await reasonOf("Dear Anna,\n\nFrom - Fri Mar  1 10:15:00 2024\nSubject: a\n\nText.")).toBe(
      noMailbox,
    );
    expect(await reasonOf("From me to you\n\nText of a letter, which is long enough to be more than blank.")).toBe(noMailbox); // prettier-ignore
    expect(await reasonOf(zipBytes([{ name: "a.txt", content: "x".repeat(99) }]))).toBe(noMailbox);
    expect(await reasonOf(`${FROM}\nA:\n`.repeat(50_001))).toMatch(/more than 50000 messages/);
    expect(await reasonOf("")).toMatch(/no documents/);
    const at = scratch({ "Drafts.mbox": "", "Inbox.mbox": message("a", "Text.") });
    expect(findSources({ data: [at()] }).train.map(nameIn)).toEqual(["1 a.eml"]);
  });

  test("may be packed, in an archive, exported by Apple Mail or stored by Thunderbird", () => {
    const one = message("a", "Text.");
    const at = scratch({
      "a.mbox.gz": gzipSync(one),
      "b.zip": zipBytes([{ name: "Takeout/Mail/All mail.mbox", content: one }]),
      "Inbox.mbox/mbox": one,
      "Inbox.mbox/table_of_contents": "x",
      "profile/Inbox": one,
      "profile/Inbox.msf": "x",
      "profile/letter.txt": "From Anna",
    });
    const from = (name: string) => findSources({ data: [at(name)] }).train.map(nameIn);
    for (const name of [
      "a.mbox.gz",
      "b.zip",
      "Inbox.mbox",
      join("Inbox.mbox", "mbox"),
      join("profile", "Inbox"),
    ])
      expect(from(name), name).toEqual(["1 a.eml"]);
    expect(from("profile")).toEqual(["letter.txt"]); // only a person who names the file knows what it is
    expect(from(join("profile", "letter.txt"))).toEqual(["letter.txt"]);
  });

  test("is of the split that its own name or folder says, not the subjects of its messages", () => {
    const one = message("Test results", "Text.");
    const at = scratch({ "a/train.mbox": one, "a/test.mbox": one, "a/valid/Inbox.mbox": one });
    const { train, valid, test: tests } = findSources({ data: [at("a")] });
    expect([train, valid, tests].map((paths) => paths.map((path) => path.slice(at("a").length + 1)))).toEqual(
      ["train.mbox", join("valid", "Inbox.mbox"), "test.mbox"].map((name) => [
        `${name} › 1 Test results.eml`,
      ]),
    );
    expect(findSources({ data: [at("a/test.mbox")] }).train).toHaveLength(1);
    expect(findSources({ data: [], test: [at("a/test.mbox")] }).test).toHaveLength(1);
  });

  test("can be read without some of its messages, and again after it has grown", () => {
    const path = scratch({ "a.mbox": message("a", "One.") + message("b", "Two.") })("a.mbox");
    const excluded = [pathWithin(path, "1 a.eml")];
    const { train, leftOut } = findSources({ data: [path], excluded });
    expect(train.map(nameIn)).toEqual(["2 b.eml"]);
    expect(leftOut).toEqual([{ path: excluded[0], why: "excluded" }]);
    appendFileSync(path, message("c", "Three."));
    expect(findSources({ data: [path] }).train).toHaveLength(3);
  });

  test("makes data of which threads are in one split, quotes stand once and messages without text are left out", async () => {
    const topic = (i: number) => `Clause ${i} of the lease number ${i * 37} says what matter ${i * 91} costs in year ${1900 + i}.`; // prettier-ignore
    const mailbox = Array.from({ length: 20 }, (_, i) => [
      message(`Lease ${i}`, topic(i)),
      message(`Re: Lease ${i}`, `I agree with number ${i * 13} of these.\n\nOn 1 March Anna wrote:\n${topic(i).replace(/^/gm, "> ")}`),
    ]).flat(); // prettier-ignore
    const at = scratch({
      "a.mbox": [...mailbox, message("Herr Jürgen Müller", ""), message("photo", "", "X-Status: D")].join(""),
    });
    const out = at("out");
    const { splits, notes, replies } = await readDataset({ data: [at("a.mbox")], out, seed: 1 });
    expect([splits.train, splits.valid, splits.test].every((split) => split && split.examples > 0)).toBe(
      true,
    );
    expect(replies).toBe(20);
    expect(notes.map(noteText)).toContain(
      "Not read: 1 message of a.mbox (deleted, but still in the file), a.mbox › 41 Herr Jürgen Müller.eml (no text was found in it).",
    );
    expect(mayLackText(pathWithin(at("a.mbox"), "41 Herr Jürgen Müller.eml"), { data: [at("a.mbox")] })).toBe(
      true,
    );
    const masked = await readDataset({
      data: [at("a.mbox")],
      out,
      seed: 1,
      documents: DocumentChoices.parse({ masks: ["name"] }),
    });
    expect(noteText(masked.notes.at(-1)!)).toMatch(/a\.mbox › 41 Herr \[NAME \d+\]\.eml/);
    writeFileSync(at("t.mbox"), message("q", "A text.") + message("nothing", ""));
    expect((await readTestSet([at("t.mbox")])).split.examples).toHaveLength(1);
  });
});
