import { expect, test } from "vitest";
import { runFigures } from "../../../../main/services/diagnostics/run-figures.ts";
import { clauses } from "../runs/clauses.ts";
import { finishedRun } from "../runs/finished-run.ts";
import { servicesForTest } from "../services.ts";

test("the figures of an improvement name neither the runs that it is based on nor a folder", async () => {
  const services = servicesForTest();
  const run = await finishedRun(services, { ...clauses, name: "Zebrafink" });
  const improved = await finishedRun(services, {
    ...clauses,
    name: "Steinadler",
    improvement: {
      of: run,
      lineage: run,
      corrections: { path: "/home/wiedehopf/data/corrections" },
      rehearsal: 8,
    },
  });
  const text = runFigures(services, improved).join("\n");
  expect(text).toContain(`"of":"${run.slice(-5)}"`);
  expect(text).not.toMatch(/zebrafink|steinadler|wiedehopf|clauses/i);
});
