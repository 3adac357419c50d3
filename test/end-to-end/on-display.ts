/** Before each file of journeys: the display of the worker that runs it. */
import { inject } from "vitest";

const worker = Number(process.env["VITEST_POOL_ID"]);
for (const [name, value] of Object.entries(inject("displays")[worker - 1] ?? {})) process.env[name] = value;
