/** All fault tests, in the order of their promises. */
import { damage } from "./damage.ts";
import { databaseKill } from "./database.ts";
import { memory } from "./memory.ts";
import { chats } from "./chats.ts";
import { crashes } from "./crashes.ts";
import { diskFull, diskFullAtOpening } from "./disk-full.ts";
import type { Fault } from "./fault.ts";
import { instances } from "./instances.ts";
import { killOfSample, killOfTiny } from "./kills.ts";
import { savePoints } from "./save-points.ts";
import { sleep } from "./sleep.ts";
import { steps } from "./steps.ts";
import { powerOfDatabase, powerOfRun } from "./power.ts";

export const faults: readonly Fault[] = [
  killOfTiny,
  killOfSample,
  savePoints,
  powerOfRun,
  powerOfDatabase,
  steps,
  damage,
  diskFull,
  diskFullAtOpening,
  memory,
  sleep,
  crashes,
  databaseKill,
  instances,
  chats,
];
