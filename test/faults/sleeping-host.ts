/** A program that waits at most ten seconds for a job of three seconds, to be put to sleep meanwhile. */
import { join } from "node:path";
import { startEngine } from "../../main/engines/process/host.ts";
import { diagnostics } from "../main/engines/process/diagnostics.ts";

const entry = join(import.meta.dirname, "../main/engines/process/diagnostics-engine.ts");
const engine = startEngine(diagnostics, { entry, limits: { timeMs: 10_000 } });
await engine.run("echo", { text: "warm" });
console.log("working");
console.log(JSON.stringify(await engine.run("steps", { steps: 30, stepMs: 100 })));
await engine.stop();
