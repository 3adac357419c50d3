import { expect, test } from "vitest";
import { problemOf, testDevice } from "../../../../main/engine/recipes/device-check.ts";

const hasDevice = Boolean(process.env["VK_ICD_FILENAMES"]);

test("the processor needs no check", async () => {
  expect(await problemOf("cpu")).toBeNull();
});

test.skipIf(!hasDevice)("a GPU that computes what the processor does may be used", async () => {
  const { problem, timesCpu } = await testDevice("webgpu", 1);
  expect(problem).toBeNull();
  expect(timesCpu).toBeGreaterThan(0);
});

test.skipIf(hasDevice)("a GPU that is not there is named as the problem, and ends nothing", async () => {
  const problem = await problemOf("webgpu");
  expect(problem).toMatch(/^\w[\w ]+/); // no place in a source
  expect(await testDevice("webgpu", 1)).toEqual({ problem, timesCpu: null });
});
