/**
 * Runs a single job of an engine, as main would, and prints its events and its output as lines of JSON. --inspect-brk makes the
 * engine wait at its first line for a debugger, and lifts the time limits. docs/debugging-an-engine.md.
 *
 *     node build/run.js build/job.ts [--inspect-brk] reader inspect-model '{"path": "native-models/sample/model"}'
 */
import { ENGINES } from "../main/engines/jobs.ts";
import { startEngine, type Engine } from "../main/engines/process/host.ts";
import type { EngineKind } from "../main/engines/process/protocol.ts";
import { AppError } from "../native-models/failure.ts";

/** Longer than a person stays at a breakpoint. */
const DAY_MS = 24 * 60 * 60_000;

const words = process.argv.slice(2);
const isInspected = words[0] === "--inspect-brk";
const [kindName = "", job = "", input = "{}"] = isInspected ? words.slice(1) : words;
const kind: EngineKind | undefined = ENGINES.find(({ name }) => name === kindName);
if (!kind?.jobs[job]) {
  const jobs = ENGINES.flatMap(({ name, jobs }) => Object.keys(jobs).map((job) => `${name} ${job}`));
  console.error(
    `usage: build/job.ts [--inspect-brk] ENGINE JOB INPUT\n\nENGINE JOB is one of:\n${jobs.join("\n")}`,
  );
  process.exit(2);
}

const engine: Engine<EngineKind["jobs"]> = startEngine(kind, {
  onLog: (text) => process.stderr.write(text),
  ...(isInspected
    ? { environment: { NODE_OPTIONS: "--inspect-brk=127.0.0.1:9229" }, limits: { timeMs: DAY_MS } }
    : {}),
});
const stop = new AbortController();
process.on("SIGINT", () => stop.abort()); // the engine ignores it and waits for main
try {
  const onEvent = (event: unknown) => console.log(JSON.stringify({ event }));
  const output = await engine.run(job, JSON.parse(input), { onEvent, signal: stop.signal });
  console.log(JSON.stringify({ output }));
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.log(JSON.stringify({ failure: error.failure }));
  process.exitCode = 1;
} finally {
  await engine.stop();
}
