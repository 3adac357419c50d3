import { describe, expect, test } from "vitest";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { scheduleOf } from "../../../../main/trimming/schedule/planned-run.ts";
import { runSeconds, stageSeconds } from "../../../../main/trimming/plan/run-seconds.ts";
import { plan, planOf, probe } from "../../services/plans/clauses-plan.ts";

const fit = (minutes: number) => fitted(plan, probe, 60 * minutes);

describe("A plan within a person's time", () => {
  test.each([8, 12, 15, 20, 30, 60])("takes no more than %i minutes, and most of them", (minutes) => {
    const { plan: found, seconds } = fit(minutes)!;
    const { likely } = runSeconds(found, probe);
    expect(likely).toBeLessThan(60 * minutes);
    expect(seconds).toBeGreaterThanOrEqual(likely);
    expect(seconds).toBeLessThanOrEqual(60 * minutes);
    if (minutes < 30) expect(seconds).toBeGreaterThan(0.9 * 60 * minutes);
  });

  test("leaves time for the export", () => {
    const { plan: found } = fit(12)!;
    const { stages } = scheduleOf(found, 30, { tokens: probe.tokens });
    const last = stages.at(-1)!;
    expect(last.name).toBe("export");
    expect(stageSeconds(last, probe)).toBeCloseTo(4, 6); // as a chat model of 15 blocks
  });

  test("leaves out what only compares, and heals on while there is time", () => {
    const { plan: found } = fit(12)!;
    const names = scheduleOf(found, 30).stages.map(({ name }) => name);
    expect(names.filter((name) => /^(measure|judge|chat) /.test(name))).toEqual(
      ["measure base", "measure tuned", "judge tuned", "measure healed", "judge healed"].concat([
        "chat base",
        "chat tuned",
        "chat healed",
      ]),
    );
    expect(found.heal.epochs).toBeLessThan(plan.heal.epochs);
    expect(found.budget!.mostHealing).toBe(plan.heal.epochs);
    const compared = fitted({ ...plan, control: true }, probe, 30 * 60)!;
    expect(compared.plan.budget!.mostHealing).toBeUndefined(); // the control is trained on as many rows
    const several = fitted({ ...plan, heal: { ...plan.heal, depths: [24, 20] } }, probe, 30 * 60)!;
    expect(several.plan.budget!.mostHealing).toBeUndefined(); // and so is each depth that is healed
  });

  test("measures all rounds where a floor is looked for among them", () => {
    const measuredBy = (change: object) =>
      fitted({ ...plan, ...change }, probe, 20 * 60)!.plan.budget!.measured;
    expect(measuredBy({ accuracyFloor: 0.95 })).toBe("rounds");
    expect(measuredBy({ accuracyFloor: 0.95, heal: { ...plan.heal, depths: [20] } })).toBe("healed");
  });

  test("measures the depths that a run towards no loss chooses among, also where none is healed", () => {
    const measuredIn = (change: object) => {
      const { plan: found } = fitted({ ...planOf("trimllm"), ...change }, probe, 60 * 60)!;
      const { stages } = scheduleOf(found, 30, { tokens: probe.tokens });
      return stages.filter(({ name }) => name.startsWith("measure round")).map(({ unitsLeft }) => unitsLeft);
    };
    const { heal } = planOf("trimllm");
    expect(heal.epochs).toBe(0);
    expect(measuredIn({})).toHaveLength(1); // the last alone
    const chosenAmong = measuredIn({ heal: { ...heal, depths: [48, 42, 36] } });
    expect(chosenAmong).toHaveLength(4);
    expect(chosenAmong.every((units, index) => Math.abs(units - [48, 42, 36, 30][index]!) <= 2)).toBe(true);
  });

  test("teaches no more of many rows than it has time to train on", () => {
    const many = { ...probe, tokens: { ...probe.tokens, trainingRows: 70_000, training: 6_200_000 } };
    const { plan: found, rounds, rowsPerRound } = fitted(plan, many, 30 * 60)!;
    const { taughtRows } = found.budget!;
    expect(taughtRows).toBe(Math.ceil(1.5 * (rounds * rowsPerRound + found.heal.epochs * 70_000)));
    const { stages } = scheduleOf(found, 30, { tokens: many.tokens });
    const { tokens } = stages.find(({ name }) => name === "teacher")!;
    expect(tokens).toBeCloseTo((taughtRows! / 70_000) * 6_200_000, 6);
    expect(fit(30)!.plan.budget!.taughtRows).toBeUndefined();
  });

  test("has answers rewritten of rows that it teaches alone", () => {
    const writing = { rewriting: { read: 2_000_000, written: 20_000 } };
    const size = { trainingRows: 70_000, training: 6_200_000, writing };
    const many = { ...probe, tokens: { ...probe.tokens, ...size }, together: 100 };
    const { plan: found } = fitted({ ...plan, methods: { rewriting: {} } }, many, 30 * 60)!;
    const rewritten = (one: typeof found) =>
      scheduleOf(one, 30, { tokens: many.tokens }).stages.find(({ name }) => name === "rewriting")!;
    const { share } = found.methods["rewriting"] as { share: number };
    expect(rewritten(found).tokens).toBeCloseTo(share * 20_000, 6);
    const all = { ...found, methods: { rewriting: {} } };
    expect(rewritten(all).tokens).toBeCloseTo((found.budget!.taughtRows! / 70_000) * 20_000, 6);
  });

  test("does more of everything in more time", () => {
    const shares = [12, 16, 20, 24].map((minutes) => fit(minutes)!);
    for (const [index, less] of shares.slice(0, -1).entries()) {
      const more = shares[index + 1]!;
      expect(more.share).toBeGreaterThan(less.share);
      expect(more.rounds).toBeGreaterThanOrEqual(less.rounds);
      expect(more.plan.heal.epochs).toBeGreaterThan(less.plan.heal.epochs);
    }
  });

  test("still keeps what the person asked for, in fewer rounds", () => {
    const { plan: less, rounds } = fit(12)!;
    expect(less.trim.keep).toEqual(plan.trim.keep);
    expect(rounds * less.trim.unitsPerRound).toBeGreaterThanOrEqual(15);
    expect(rounds).toBeLessThan(8);
    expect(less.trim.calibrationRows).toBeGreaterThanOrEqual(16);
    expect(less.tune.share).toBeLessThanOrEqual(1);
  });

  test("has fewer answers rewritten in less time, and counts their time", () => {
    const rewriting = { ...plan, methods: { rewriting: {} } };
    const tokens = { ...probe.tokens, writing: { rewriting: { read: 40_000, written: 20_000 } } };
    const writing = { ...probe, tokens, together: 100 };
    expect(runSeconds(rewriting, writing).likely - runSeconds(plan, writing).likely).toBeGreaterThan(200);
    const { plan: less, share } = fitted(rewriting, writing, 20 * 60)!;
    expect(share).toBeLessThan(1);
    expect(less.methods["rewriting"]!["share"]).toBeCloseTo(share, 10);
    expect(runSeconds(less, writing).likely).toBeLessThanOrEqual(20 * 60);
  });

  test("trains no more than the plan when there is more time than that takes", () => {
    const { plan: same, share, seconds } = fit(24 * 60)!;
    expect(share).toBe(1);
    expect(seconds).toBeLessThan(60 * 60);
    expect([same.tune, same.trim, same.heal]).toEqual([plan.tune, plan.trim, plan.heal]);
  });

  test("has its parts end in order, and time for measuring after healing", () => {
    const { seconds, tunedBy, cutBy, healedBy } = fit(20)!.plan.budget!;
    expect(seconds).toBe(1200);
    expect(tunedBy).toBeGreaterThan(0);
    expect(cutBy).toBeGreaterThan(tunedBy);
    expect(Object.keys(healedBy)).toEqual(["heal"]);
    expect(healedBy["heal"]).toBeGreaterThan(cutBy);
    expect(healedBy["heal"]).toBeLessThan(seconds - 20);
  });

  test("with healed depths and a control gives each a deadline of its own, the last in time for measuring", () => {
    const compared = { ...plan, control: true, heal: { ...plan.heal, depths: [24, 20] } };
    const { unitsPerRound } = plan.trim;
    const { plan: found } = fitted(compared, probe, 60 * 60)!;
    expect(found.trim.unitsPerRound).toBe(unitsPerRound);
    const { seconds, cutBy, healedBy } = found.budget!;
    expect(Object.keys(healedBy)).toEqual(["heal", "heal round 3", "heal round 5", "control"]);
    const ends = [cutBy, ...Object.values(healedBy), seconds - 20];
    expect(ends).toEqual([...ends].sort((a, b) => a - b));
    expect(new Set(ends).size).toBe(ends.length);
  });

  test("heals the nearest depths that its fewer rounds end with", () => {
    const compared = { ...plan, heal: { ...plan.heal, depths: [28, 22, 16, 15, 11] } };
    const { plan: found, rounds } = fitted(compared, probe, 15 * 60)!;
    expect(found.trim.unitsPerRound).toBe(4); // rounds end with 26, 22, 18 and 15 units
    expect(rounds).toBe(4);
    expect(found.heal.depths).toEqual([26, 22, 18]); // 15 is the last, and 11 no depth of the plan
    const { stages } = scheduleOf(found, 30);
    const healed = stages.flatMap(({ name }) => (name.startsWith("heal round") ? [name] : []));
    expect(healed).toEqual(["heal round 1", "heal round 2", "heal round 3"]);
  });

  test("is none if even the least takes longer", () => {
    expect(fit(1)).toBeNull();
  });
});

