/** All fault tests, in the order of their promises. */
import type { Fault } from "./fault.ts";
import { killOfSample, killOfTiny } from "./kills.ts";

export const faults: readonly Fault[] = [killOfTiny, killOfSample];
