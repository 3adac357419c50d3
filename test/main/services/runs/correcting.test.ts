import { expect, test } from "vitest";
import { addCorrections } from "../../../../main/services/runs/correcting.ts";
import type { CorrectionRow } from "../../../../main/services/data/reading.ts";
import { planWithSeed } from "../plan.ts";
import { servicesForTest } from "../services.ts";

const row = (asked: string, right: string): CorrectionRow => ({
  messages: [
    { role: "user", content: asked },
    { role: "assistant", content: right },
  ],
  wrong: "No",
  passage: "",
});

test("a correction that a file has twice, or that is known, is added once", async () => {
  const services = servicesForTest();
  const { id: run } = services.runs.create(planWithSeed(3), { name: "Hire clauses" });
  const rows = [row("Who mows?", "Nobody"), row("Who oils?", "The owner"), row("Who mows?", "Nobody")];
  const reading = {
    correctionsIn: () => Promise.resolve(rows),
    heldOut: () => Promise.resolve([null, "test" as const, null]),
  };
  const add = () => addCorrections(services, reading, { run, file: "corrections.jsonl" });
  expect(await add()).toEqual({ added: 2, heldOut: 1 });
  expect(await add()).toEqual({ added: 0, heldOut: 0 });
  expect(services.corrections.ofLineage(run)).toHaveLength(2);
});
