import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import type { TargetEstimate } from "../../../preload/contract/calls/wizard.ts";
import type { KeptProbe } from "../../../preload/contract/plans/probe.ts";
import { bridge } from "../bridge.ts";
import type { Answers } from "../bridge.ts";

const probe = { blocks: 4 } as KeptProbe["probe"];

interface Computer {
  kept?: KeptProbe;
  running?: string | null;
  waiting?: string[];
  /** Resolves when main may answer whether a run uses the computer. */
  queued?: () => Promise<void>;
  measure?: NonNullable<NonNullable<Answers["wizard"]>["probe"]>;
  estimate?: NonNullable<NonNullable<Answers["wizard"]>["estimate"]>;
  /** Its data is read by this; without, it was read before. */
  read?: NonNullable<NonNullable<Answers["data"]>["read"]>;
}

/** The step on a computer where main estimates with the key "now", and what main was asked. */
async function opened({
  kept,
  running = null,
  waiting = [],
  queued = () => Promise.resolve(),
  measure = () => Promise.resolve(probe),
  estimate,
  read,
}: Computer = {}) {
  vi.resetModules();
  const asked: string[] = [];
  const dataset = read ? null : { folder: "/data", report: { splits: {} } };
  const draft = { ...WizardDraft.parse({}), model: { path: "/m", name: "m" }, dataset, probe: kept ?? null };
  bridge({
    ...(read && { data: { read } }),
    models: { inspect: () => ({ name: "m", report: {}, fit: {} }) as never },
    runs: { queue: () => queued().then(() => ({ running, waiting }) as never) },
    wizard: {
      draft: () => draft as never,
      keep: () => {},
      estimate: ({ probe: given }) => {
        asked.push(`estimate with ${given?.key ?? "nothing"}`);
        const seconds = given?.key === "now" ? { low: 1, likely: 2, high: 3 } : null;
        return { plan: { model: { path: "/m" } }, probeKey: "now", fits: true, seconds } as TargetEstimate;
      },
      ...(estimate && { estimate }),
      probe: (...given) => {
        asked.push("probe");
        return measure(...given);
      },
    },
  });
  const { draft: state } = await import("../../../renderer/wizard/draft.svelte.ts");
  await state.load();
  const { target } = await import("../../../renderer/wizard/target/target.svelte.ts");
  return { target, asked, draft: state };
}

test("a computer that was not measured is measured once, and the draft keeps the result", async () => {
  const { target, asked, draft } = await opened();
  await target.update();
  expect(target.estimate?.seconds).toBeNull();
  await vi.waitFor(() => expect(target.estimate?.seconds).toEqual({ low: 1, likely: 2, high: 3 }));
  expect(draft.now!.probe).toEqual({ key: "now", probe });
  await target.update();
  expect(asked).toEqual(["estimate with nothing", "probe", "estimate with now", "estimate with now"]);
});

test("a measurement of another plan is repeated; one of this plan is not", async () => {
  const other = await opened({ kept: { key: "before", probe } });
  await other.target.update();
  await vi.waitFor(() => expect(other.asked).toContain("probe"));
  const same = await opened({ kept: { key: "now", probe } });
  await same.target.update();
  expect(same.asked).toEqual(["estimate with now"]);
});

test("nothing is measured while a run uses the computer", async () => {
  const { target, asked } = await opened({ running: "r" });
  await target.update();
  await vi.waitFor(() => expect(target.waitsForRun).toBe(true));
  expect(asked).toEqual(["estimate with nothing"]);
});

test("what goes before a run that is to be done by a time of day is known", async () => {
  const kept = { key: "now", probe };
  const computers: [Computer, boolean][] = [
    [{ kept }, false],
    [{ kept, running: "r" }, true],
    [{ kept, waiting: ["r"] }, true], // for mains power
  ];
  for (const [computer, first] of computers) {
    const { target } = await opened(computer);
    await target.update();
    expect(target.othersFirst).toBe(first);
  }
});

test("a measurement that fails says why, and is repeated when the person asks", async () => {
  const failure = { code: "engine-stopped", kind: "trainer", reason: "aborted" } as const;
  let fails = true;
  const measure = () => (fails ? Promise.reject(new AppError(failure)) : Promise.resolve(probe));
  const { target } = await opened({ measure });
  await target.update();
  await vi.waitFor(() => expect(target.probeFailure).toEqual(failure));
  expect(target.probing).toBeUndefined();
  fails = false;
  target.again();
  await vi.waitFor(() => expect(target.estimate?.seconds).not.toBeNull());
  expect(target.probeFailure).toBeUndefined();
});

