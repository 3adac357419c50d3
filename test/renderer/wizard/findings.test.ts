/** What the data step says of splits that are small or that no file was given for. */
import { expect, test } from "vitest";
import type { DatasetReport, SplitReport } from "../../../preload/contract/data/data.ts";
import type { InspectedFile, ReadSheet } from "../../../preload/contract/data/inspection.ts";
import { findingsOf } from "../../../renderer/wizard/data/findings.ts";

const NOTHING = { notRead: [], moreNotRead: 0 };
const split = (examples: number, questions = 0): SplitReport => ({
  examples,
  questions,
  conversations: 0,
  files: [],
});

const report = (valid: ReturnType<typeof split>): DatasetReport => ({
  hash: "5f0c",
  rowsHash: "50a1",
  splits: { train: split(500), valid, test: split(200), offDomain: null },
  choiceStyle: "letters",
  choiceStyleRows: { letters: 0, plain: 0 },
  testBaselines: null,
  notes: [],
  duplicates: { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 },
});

const file = (name: InspectedFile["split"]): InspectedFile => ({
  path: `/data/${name}.jsonl`,
  split: name,
  sizeBytes: 1000,
  format: "jsonl",
  details: {},
  columns: [],
  kind: "examples",
  mapping: null,
  rows: { examples: 10, questions: 0, conversations: 0 },
  severalAnswers: 0,
  preview: [],
  leftOut: [],
  characters: 1000,
  tokenLengths: null,
  failure: null,
});

const ofValidation = (valid: ReturnType<typeof split>, ...given: InspectedFile["split"][]) =>
  findingsOf(report(valid), ["train" as const, "test" as const, ...given].map(file), NOTHING)
    .filter(({ text }) => /validation/i.test(text))
    .map(({ kind, text }) => `${kind}: ${text}`);

test("a split has a warning if it is small, unless it was taken from the training rows: the splits say that", () => {
  expect(ofValidation(split(12))).toEqual([]);
  expect(ofValidation(split(12), "valid")).toEqual([
    "warn: Validation has only 12 rows: figures from them are imprecise.",
  ]);
  expect(ofValidation(split(80), "valid")).toEqual([]);
});

test("a large split with few questions is different: the questions are what is measured", () => {
  expect(ofValidation(split(80, 12))).toEqual([
    "warn: Validation has only 12 rows: figures from them are imprecise.",
  ]);
});

test("the page of a data set, which has no files to inspect, knows from the report whether a split had its own", () => {
  const from = (path: string) => ({ ...split(12), files: [path] });
  const ofPage = (valid: SplitReport) =>
    findingsOf(
      { ...report(valid), splits: { train: from("a.jsonl"), valid, test: null, offDomain: null } },
      [],
      NOTHING,
    )
      .map(({ text }) => text)
      .filter((text) => /validation/i.test(text));
  expect(ofPage(from("valid.jsonl"))).toEqual([
    "Validation has only 12 rows: figures from them are imprecise.",
  ]);
  expect(ofPage(from("a.jsonl"))).toEqual([]);
});

test("conversations with several answers say which are learnt", () => {
  const severalAnswers = { conversations: 1, answers: 3, learnt: 3, keptApart: 0 };
  const told = (changes: Partial<typeof severalAnswers>) =>
    findingsOf({ ...report(split(80)), severalAnswers: { ...severalAnswers, ...changes } }, [], NOTHING)
      .map(({ text }) => text)
      .find((text) => text.includes("several answers"));
  expect(told({})).toBe("1 conversation has several answers: all of them are learnt.");
  expect(told({ learnt: 2, keptApart: 1 })).toBe(
    "1 conversation has several answers: 2 of 3 are learnt. 1 answer is not, because another split has the same question.",
  );
});

test("near-duplicates are reported beside duplicates, and without either that there are none", () => {
  const none = { withinTrain: 0, trainInValid: 0, trainInTest: 0, trainInOffDomain: 0, validInTest: 0 };
  const told = (changes: Partial<DatasetReport>) =>
    findingsOf({ ...report(split(80)), ...changes }, [], NOTHING)
      .filter(({ kind }) => kind === "good")
      .map(({ text }) => text);
  expect(told({})).toEqual(["No text is in two splits or duplicated."]);
  expect(
    told({ duplicates: { ...none, withinTrain: 1 }, nearDuplicates: { ...none, trainInTest: 2 } }),
  ).toEqual([
    "1 exact duplicate left out of training.",
    "2 training passages left out, because the test has nearly the same text.",
  ]);
});

test("repeated text is reported with its share, as a warning if that is much", () => {
  const boilerplate = { lines: 3, documents: 40, examples: [{ text: "ACME Ltd", documents: 38 }] };
  const told = (share: number) =>
    findingsOf({ ...report(split(80)), boilerplate: { ...boilerplate, share } }, [], NOTHING)
      .map(({ kind, text }) => `${kind}: ${text}`)
      .filter((text) => text.includes("ACME"));
  const once = "Used once: text that several of the 40 documents have, such as “ACME Ltd” (in 38).";
  expect([0.004, 0.98].flatMap(told)).toEqual([
    `good: ${once} 0.4% of all text repeats it and is left out.`,
    `warn: ${once} 98% of all text repeats it and is left out.`,
  ]);
});

