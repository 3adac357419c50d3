/** All fault tests, in the order of their promises. */
import type { Fault } from "./fault.ts";
import { killOfSample, killOfTiny } from "./kills.ts";
import { powerOfDatabase, powerOfRun } from "./power.ts";

export const faults: readonly Fault[] = [killOfTiny, killOfSample, powerOfRun, powerOfDatabase];
