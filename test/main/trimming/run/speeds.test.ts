/** The speeds of a run's chat models: the whole job on a tiny model. */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openStack } from "../../../../main/trimming/devices/open-stack.ts";
import { outcomeOf } from "../../../../main/trimming/run/outcome.ts";
import { Journal } from "../../../../main/trimming/journal/checkpoint.ts";
import type { ChatMeasured } from "../../../../main/trimming/schedule/operations.ts";
import { plannedJob } from "../../../../main/trimming/schedule/recipes.ts";
import { setEnvironment } from "../../set-environment.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { collecting, runInFolder, tinyImprovement, tinyPlan } from "./tiny-run.ts";
import { codeOf } from "../../../../native-models/codes.ts";

async function run(folder: string, context = collecting(), plan = tinyPlan(folder)) {
  const result = await runInFolder(plannedJob, folder, plan, context);
  return { result, context, ...outcomeOf(result, plan, 2) };
}

const said = ({ events }: ReturnType<typeof collecting>) =>
  events.flatMap((event) => (event.event === "log" ? [event.said] : []));

/** Of a run, the folder of its original chat model, which others are timed in turn with. */
const originalIn = (folder: string) => join(folder, "run", "original");

describe("The chat models of a run", () => {
  const whole = mkdtempSync(join(tmpdir(), "coppice-speeds-"));
  afterAll(() => rmSync(whole, { recursive: true, force: true }));
  let done: Awaited<ReturnType<typeof run>>;
  beforeAll(async () => {
    done = await run(whole);
  });

  test("are timed in turn with the original's, which does not stay", () => {
    const { metrics, context } = done;
    const { base, tuned, depths } = metrics;
    expect(base).not.toHaveProperty("timesAsFast");
    for (const { tokensPerSecond, timesAsFast } of [tuned, ...depths])
      expect(tokensPerSecond).toBe(base.tokensPerSecond! * timesAsFast!.value);
    expect(said(context).map(codeOf)).not.toContain("timed-alone");
    expect(existsSync(originalIn(whole))).toBe(false);
  });

  test("begin with the original's, before the weights that are trained are in memory", async () => {
    const folder = temporaryFolder();
    const atOpening: boolean[] = [];
    const open: typeof openStack = (...given) => {
      atOpening.push(existsSync(originalIn(folder)));
      return openStack(...given);
    };
    await runInFolder(plannedJob, folder, tinyPlan(folder), collecting(), { open });
    expect(atOpening).toEqual([true]);
  });

  test("are timed alone where memory does not allow two, and the run says what that costs", async () => {
    setEnvironment("COPPICE_MEMORY_LIMIT_BYTES", "1000");
    const { metrics, context } = await run(temporaryFolder());
    for (const model of [metrics.tuned, ...metrics.depths]) {
      expect(model.tokensPerSecond).toBeGreaterThan(0);
      expect(model).not.toHaveProperty("timesAsFast");
    }
    expect(said(context)).toContainEqual({ code: "timed-alone", blocks: 1 });
  });

  test("of a run that was stopped are timed in turn when it goes on, and nothing else changes", async () => {
    const folder = temporaryFolder();
    const stopped = collecting((event, control) => {
      if (event.event !== "phase" || event.phase !== "export") return;
      const look = () => existsSync(join(folder, "run", "measured")) && control.apply("cancel");
      const looking = setInterval(look, 1); // events are too far apart on a fast computer
      onTestFinished(() => clearInterval(looking));
    });
    await expect(run(folder, stopped)).rejects.toThrow();
    expect(existsSync(originalIn(folder))).toBe(false);
    const { stages } = await Journal.open(join(folder, "run"));
    expect(stages).toContain("chat base");
    expect(stages).not.toContain("chat healed");

    const { metrics, result } = await run(folder);
    expect(metrics.trimmed.tokensPerSecond).toBe(
      metrics.base.tokensPerSecond! * metrics.trimmed.timesAsFast!.value,
    );
    expect(existsSync(originalIn(folder))).toBe(false);
    const figures = ({ tokensPerSecond: _, timesAsFast: __, ...rest }: ChatMeasured) => rest;
    expect(result.chat.depths.map(figures)).toEqual(done.result.chat.depths.map(figures));
  });

  test("of an improvement have no original to be timed with", async () => {
    const folder = temporaryFolder();
    tinyPlan(folder);
    const { metrics } = await run(folder, collecting(), tinyImprovement(folder));
    expect(metrics.trimmed).not.toHaveProperty("timesAsFast");
    expect(metrics.trimmed.tokensPerSecond).toBeGreaterThan(0);
  });
});
