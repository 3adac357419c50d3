import { test } from "vitest";
import { engineEntry } from "../../main/engines/process/host.ts";
import { launchChild } from "../../main/engines/process/launch.ts";
import { templateChecks } from "./template-checks.ts";

for (const [title, check] of Object.entries(templateChecks(launchChild, engineEntry))) test(title, check);
