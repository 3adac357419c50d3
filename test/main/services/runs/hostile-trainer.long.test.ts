/** A trainer that a hostile file took over: whatever it reports, main continues, and records nothing wrong. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AppError } from "../../../../native-models/failure.ts";
import { Random } from "../../../../native-models/random.ts";
import { launchLogged } from "../../../../main/log/launch.ts";
import { LogEntry, openLog } from "../../../../main/log/log.ts";
import { readOutcome } from "../../../../main/home/run-folder.ts";
import { startTrim } from "../../../../main/services/runs/running-trim.ts";
import { RunEvent } from "../../../../preload/contract/runs/run.ts";
import { chance, pick, several } from "../../../fuzz/draw.ts";
import { changedJson } from "../../../fuzz/json-values.ts";
import type { Json } from "../../../fuzz/json-values.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { runReports, trimOutcome } from "./run-reports.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";
import { simulatedTrainer } from "./simulated-trainer.ts";

/** How often it lives; more for a longer look. */
const lives = Number(process.env["COPPICE_LIVES"] ?? 200);
/** A word in every changed report, which may be in no log. */
const secret = "Zebrafink";

const strays: unknown[] = [];
const keep = (error: unknown) => void strays.push(error);
beforeEach(() => void process.on("uncaughtException", keep).on("unhandledRejection", keep));
afterEach(() => void process.off("uncaughtException", keep).off("unhandledRejection", keep));

test(`${lives} lives of it`, { timeout: 60_000 + 200 * lives }, async () => {
  const services = servicesForTest();
  const { runs, evaluations, home } = services;
  const path = join(temporaryFolder(), "coppice.log");
  const log = openLog(path);
  const ends = new Map<string, number>();
  let told = 0;
  for (let index = 0; index < lives; index++) {
    const random = new Random(1, `hostile trainer ${index}`);
    const { id } = runs.create(planWithSeed(1), { name: "hostile" });
    mkdirSync(join(home.runs, id)); // as a trainer does first
    const launch = launchLogged(hostile(random), log);
    const onEvent = (event: RunEvent) => {
      told++;
      expect(RunEvent.parse(event)).toEqual(event);
    };
    const end = await startTrim(services, id, { onEvent, engine: { launch } }).done.catch(
      (error: unknown) => error,
    );
    const { state, output } = runs.get(id);
    if (end instanceof Error) {
      expect(end).toBeInstanceOf(AppError);
      expect(["failed"], String(end)).toContain(state);
    } else {
      expect([state, output]).toEqual(["done", join(home.models, id)]);
      expect(readOutcome(join(home.runs, id))?.output).toBe(output);
    }
    ends.set(state, (ends.get(state) ?? 0) + 1);
    // All that is read of a run in the window.
    runs.log(id);
    runs.rounds(id);
    runs.validations(id);
    runs.metrics(id);
    evaluations.ofRun(id);
  }
  log.close();
  expect(strays).toEqual([]);
  for (const line of readFileSync(path, "utf8").trim().split("\n")) LogEntry.parse(JSON.parse(line));
  expect(readFileSync(path, "utf8")).not.toContain(secret);
  // It met both: reports that are taken, and each way to end.
  expect(told).toBeGreaterThan(lives / 2);
  expect([...ends.keys()].sort()).toEqual(["done", "failed"]);
});

/** Answers a job with invented reports. */
const hostile = (random: Random) =>
  simulatedTrainer(({ tell, end }) => (request) => {
    if (request.type !== "run") return;
    for (const report of several(random, 1, 16, () => reportOf(random, request.id))) tell(report);
    end();
  });

/** A report, often of a right form with values that are wrong. */
function reportOf(random: Random, id: number): unknown {
  const change = (value: Json): Json => (chance(random, 35) ? changedJson(value, random) : value);
  switch (random.integer(20)) {
    case 0:
      return pick(random, strange)();
    case 1:
      return changedJson({ type: "event", id, event: pick(random, runReports) as Json }, random);
    case 2:
      return {
        type: "done",
        id,
        result: change({ ok: false, failure: { code: "internal", message: secret } }),
      };
    case 3:
    case 4:
      return {
        type: "done",
        id,
        result: { ok: true, value: change({ ...trimOutcome, output: `/${secret}` } as Json) },
      };
    default:
      return {
        type: "event",
        id: chance(random, 95) ? id : id + 1,
        event: change(pick(random, runReports) as Json),
      };
  }
}

const strange: (() => unknown)[] = [
  () => undefined,
  () => null,
  () => NaN,
  () => 1n,
  () => new Date(NaN),
  () => new Map([["type", "done"]]),
  () => new Uint8Array(2_000_000),
  () => ({ type: "event", id: 1, event: { event: "log", said: secret.repeat(200_000) } }),
  () => {
    const circle: { type: string; own?: unknown } = { type: "done" };
    circle.own = circle;
    return circle;
  },
  () => JSON.parse("[".repeat(100_000) + "]".repeat(100_000)) as unknown,
  () => JSON.parse('{"__proto__": {"type": "ready"}, "toString": 1}') as unknown,
  () => ({ type: "ready", kind: "reader" }),
];
