import { expect, test } from "vitest";
import { Closing, WindowWorks } from "../../main/closing.ts";
import type { WindowWork } from "../../main/closing.ts";
import { contract } from "../../preload/contract/contract.ts";

/** A window in which `works` are in progress, and what a person was asked about it. */
function windowWith(...works: WindowWork[]) {
  const asked: { works: readonly WindowWork[]; answer: (agreed: boolean) => void }[] = [];
  const now = { works, closed: 0 };
  const closing = new Closing({
    works: () => now.works,
    ask: (works) => new Promise((answer) => asked.push({ works, answer })),
    close: () => {
      if (closing.mayClose()) now.closed++;
    },
  });
  return { closing, asked, now };
}

test("a window without such work closes at once", () => {
  const { closing, asked } = windowWith();
  expect(closing.mayClose()).toBe(true);
  expect(asked).toEqual([]);
});

test("a person is asked once, and the window closes when they agree, though the work is still in progress", async () => {
  const { closing, asked, now } = windowWith("download", "export");
  expect([closing.mayClose(), closing.mayClose()]).toEqual([false, false]);
  expect(asked.map(({ works }) => works)).toEqual([["download", "export"]]);
  asked[0]!.answer(true);
  await expect.poll(() => now.closed).toBe(1);
});

test("a window that was kept open asks again, and closes when the work has ended meanwhile", async () => {
  const { closing, asked, now } = windowWith("copy");
  closing.mayClose();
  asked[0]!.answer(false);
  await expect.poll(() => (closing.mayClose(), asked.length)).toBe(2);
  expect(now.closed).toBe(0);
  now.works = [];
  expect(closing.mayClose()).toBe(true);
});

test("streams that a person would miss are counted until they end", () => {
  const works = new WindowWorks();
  const ends = [contract.runs.export, contract.dataSets.export, contract.conversations.ask].map((entry) =>
    works.begin(entry),
  );
  expect(works.inProgress).toEqual(["export"]);
  ends[0]!();
  expect(works.inProgress).toEqual(["export"]);
  ends[1]!();
  expect(works.inProgress).toEqual([]);
});
