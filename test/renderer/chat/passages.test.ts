import { expect, test, vi } from "vitest";
import { fail } from "../../../native-models/failure.ts";
import type { SearchedPlace } from "../../../preload/contract/calls/passages.ts";
import type { FoundPassage } from "../../../preload/contract/chat/found-passage.ts";
import type { DataSet } from "../../../preload/contract/data/data-set.ts";
import { Passages } from "../../../renderer/chat/passages.svelte.ts";
import { bridge } from "../bridge.ts";

const passage = (text: string): FoundPassage => ({ text, document: "lease.pdf", place: 3 });
const lease = { from: { kind: "file", path: "/home/lease.pdf" }, name: "lease.pdf" } as const;
const texts = (passages: readonly FoundPassage[]) => passages.map(({ text }) => text);

/** Documents with a passage about each word but "nothing". */
function searching() {
  const searches: { from: SearchedPlace; question: string }[] = [];
  const now = { broken: false };
  const dataSets = [{ id: 1 }, { id: 2, corrections: true }] as DataSet[];
  bridge({
    dataSets: { list: () => dataSets },
    passages: {
      find: ({ from, question }) => {
        searches.push({ from, question });
        if (now.broken) fail({ code: "unreadable", path: "/home/lease.pdf", reason: "busy" });
        return {
          passages: question
            .split(" ")
            .filter((word) => word !== "nothing")
            .map(passage),
          of: 7,
        };
      },
    },
  });
  const passages = new Passages();
  return { passages, searches, now };
}

test("nothing is searched without documents or without words; a pause in typing searches the last ones", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { passages, searches } = searching();
  passages.write("dogs");
  await vi.runAllTimersAsync();
  passages.searchIn(lease);
  passages.write("  ");
  await vi.runAllTimersAsync();
  expect(searches).toEqual([]);
  for (const typed of ["d", "do", " dogs cats "]) passages.write(typed);
  await vi.runAllTimersAsync();
  vi.useRealTimers();
  expect(searches).toEqual([{ from: lease.from, question: "dogs cats" }]);
  await passages.search("dogs cats");
  expect(searches).toHaveLength(1); // it is known what there is
  passages.searchIn({ from: { kind: "data-set", id: 1 }, name: "data" });
  await passages.search("dogs cats");
  expect(searches[1]).toEqual({ from: { kind: "data-set", id: 1 }, question: "dogs cats" });
  await passages.list();
  expect(passages.dataSets.map(({ id }) => id)).toEqual([1]); // corrections are no documents
});

test("the likeliest passage is chosen until the person chooses; their choice stays for other words, and ends with the question", async () => {
  const { passages } = searching();
  passages.searchIn(lease);
  await passages.search("dogs cats");
  expect(texts(passages.chosen)).toEqual(["dogs"]);
  await passages.search("cats dogs");
  expect(texts(passages.chosen)).toEqual(["cats"]);
  passages.toggle(passage("dogs"));
  passages.toggle(passage("cats"));
  expect([texts(passages.chosen), texts(passages.shown)]).toEqual([["dogs"], ["cats", "dogs"]]);
  await passages.search("birds");
  expect([texts(passages.chosen), texts(passages.shown)]).toEqual([["dogs"], ["dogs", "birds"]]);
  passages.toggle(passage("dogs"));
  expect(texts(passages.chosen)).toEqual([]);
  await passages.search("");
  await passages.search("birds");
  expect(texts(passages.chosen)).toEqual(["birds"]);
});

test("what no passage has words of is absent; while one search runs, only the last words wait", async () => {
  const { passages, searches } = searching();
  passages.searchIn(lease);
  await Promise.all(["n", "no", "nothing"].map((typed) => passages.search(typed)));
  expect(searches.map(({ question }) => question)).toEqual(["n", "nothing"]);
  expect(passages.isAbsent).toBe(true);
  passages.searchIn(null);
  expect(passages.isAbsent).toBe(false);
});

test("why documents cannot be searched is shown, until they can", async () => {
  const { passages, now } = searching();
  passages.searchIn(lease);
  now.broken = true;
  await passages.search("dogs");
  expect([passages.failure?.code, passages.found]).toEqual(["unreadable", undefined]);
  now.broken = false;
  await passages.search("dogs");
  expect([passages.failure, texts(passages.chosen)]).toEqual([undefined, ["dogs"]]);
});