test("a measurement that is stopped for a run is no failure", async () => {
  const { target } = await opened({ measure: (_planned, _onPiece, cancelled) => cancelled });
  await target.update();
  await vi.waitFor(() => expect(target.probing).toBe(0));
  target.stop();
  expect(target.probing).toBeUndefined();
  await new Promise((resolve) => setTimeout(resolve));
  expect(target.probeFailure).toBeUndefined();
});

test("an estimate that arrives after the page was left measures nothing", async () => {
  const { target, asked } = await opened();
  const updated = target.update();
  target.stop();
  await updated;
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).not.toContain("probe");
  await target.update();
  await vi.waitFor(() => expect(asked).toContain("probe"));
});

test("a measurement makes way for a run that starts, and is repeated when the run has ended", async () => {
  let probes = 0;
  const measure: Computer["measure"] = (_planned, _onPiece, cancelled) =>
    ++probes === 1 ? cancelled : Promise.resolve(probe);
  const { target } = await opened({ measure });
  target.release();
  expect(target.waitsForRun).toBe(false);
  await target.update();
  await vi.waitFor(() => expect(target.probing).toBe(0));
  target.release();
  expect(target).toMatchObject({ probing: undefined, waitsForRun: true });
  await target.update();
  expect(probes).toBe(1);
  target.again();
  await vi.waitFor(() => expect(target.estimate?.seconds).not.toBeNull());
  expect(target.waitsForRun).toBe(false);
});

test("a run that starts just before a measurement would is waited for", async () => {
  const answers: (() => void)[] = [];
  const queued = () => new Promise<void>((resolve) => answers.push(resolve));
  const { target, asked } = await opened({ queued });
  const updated = target.update();
  await vi.waitFor(() => expect(answers).toHaveLength(1)); // for the estimate
  answers[0]!();
  await updated;
  await vi.waitFor(() => expect(answers).toHaveLength(2)); // for the measurement
  target.release();
  answers[1]!();
  await new Promise((resolve) => setTimeout(resolve));
  expect(target.waitsForRun).toBe(true);
  expect(asked).not.toContain("probe");
});

test("data is read once while choices change, and again for another seed, whose rows alone are kept", async () => {
  const reads = new Map<number, () => void>();
  const asked: number[] = [];
  const { target, draft } = await opened({
    read: ({ seed }) => {
      asked.push(seed);
      const report = { splits: {} };
      return new Promise((resolve) =>
        reads.set(seed, () => resolve({ folder: `/seed ${seed}`, report } as never)),
      );
    },
  });
  const first = target.update();
  await vi.waitFor(() => expect(asked).toEqual([1]));
  draft.choose({ threads: 2 });
  const second = target.update();
  await new Promise((resolve) => setTimeout(resolve));
  expect(asked).toEqual([1]);
  draft.choose({ seed: 5 });
  const third = target.update();
  await vi.waitFor(() => expect(asked).toEqual([1, 5]));
  expect(target.reading).toBe(true);
  reads.get(5)!();
  await third;
  reads.get(1)!();
  await Promise.all([first, second]);
  expect(draft.now!.dataset?.folder).toBe("/seed 5");
  expect(target.reading).toBe(false);
  expect(target.failure).toBeUndefined();
});

test("the current estimate is of the newest choices, not of those whose estimate came last", async () => {
  const ofThreads = new Map<number | undefined, () => void>();
  const { target, draft } = await opened({
    kept: { key: "now", probe },
    estimate: ({ patch: { threads } }) =>
      new Promise((resolve) =>
        ofThreads.set(threads, () =>
          resolve({ plan: { model: { path: "/m" }, threads }, fits: true, seconds: {} } as never),
        ),
      ),
  });
  draft.choose({ threads: 2 });
  const first = target.update();
  await vi.waitFor(() => expect(ofThreads.has(2)).toBe(true));
  ofThreads.get(2)!();
  await first;
  draft.choose({ threads: 3 });
  const current = target.current();
  await vi.waitFor(() => expect(ofThreads.has(3)).toBe(true));
  draft.choose({ threads: 4 });
  void target.update();
  await vi.waitFor(() => expect(ofThreads.has(4)).toBe(true));
  ofThreads.get(3)!();
  ofThreads.get(4)!();
  expect(await current).toMatchObject({ plan: { threads: 4 } });
});
