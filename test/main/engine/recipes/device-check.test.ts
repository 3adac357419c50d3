import { expect, test } from "vitest";
import { problemOf } from "../../../../main/engine/recipes/device-check.ts";

const hasDevice = Boolean(process.env["VK_ICD_FILENAMES"]);

test("the processor needs no check", async () => {
  expect(await problemOf("cpu")).toBeNull();
});

test.skipIf(!hasDevice)("a GPU that computes what the processor does may be used", async () => {
  expect(await problemOf("webgpu")).toBeNull();
});

test.skipIf(hasDevice)("a GPU that is not there is named as the problem, and ends nothing", async () => {
  expect(await problemOf("webgpu")).toMatch(/\w/);
});
