import { expect, test } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { Compared } from "../../../preload/contract/calls/compare.ts";
import { Comparing } from "../../../renderer/compare/comparing.svelte.ts";
import { bridge } from "../bridge.ts";

const compared = (...ids: string[]) => ({ runs: ids.map((id) => ({ id })) }) as Compared;
const full = new AppError({ code: "disk-full", path: "/comparison.csv" });

test("of two choices, the later one is shown even if it is read first", async () => {
  const answers = new Map<string, () => void>();
  bridge({
    compare: {
      get: ({ runs }) => new Promise((resolve) => answers.set(runs.join(), () => resolve(compared(...runs)))),
    },
  });
  const comparing = new Comparing();
  const reads = [comparing.read(["a"]), comparing.read(["a", "b"])];
  answers.get("a,b")!();
  answers.get("a")!();
  await Promise.all(reads);
  expect(comparing.compared?.runs.map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a file that could not be saved is saved again, and the comparison stays", async () => {
  bridge({ compare: { get: ({ runs }) => compared(...runs) } });
  const comparing = new Comparing();
  await comparing.read(["a", "b"]);
  const shown = comparing.compared;
  const saved: string[] = [];
  let tries = 0;
  const save = () => (++tries === 1 ? Promise.reject(full) : Promise.resolve("/elsewhere.csv"));
  await comparing.save(save, (path) => saved.push(path));
  expect(comparing.problem?.error).toBe(full);
  comparing.problem!.retry();
  await expect.poll(() => saved).toEqual(["/elsewhere.csv"]);
  expect(comparing.problem).toBeUndefined();
  expect(comparing.compared).toBe(shown);
});
