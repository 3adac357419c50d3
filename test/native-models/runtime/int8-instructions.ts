import type { TestContext } from "vitest";
import { largestFactor } from "../../../native-models/runtime/largest-factor.ts";

/** Skips a test where the processor has no instructions for products of 8-bit numbers. */
export async function needsInt8Instructions({ skip }: TestContext): Promise<void> {
  if ((await largestFactor()) !== 127) skip("This processor does not multiply 8-bit numbers exactly.");
}
