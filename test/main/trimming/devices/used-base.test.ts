import { expect, test } from "vitest";
import { denseStorage, usedBase, usedBaseOf } from "../../../../main/trimming/devices/used-base.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import { Base, Method, WeightStorage } from "../../../../preload/contract/plans/plan.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import type { LogLine } from "../../../../preload/contract/runs/log-line.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const lora = Method.parse({ kind: "lora" });

/** The base in use, and the log message, depending on whether this processor multiplies int8 exactly. */
async function used(base: Partial<Base>, plan: Partial<TrimPlan> = {}, exact = true) {
  const said: LogLine[] = [];
  const used = await usedBase(
    { method: lora, device: "cpu", ...plan, base: Base.parse(base) },
    { log: (line) => said.push(line), multiplies: () => Promise.resolve(exact) },
  );
  return { used, said };
}

test("A CPU with exact int8 products uses them, without a message", async () => {
  const base = { storage: "w8a8", streamed: true } as const;
  expect(await used(base)).toEqual({ used: base, said: [] });
});

test("A CPU without them keeps ordinary 8 bits in the same place, and says why", async () => {
  const { used: base, said } = await used({ storage: "w8a8", streamed: true }, {}, false);
  expect(base).toEqual({ storage: "q8", streamed: true });
  expect(said).toEqual([{ code: "no-int8", device: "cpu" }]);
});

test.each(["webgpu", "cuda", "directml"] as const)(
  "%s keeps ordinary 8 bits, and says why",
  async (device) => {
    const { used: base, said } = await used({ storage: "w8a8" }, { device });
    expect(base).toEqual({ storage: "q8", streamed: false });
    expect(said).toEqual([{ code: "no-int8", device: "other" }]);
  },
);

test.each(WeightStorage.options.filter((storage) => storage !== "w8a8"))(
  "%s is used everywhere, and nothing is said",
  async (storage) => {
    const base = { storage, streamed: false };
    for (const device of ["cpu", "cuda"] as const)
      expect(await used(base, { device }, false)).toEqual({ used: base, said: [] });
    expect(denseStorage(storage)).toBe(storage);
  },
);

test("A full update has no frozen weights, so nothing is said about them", async () => {
  expect((await used({ storage: "w8a8" }, { method: { kind: "full" } }, false)).said).toEqual([]);
});

test("A run continues with what it began with, unless the computer no longer can", async () => {
  const folder = temporaryFolder();
  const plan = { method: lora, device: "cpu", base: Base.parse({ storage: "w8a8" }) } as const;
  const usedWhere = async (exact: boolean) => {
    const journal = await Journal.open(folder);
    return (await usedBaseOf(journal, plan, { multiplies: () => Promise.resolve(exact) })).storage;
  };
  expect(await usedWhere(true)).toBe("w8a8");
  expect(await usedWhere(false)).toBe("q8");
  expect(await usedWhere(true)).toBe("w8a8");
});

test("A run that began without int8 does not switch to it", async () => {
  const folder = temporaryFolder();
  const plan = { method: lora, device: "cpu", base: Base.parse({ storage: "w8a8" }) } as const;
  for (const exact of [false, true]) {
    const journal = await Journal.open(folder);
    const base = await usedBaseOf(journal, plan, { multiplies: () => Promise.resolve(exact) });
    expect(base.storage).toBe("q8");
  }
});