describe("TrimLLM within a person's time", () => {
  const published = planOf("trimllm");
  const full = runSeconds(published, probe).high;
  const trainedBy = (one: typeof plan) =>
    scheduleOf(one, 30, { tokens: probe.tokens }).stages.reduce(
      (sum, { kind, tokens }) => sum + (kind === "training" ? tokens : 0),
      0,
    );

  test.each([0.25, 0.35, 0.5, 0.7, 0.95])("does in %f of its time the share that it says", (part) => {
    const { plan: less, share, rounds, rowsPerRound } = fitted(published, probe, part * full)!;
    expect(runSeconds(less, probe).likely).toBeLessThanOrEqual(part * full);
    expect(trainedBy(less) / trainedBy(published)).toBeCloseTo(share, 1);
    expect(rowsPerRound).toBe(Math.round(700 * less.tune.share));
    expect(rounds).toBeLessThanOrEqual(22);
    expect(less.trim.keep).toEqual(published.trim.keep);
  });

  test("trains more in more time", () => {
    const trained = [0.25, 0.35, 0.5, 0.7, 0.95].map((part) =>
      trainedBy(fitted(published, probe, part * full)!.plan),
    );
    expect(trained).toEqual([...trained].sort((a, b) => a - b));
  });

  test("is as published where there is time for it, and never promises more", () => {
    const { plan: whole, share, rounds } = fitted(published, probe, 3 * full)!;
    expect({ ...whole, budget: undefined, trim: { ...whole.trim, rowsPerRound: 128 } }).toEqual(published);
    expect([share, rounds]).toEqual([1, 22]);
  });
});
