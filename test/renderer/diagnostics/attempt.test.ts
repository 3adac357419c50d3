import { expect, test } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { toasts } from "../../../renderer/components/toasts.svelte.ts";
import { Attempt } from "../../../renderer/diagnostics/attempt.svelte.ts";

const failure = { code: "not-found", path: "/a", what: "file" } as const;
const fails = () => Promise.reject(new AppError(failure));

test("a failure is shown in the dialog until the next attempt, and only there", async () => {
  const attempt = new Attempt();
  expect(await attempt.at(fails)).toBe(false);
  expect(attempt).toMatchObject({ busy: false, failure });
  const second = attempt.at(async () => {});
  expect(attempt).toMatchObject({ busy: true, failure: undefined });
  expect(await second).toBe(true);
  expect(attempt.busy).toBe(false);
  expect(toasts.shown).toEqual([]);
});

test("an action that the person calls off has not succeeded, and has not failed", async () => {
  const attempt = new Attempt();
  expect(await attempt.at(() => Promise.resolve(false))).toBe(false);
  expect(attempt).toMatchObject({ busy: false, failure: undefined });
});

test("a failure after the page was left stays at the edge of the window", async () => {
  const attempt = new Attempt();
  const failed = attempt.at(fails);
  attempt.leave();
  expect(await failed).toBe(false);
  expect(toasts.shown).toMatchObject([{ kind: "warn", stays: true }]);
});