test("e-mails without quotes are counted", () => {
  const told = findingsOf({ ...report(split(80)), replies: 1 }, [], NOTHING).map(({ text }) => text);
  expect(told).toContain(
    "1 e-mail is used without quotes of other e-mails in your data. A thread is in one split.",
  );
});

test("questions that were asked for and could not be made are reported", () => {
  const told = findingsOf({ ...report(split(80)), withoutMadeQuestions: ["test"] }, [], NOTHING);
  expect(told[0]).toEqual({
    kind: "warn",
    text: "No questions could be made for test: too few terms of its documents appear in other documents too.",
  });
});

test("made questions that were left out beside a person's are counted", () => {
  const mixed = report({ ...split(80), madeLeftOut: 3 });
  expect(findingsOf(mixed, [], NOTHING).map(({ text }) => text)).toContain(
    "3 made questions of validation are left out, so that no figure mixes them with questions that a person asked.",
  );
});

test("what documents consist of is counted, and what of them was not read is named", () => {
  const details: InspectedFile["details"][] = [
    { pages: 12, emptyPages: 2, runningLines: { count: 24, examples: ["Lease", "Page 1"] } },
    {
      pages: 9,
      emptyPages: 4,
      failedPages: [
        { problem: "too-slow", isFinal: true, pages: [3] },
        { problem: { code: "engine", reason: "no-memory" }, isFinal: false, pages: [5, 6] },
      ],
    },
    { slides: 30, emptySlides: 1 },
    { attachments: { count: 7, names: ["a.pdf", "b.pdf", "c.pdf"] } },
    { unreadImports: 2, unreadDrawings: 1 },
  ];
  const files = details.map((details) => ({ ...file("valid"), details }));
  const told = findingsOf(report(split(80)), files, NOTHING).map(({ kind, text }) => `${kind}: ${text}`);
  expect(told).toEqual(
    expect.arrayContaining([
      "plain: Left out as headers, footers, page numbers and watermarks: 24 lines of 1 PDF, such as “Lease” and “Page 1”.",
      expect.stringMatching(/^warn: 2 pages of “.+” have no text\.$/),
      expect.stringMatching(/^warn: 1 page of “.+” has no text\.$/),
      expect.stringMatching(
        /^warn: Page 3 of “.+” is not read: text recognition failed \(it took too long\)\. /,
      ),
      expect.stringMatching(
        /^warn: Pages 5 and 6 of “.+” are not read: text recognition was interrupted \(it ran out of memory\)\. /,
      ),
      "warn: 1 slide without text (for example pictures) skipped.",
      "plain: 7 attachments of messages left out (a.pdf, b.pdf, c.pdf, and 4 more). To use one, save it and add it as a file.",
      expect.stringMatching(/^warn: 2 files that “.+” imports cannot be read\. To use them, open/),
      expect.stringMatching(/^warn: 1 diagram or chart of “.+” is not read\. To use it, add/),
      "plain: Documents: 21 pages and 30 slides.",
    ]),
  );
});

test("hidden rows and columns of the sheets that are read are counted", () => {
  const told = (...sheets: ReadSheet[]) =>
    findingsOf(report(split(80)), [{ ...file("valid"), details: { sheets } }], NOTHING)
      .filter(({ text }) => text.includes("hidden "))
      .map(({ kind, text }) => `${kind}: ${text.replace(/“.*?”/, "“x”")}`);
  const read = { name: "One", rows: 9, unread: null };
  const hidden = { ...read, hiddenRows: 2 };
  expect(told(hidden, { ...hidden, hiddenColumns: 1 }, { ...hidden, unread: "other-columns" })).toEqual([
    "warn: 4 hidden rows and 1 hidden column of “x” are left out. To use them, show them in the workbook.",
  ]);
  expect(told({ ...read, hiddenRows: 1 })).toEqual([
    "warn: 1 hidden row of “x” is left out. To use it, show it in the workbook.",
  ]);
  expect(told(read)).toEqual([]);
});

test("of many things that are not read, five are named and all are counted", () => {
  const notRead = Array.from({ length: 6 }, (_, i) => ({
    path: `/data/${i}.jpg`,
    why: "other-file" as const,
  }));
  const sentence = (count: number, moreNotRead: number) =>
    findingsOf(report(split(80)), [], { notRead: notRead.slice(0, count), moreNotRead }).at(-1)?.text;
  expect(sentence(2, 0)).toBe("Not read: 0.jpg and 1.jpg.");
  expect(sentence(6, 0)).toBe("Not read: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, and 1 more.");
  expect(sentence(6, 8994)).toBe("Not read: 0.jpg, 1.jpg, 2.jpg, 3.jpg, 4.jpg, and 8,995 more.");
});

test("pages are named by their numbers", () => {
  const files = [{ ...file("valid"), details: { pages: 9, emptyPages: 3, scannedPages: [2, 5, 6] } }];
  expect(findingsOf(report(split(80)), files, NOTHING).map(({ text }) => text)).toContainEqual(
    expect.stringMatching(/^Pages 2, 5, and 6 of “.+” are scanned and not read/),
  );
});
