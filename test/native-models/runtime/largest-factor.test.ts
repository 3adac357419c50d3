import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";

const instructions = existsSync("/proc/cpuinfo") ? readFileSync("/proc/cpuinfo", "utf8") : "";

test.runIf(/avx512_vnni|avx_vnni/.test(instructions))(
  "a processor with int8 instructions is exact over the full range",
  async () => {
    expect(await largestFactor()).toBe(127);
  },
);

test.runIf(/avx2/.test(instructions) && !/vnni|avx512/.test(instructions))(
  "a processor with AVX2 alone bears half of them",
  async () => {
    expect(await largestFactor()).toBe(63);
  },
);
