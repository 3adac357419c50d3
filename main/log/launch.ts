/** Logs engines: their processes, their jobs, and the kinds of their output. */
import { basename, extname } from "node:path";
import type { EngineProcess, Launch } from "../engines/process/launch.ts";
import { Report, Request } from "../engines/process/protocol.ts";
import { EngineOutput } from "./engine-output.ts";
import { figuresOfFailure } from "./events.ts";
import type { Log } from "./log.ts";

const MEMORY_CHECK_MS = 1_000;

/** Launches like `launch`, and logs the process's life. */
export function launchLogged(launch: Launch, log: Log): Launch {
  return (entry, options) => {
    const engine = basename(entry, extname(entry));
    const process = launch(entry, options);
    const output = new EngineOutput(engine, (event) => log.write(event));
    const begun = Date.now();
    const jobs = new Map<number, { job: string; begun: number }>();
    let by: "asked" | "host" | "itself" = "itself";
    let processId: number | null = null;
    let peakMemoryBytes: number | null = null;

    const watching = setInterval(() => {
      const bytes = process.memoryBytes();
      if (bytes !== undefined) peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, bytes);
    }, MEMORY_CHECK_MS);
    watching.unref();

    process.onLog((text) => output.take(text));
    process.onMessage((message) => {
      const report = Report.safeParse(message).data;
      if (report?.type === "ready") {
        processId = process.processId ?? null;
        log.write({ event: "engine-started", engine, processId });
      }
      if (report?.type !== "done") return;
      const done = jobs.get(report.id);
      jobs.delete(report.id);
      if (!done) return;
      const { job, begun } = done;
      const failure = report.result.ok ? null : figuresOfFailure(report.result.failure);
      log.write({ event: "engine-job", engine, job, milliseconds: Date.now() - begun, failure });
    });
    process.onExit(({ exitCode, signal }) => {
      clearInterval(watching);
      output.end();
      const seconds = (Date.now() - begun) / 1000;
      log.write({ event: "engine-ended", engine, processId, exitCode, signal, by, seconds, peakMemoryBytes });
    });

    return {
      get processId() {
        return process.processId;
      },
      get isAlive() {
        return process.isAlive;
      },
      send(message) {
        const request = Request.safeParse(message).data;
        if (request?.type === "run") jobs.set(request.id, { job: request.job, begun: Date.now() });
        if (request?.type === "stop") by = "asked";
        process.send(message);
      },
      kill() {
        if (by === "itself") by = "host";
        process.kill();
      },
      memoryBytes: () => process.memoryBytes(),
      onMessage: (listener) => process.onMessage(listener),
      onLog: (listener) => process.onLog(listener),
      onExit: (listener) => process.onExit(listener),
    } satisfies EngineProcess;
  };
}
