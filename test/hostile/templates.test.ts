import { test } from "vitest";
import { engineEntry } from "../../main/engine/host.ts";
import { launchChild } from "../../main/engine/launch.ts";
import { templateChecks } from "./template-checks.ts";

for (const [title, check] of Object.entries(templateChecks(launchChild, engineEntry))) test(title, check);
