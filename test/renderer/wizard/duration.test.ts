import { expect, test, vi } from "vitest";
import type { SuggestedModel } from "../../../preload/contract/calls/downloads.ts";
import { WizardDraft } from "../../../preload/contract/calls/wizard.ts";
import { bridge } from "../bridge.ts";

/** A computer that does 1e9 operations per second, with data of this kind: 76 rows of 50 tokens. */
async function opened(kind?: "written" | "chosen") {
  vi.resetModules();
  const valid = { examples: 8, questions: 0, conversations: 0 };
  const report = {
    tokenLengths: { rows: 76, mean: 50 },
    splits: { valid: kind === "written" ? valid : { ...valid, examples: 0, questions: 8 } },
  };
  const draft = { ...WizardDraft.parse({}), dataset: kind ? { folder: "/data", report } : null };
  bridge({
    wizard: { draft: () => draft as never, keep: () => {} },
    runs: { queue: () => ({ running: null, waiting: [] }) as never },
    models: { speed: () => 1e9 },
  });
  await (await import("../../../renderer/wizard/draft.svelte.ts")).draft.load();
  const { models } = await import("../../../renderer/wizard/model/models.svelte.ts");
  await models.measure();
  return import("../../../renderer/wizard/model/duration.ts");
}

const model = (hours: number, other: Partial<SuggestedModel> = {}): SuggestedModel =>
  ({
    repository: `${hours} h`,
    parameters: hours,
    terms: "free",
    strength: "balanced",
    languages: "english",
    fit: { trains: true, operations: hours * 3600e9 },
    ...other,
  }) as SuggestedModel;

test("lengths are said as people say them", async () => {
  const { lengthText } = await opened();
  expect([12 / 60, 1, 9, 50, 200].map((hours) => lengthText(hours * 3600))).toEqual([
    "about 12 min",
    "about an hour",
    "overnight",
    "about 3 days",
    "too slow here",
  ]);
});

test("the time of a run grows with the tokens of the data", async () => {
  const { fit } = model(10);
  expect((await opened()).secondsOf(fit)).toBe(36_120);
  expect((await opened("written")).secondsOf(fit)).toBeCloseTo(120 + 36_000 * 0.038);
});

test("recommended is the largest free model that is trained overnight, or the smallest where answers are chosen", async () => {
  const listed = [
    model(1),
    model(8),
    model(9, { strength: "code" }),
    model(10, { terms: "conditions" }),
    model(40),
  ];
  expect((await opened()).recommendedOf(listed)?.repository).toBe("8 h");
  expect((await opened("written")).recommendedOf(listed)?.repository).toBe("40 h"); // 76 rows are trained quickly
  expect((await opened("chosen")).recommendedOf(listed)?.repository).toBe("1 h");
  expect((await opened()).recommendedOf([model(40), model(90)])?.repository).toBe("40 h");
});
