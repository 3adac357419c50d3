import { describe, expect, test } from "vitest";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { runSeconds } from "../../../../main/trimming/plan/run-seconds.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import type { TrimPlan } from "../../../../preload/contract/plans/plan.ts";
import { plan, planOf, probe } from "../../services/plans/clauses-plan.ts";

const fit = (minutes: number, of: TrimPlan = plan) => fitted(of, probe, 60 * minutes);
const kept = ({ trim: { keep } }: TrimPlan) => ("units" in keep ? keep.units : NaN);
const tuned = ({ tune }: TrimPlan) => tune.maxEpochs * tune.share * 700;
const names = (one: TrimPlan) => scheduleOf(one, 30, { tokens: probe.tokens }).stages.map(({ name }) => name);

/** More rows than there is time for. */
const many = { ...probe, tokens: { ...probe.tokens, trainingRows: 70_000, training: 6_200_000 } };

describe("A plan within a person's time", () => {
  const minutes = [5, 8, 12, 15, 18, 20, 22, 25, 28, 45];
  const found = minutes.map((each) => fit(each)!);

  test("takes less than that, with a margin for a slower computer", () => {
    for (const [i, { plan: one, epochs, seconds }] of found.entries()) {
      const likely = { ...one, tune: { ...one.tune, share: epochs / one.tune.maxEpochs } };
      expect(seconds).toBeCloseTo(runSeconds(likely, probe).likely, 6);
      expect(1.05 * seconds).toBeLessThan(60 * minutes[i]!);
    }
    expect(fit(1)).toBeNull();
  });

  test("cuts more, and trains more, the longer it is", () => {
    for (const [i, { plan: less, share }] of found.slice(0, -1).entries()) {
      const more = found[i + 1]!;
      expect(kept(more.plan)).toBeLessThanOrEqual(kept(less));
      expect(tuned(more.plan)).toBeGreaterThanOrEqual(tuned(less) - 101);
      expect(more.share).toBeGreaterThanOrEqual(share);
    }
    expect(new Set(found.map(({ plan: one }) => kept(one))).size).toBeGreaterThan(4);
  });

  test("plans the whole tuning where less is likely to fit, since it ends by the clock", () => {
    const { plan: one, epochs } = fit(5)!;
    expect(tuned(one)).toBeCloseTo(2000, 6);
    expect(700 * epochs).toBeLessThan(1000);
  });

  test("tunes before it cuts, and gives each cut block its healing", () => {
    for (const { plan: one, rounds } of found) {
      const cut = 30 - kept(one);
      if (cut === 0) continue;
      expect(tuned(one)).toBeGreaterThanOrEqual(2000 - 1e-6);
      expect(one.heal.epochs * 700).toBeGreaterThanOrEqual(Math.min(1400, 100 * cut) - 1e-6);
      expect(one.trim.rowsPerRound).toBe(plan.trim.rowsPerRound);
      expect(rounds).toBe(Math.ceil(cut / plan.trim.unitsPerRound));
    }
    const { plan: whole } = fit(8)!;
    expect(names(whole).filter((name) => /^(round|teacher)/.test(name))).toEqual([]);
  });

  test("ends the training of a model of which nothing is cut, however little time there is", () => {
    for (const { plan: one, epochs } of found.filter((each) => kept(each.plan) === 30))
      expect(one.heal.epochs).toBeGreaterThanOrEqual(0.25 * Math.min(2000 / 700, epochs) - 1e-6);
  });

  test("is the plan itself when that fits", () => {
    const { plan: same, share } = fit(24 * 60)!;
    expect(share).toBe(1);
    expect({ ...same.trim, keep: null }).toEqual({ ...plan.trim, keep: null });
    expect([kept(same), same.tune, same.heal]).toEqual([15, plan.tune, plan.heal]);
  });

  test("leaves out what only compares, and measures all rounds where a floor is looked for among them", () => {
    expect(names(found.at(-1)!.plan).filter((name) => /^(measure|judge|chat) /.test(name))).toEqual(
      [
        "chat base",
        "measure base",
        "measure prompted",
        "measure tuned",
        "judge tuned",
        "measure healed",
        "judge healed",
      ].concat(["chat tuned", "chat healed"]),
    );
    const measuredIn = (change: object) =>
      names(fit(30, { ...plan, ...change })!.plan).filter((name) => name.startsWith("measure round"));
    expect(measuredIn({ floor: 0.95 })).toHaveLength(fit(30)!.rounds);
    expect(measuredIn({ floor: 0.95, heal: { ...plan.heal, depths: [20] } })).toHaveLength(1);
  });

  test("of many rows tunes on those that are due, cuts, and teaches no more than it trains on", () => {
    const { plan: one, rounds, rowsPerRound } = fitted(plan, many, 40 * 60)!;
    expect(kept(one)).toBeLessThan(30);
    expect(one.tune.maxEpochs * one.tune.share * 70_000).toBeCloseTo(2000, 6);
    const { taughtRows } = one.budget!;
    expect(taughtRows).toBe(Math.ceil(1.5 * (rounds * rowsPerRound + one.heal.epochs * 70_000)));
    const { stages } = scheduleOf(one, 30, { tokens: many.tokens });
    const { tokens } = stages.find(({ name }) => name === "teacher")!;
    expect(tokens).toBeCloseTo((taughtRows! / 70_000) * 6_200_000, 6);
    expect(fit(45)!.plan.budget!.taughtRows).toBeUndefined();
  });

  test("has fewer answers rewritten where it tunes on fewer rows", () => {
    const writing = { rewriting: { read: 2_000_000, written: 20_000 } };
    const slow = { ...many, tokens: { ...many.tokens, writing }, together: 100 };
    const { plan: one } = fitted({ ...plan, methods: { rewriting: {} } }, slow, 40 * 60)!;
    expect(one.methods["rewriting"]!["share"]).toBeCloseTo(2000 / (plan.tune.maxEpochs * 70_000), 10);
  });

  test("says when each part is expected to end", () => {
    const compared = { ...plan, control: true, heal: { ...plan.heal, depths: [28, 26, 12] } };
    const { plan: one } = fit(60, compared)!;
    const { ends, seconds } = one.budget!;
    expect(seconds).toBe(3600);
    const parts = (name: string) => [name, ...[2, 3, 4].map((part) => `${name}, part ${part}`)];
    expect(Object.keys(ends)).toEqual([
      ...["measured", "tune 1", "tune 2", "tune 3", "whole"],
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((round) => `round ${round}`),
      ...["heal", "heal round 1", "heal round 2", "control"].flatMap(parts),
      "done",
    ]);
    const all = Object.values(ends);
    expect(all).toEqual([...all].sort((a, b) => a - b));
    expect(all.at(-1)).toBeCloseTo(runSeconds(one, probe).likely, 6);
  });
});

describe("TrimLLM within a person's time", () => {
  const published = planOf("trimllm");
  const { likely } = runSeconds(published, probe);

  test("ends with fewer rounds, and is as published where there is time for it", () => {
    const cuts = [0.3, 0.5, 0.8, 1.3].map((part) => {
      const { plan: one, seconds, rounds } = fitted(published, probe, part * likely)!;
      expect(seconds).toBeLessThan(part * likely);
      return [kept(one), rounds] as const;
    });
    expect(cuts.map(([units]) => units)).toEqual(cuts.map(([units]) => units).sort((a, b) => b - a));
    expect(cuts.at(-1)).toEqual([30, 22]);
  });
});
