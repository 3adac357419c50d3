import { expect, test, vi } from "vitest";
import { fail } from "../../../native-models/failure.ts";
import type { SearchedPlace } from "../../../preload/contract/calls/passages.ts";
import type { FoundPassage } from "../../../preload/contract/chat/found-passage.ts";
import type { DataSet } from "../../../preload/contract/data/data-set.ts";
import { PassageChoice } from "../../../renderer/chat/passage-choice.svelte.ts";
import { bridge } from "../bridge.ts";

const dataSet = (id: number, runs: string[] = [], corrections = false): DataSet => ({
  id,
  name: `data ${id}`,
  version: 1,
  versions: 1,
  addedAt: "",
  usedAt: "",
  kept: true,
  corrections,
  rows: { train: 1, valid: 0, test: 0, offDomain: 0 },
  runs: runs.map((run) => ({ id: run, name: run, corrections: false })),
});
const passage = (text: string): FoundPassage => ({ text, document: "lease.pdf", place: 3 });

/** A computer with data sets; searches answer with a passage of the question's words. */
function computer(...dataSets: DataSet[]) {
  const searches: { from: SearchedPlace; question: string }[] = [];
  const now = { broken: false };
  bridge({
    dataSets: { list: () => dataSets },
    application: { choose: () => ["/home/lease.pdf"] },
    passages: {
      find: ({ from, question }) => {
        searches.push({ from, question });
        if (now.broken) fail({ code: "unreadable", path: "/home/lease.pdf", reason: "busy" });
        return { passages: [passage(`About ${question}`)], of: 7 };
      },
    },
  });
  return { choice: new PassageChoice(), searches, now };
}

test("the data that the model was trained on is searched first; corrections are no documents", async () => {
  const { choice, searches } = computer(dataSet(1), dataSet(2, ["oak"], true), dataSet(3, ["oak"]));
  await choice.begin(" dogs ", "oak", null);
  expect(choice.dataSets.map(({ id }) => id)).toEqual([3, 1]);
  expect(searches).toEqual([{ from: { kind: "data-set", id: 3 }, question: "dogs" }]);
  expect(choice.found).toMatchObject({ of: 7 });
});

test("nothing is searched without data; then the file that is chosen, or was dropped", async () => {
  const { choice, searches } = computer();
  await choice.begin("dogs", "oak", null);
  expect([choice.from, searches]).toEqual(["", []]);
  await choice.chooseFile();
  expect(searches).toEqual([{ from: { kind: "file", path: "/home/lease.pdf" }, question: "dogs" }]);
  const dropped = computer(dataSet(1));
  await dropped.choice.begin("dogs", "oak", "/home/dropped.docx");
  expect(dropped.searches[0]!.from).toEqual({ kind: "file", path: "/home/dropped.docx" });
});

test("chosen passages stay chosen while others are searched, and come before the question in their order", async () => {
  const { choice } = computer(dataSet(1));
  await choice.begin("dogs", undefined, null);
  choice.choose(choice.found!.passages[0]!, true);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  for (const typed of ["c", "cat", "cats"]) {
    choice.question = typed;
    choice.searchSoon();
  }
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  await expect.poll(() => choice.found!.passages[0]!.text).toBe("About cats");
  choice.choose(choice.found!.passages[0]!, true);
  expect(choice.isChosen(passage("About dogs"))).toBe(true);
  expect(choice.before("May I?")).toBe("About dogs\n\nAbout cats\n\nMay I?");
  expect(choice.tokens).toBe(5); // 20 characters
  choice.choose(passage("About dogs"), false);
  expect(choice.before("May I?")).toBe("About cats\n\nMay I?");
});

test("why a document cannot be searched is shown, until it can", async () => {
  const { choice, now } = computer(dataSet(1));
  now.broken = true;
  await choice.begin("dogs", undefined, null);
  expect(choice.failure).toMatchObject({ code: "unreadable" });
  expect([choice.found, choice.busy]).toEqual([undefined, false]);
  now.broken = false;
  await choice.search();
  expect([choice.failure, choice.found?.of]).toEqual([undefined, 7]);
});
