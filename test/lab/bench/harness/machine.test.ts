import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { busyShare, describeMachine, machineSentence } from "./machine.ts";

test("the sentence names processor, cores, memory and versions", () => {
  const sentence = machineSentence(describeMachine());
  expect(sentence).toContain(`${availableParallelism()} cores`);
  expect(sentence).toMatch(/onnxruntime \d+\.\d+\.\d+$/);
});

test("a spinning program is detected", async () => {
  const spinner = new Worker("for (;;);", { eval: true });
  try {
    await new Promise((resolve) => spinner.once("online", resolve));
    expect(await busyShare(500)).toBeGreaterThan(0.5 / availableParallelism());
  } finally {
    await spinner.terminate();
  }
});
