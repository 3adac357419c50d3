import { describe, expect, test } from "vitest";
import { problemOf, testDevice } from "../../../../main/trimming/devices/device-check.ts";
import { Base, Method } from "../../../../preload/contract/plans/plan.ts";

const hasDevice = Boolean(process.env["VK_ICD_FILENAMES"]);
const [method, base] = [Method.parse({ kind: "lora" }), Base.parse({})];

test("the CPU needs no check", async () => {
  expect(await problemOf({ device: "cpu", method, base })).toBeNull();
});

test.skipIf(!hasDevice)("a GPU that agrees with the CPU may be used", async () => {
  const { problem, timesCpu } = await testDevice("webgpu", 1);
  expect(problem).toBeNull();
  expect(timesCpu).toBeGreaterThan(0);
});

const problemWith = (storage: Base["storage"]) =>
  problemOf({ device: "webgpu", method, base: Base.parse({ storage }) });

test.skipIf(!hasDevice).each(["q8", "q4"] as const)(
  "a GPU is tested with the plan's weight storage: %s",
  async (storage) => expect(await problemWith(storage)).toBeNull(),
);

test.skipIf(!hasDevice)("a GPU without f16 is reported, where the plan has such weights", async () => {
  const problem = await problemWith("f16");
  if (problem !== null) expect(problem).toEqual({ kind: "driver", reason: expect.stringMatching(/f16/) });
});

test.skipIf(hasDevice)("a missing GPU is reported as the problem, and stops nothing", async () => {
  const problem = await problemOf({ device: "webgpu", method, base });
  expect(problem).toEqual({ kind: "no-card" });
  expect(await testDevice("webgpu", 1)).toEqual({ problem, timesCpu: null });
});

describe.each(["cuda", "directml"] as const)("%s", (device) => {
  test.skipIf(process.platform === "win32")("is named as the problem where it is not there", async () => {
    const problem = await problemOf({ device, method, base });
    expect(problem).toEqual({ kind: "driver", reason: expect.stringMatching(/^\w[\w ]+/) }); // no place in a source
    expect(await testDevice(device, 1)).toEqual({ problem, timesCpu: null });
  });

  test("is not for plans that train all weights", async () => {
    for (const kind of ["full", "sparse"]) {
      const trained = Method.parse({ kind });
      expect(await problemOf({ device, method: trained, base })).toEqual({ kind: "all-weights" });
    }
  });
});
