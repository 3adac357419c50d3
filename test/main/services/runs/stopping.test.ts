import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startTrim } from "../../../../main/services/runs/running-trim.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import type { Failure } from "../../../../native-models/failure.ts";
import { stoppedRunIn } from "../../trimming/journal/stopped-run.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";
import { simulatedTrainer } from "./simulated-trainer.ts";

/** Ends its run with `failure` when it is asked to stop. */
const stopsWith = (failure: Failure) =>
  simulatedTrainer(({ tell }) => {
    let run = 0;
    return (request) => {
      if (request.type === "run") run = request.id;
      if (request.type === "control") tell({ type: "done", id: run, result: { ok: false, failure } });
    };
  });

test.each([
  [{ code: "cancelled" }, "paused", "cancelled"],
  [{ code: "disk-full", path: "/runs", neededBytes: 1 }, "failed", "disk-full"],
] as const)("a run that ends with %o when it is stopped is %s", async (failure, state, said) => {
  const services = servicesForTest();
  const { id } = services.runs.create(planWithSeed(1), { name: "stopped" });
  const folder = stoppedRunIn(join(services.home.runs, id));
  const running = startTrim(services, id, { engine: { launch: stopsWith(failure) } });
  setTimeout(() => running.stop(), 50);
  expect(await running.done.catch(failureOf)).toMatchObject({ code: said });
  const run = services.runs.get(id);
  expect(run.state).toBe(state);
  expect(run.failure?.code).toBe(state === "failed" ? "disk-full" : undefined);
  expect(readdirSync(folder)).not.toContain("base.bin");
  expect(readdirSync(folder)).toContain("teacher.bin");
  services.runs.enqueue(id); // either can go on
});
