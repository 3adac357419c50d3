import { fileURLToPath } from "node:url";
import { describe, test } from "vitest";
import { engineEntry } from "../../../main/engine/host.ts";
import { launchChild } from "../../../main/engine/launch.ts";
import { engineChecks } from "./engine-checks.ts";
import { hostChecks } from "./host-checks.ts";

const entry = fileURLToPath(new URL("diagnostics-engine.ts", import.meta.url));

describe("an engine in a Node child process", () => {
  const checks = hostChecks({ launch: launchChild, entry, tellsSignals: true });
  for (const [title, check] of Object.entries(checks)) test(title, check);
});

describe("the product's engines in Node child processes", () => {
  for (const [title, check] of Object.entries(engineChecks(launchChild, engineEntry))) test(title, check);
});
