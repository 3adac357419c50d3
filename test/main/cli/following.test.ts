import { expect, test } from "vitest";
import type { Context } from "../../../main/cli/context.ts";
import { followTrim } from "../../../main/cli/following.ts";
import { Terminal } from "../../../main/cli/terminal.ts";
import { Unfinished } from "../../../main/cli/unfinished.ts";
import type { Failure } from "../../../native-models/failure.ts";
import { planWithSeed } from "../services/plan.ts";
import { simulatedTrainer } from "../services/runs/simulated-trainer.ts";
import { servicesForTest } from "../services/services.ts";

/**
 * Follows a run whose trainer ends with `failure` when it is asked to stop; the person presses Ctrl-C when it has begun, once or more.
 * `shown` receives what the terminal shows.
 */
function followed(failure: Failure, shown: string[] = [], presses = 1): Promise<unknown> {
  const before = process.listeners("SIGINT");
  const launch = simulatedTrainer(({ tell }) => {
    let run = 0;
    return (request) => {
      if (request.type === "control") tell({ type: "done", id: run, result: { ok: false, failure } });
      if (request.type !== "run") return;
      run = request.id;
      for (const listener of process.listeners("SIGINT") as ((signal: string, number: number) => void)[])
        if (!before.includes(listener as () => void))
          for (let press = 0; press < presses; press++) listener("SIGINT", 2);
    };
  });
  const output = { write: (text: string) => shown.push(text) };
  const terminal = new Terminal({ json: false, output, errors: output, environment: {} });
  const services = servicesForTest();
  const run = services.runs.create(planWithSeed(1), { name: "followed" });
  const context = { terminal, engine: { launch } } as unknown as Context;
  return followTrim(context, services, run).catch((error: unknown) => error);
}

test("A run that Ctrl-C stops says that its progress is saved", async () => {
  const error = await followed({ code: "cancelled" });
  expect(error).toBeInstanceOf(Unfinished);
  expect((error as Unfinished).exitCode).toBe(130);
  expect(String(error)).toContain("The progress is saved.");
});

test("A run that a second Ctrl-C ends at once does not say so", async () => {
  expect(String(await followed({ code: "cancelled" }, [], 2))).toContain(
    "Only what was saved before is kept.",
  );
});

test("A run that cannot be saved after Ctrl-C fails with what went wrong, and says how to continue", async () => {
  const full: Failure = { code: "disk-full", path: "/runs", neededBytes: 1 };
  const shown: string[] = [];
  expect(await followed(full, shown)).toMatchObject({ failure: full });
  expect(shown.at(-1)).toMatch(
    /^Stopped at 0%\. When .* run "coppice resume followed-\w{5}" to continue\.\n$/,
  );
});
