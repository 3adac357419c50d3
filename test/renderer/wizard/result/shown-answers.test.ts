import { expect, test } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import type { Answers } from "../../../../preload/contract/calls/runs.ts";
import { ShownAnswers } from "../../../../renderer/wizard/result/shown-answers.svelte.ts";
import { bridge } from "../../bridge.ts";

const page = (all: number) => ({ counts: { all }, questions: [] }) as unknown as Answers;
const asked = (depth: string) => ({ id: "r", depth, filter: "all" as const, offset: 0, limit: 10 });

test("a page that could not be read is forgotten once another one is there", async () => {
  const missing = new AppError({ code: "not-found", path: "/data", what: "data set" });
  bridge({ runs: { answers: ({ depth }) => (depth === "lost" ? Promise.reject(missing) : page(3)) } });
  const shown = new ShownAnswers();
  await shown.read(asked("lost"));
  expect(shown.failure).toEqual(missing.failure);
  await shown.read(asked("healed"));
  expect(shown.failure).toBeNull();
  expect(shown.page?.counts.all).toBe(3);
});

test("of two depths chosen quickly, the later one's answers are shown", async () => {
  const answers = new Map<string, () => void>();
  bridge({
    runs: {
      answers: ({ depth }) => new Promise((resolve) => answers.set(depth, () => resolve(page(depth.length)))),
    },
  });
  const shown = new ShownAnswers();
  const reads = [shown.read(asked("a")), shown.read(asked("bc"))];
  answers.get("bc")!();
  answers.get("a")!();
  await Promise.all(reads);
  expect(shown.page?.counts.all).toBe(2);
});
