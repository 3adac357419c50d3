/** The engine's side: an entry only calls `serve` with the handlers of its kind. */
import { constants, setPriority } from "node:os";
import type { z } from "zod";
import { AppError, failureOf, type Failure } from "../../../native-models/failure.ts";
import { OUT_OF_MEMORY } from "../../../native-models/out-of-memory.ts";
import {
  Request,
  parsed,
  sized,
  type EngineKind,
  type JobEvent,
  type JobOutput,
  type JobType,
  type Report,
  type Result,
} from "./protocol.ts";
import { Control } from "../../trimming/job-control.ts";
import type { JobContext } from "../../trimming/job-control.ts";

/** The handler of each job of a kind: a thrown Failure reaches main unchanged, any other error as `internal`. */
export type Handlers<Jobs extends Record<string, JobType>> = {
  [Name in keyof Jobs]: (
    input: z.output<Jobs[Name]["input"]>,
    context: JobContext<JobEvent<Jobs[Name]>>,
  ) => JobOutput<Jobs[Name]> | Promise<JobOutput<Jobs[Name]>>;
};

/** Serves a kind's jobs until main stops this process or disappears. */
export function serve<Jobs extends Record<string, JobType>>(
  kind: EngineKind<Jobs>,
  handlers: Handlers<Jobs>,
): void {
  // Below normal, not lowest: the lowest class on Windows starves whenever anything else is busy.
  if (kind.priority === "low") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  // Ctrl-C, a closed terminal, `timeout` and systemd signal every process of the command; main decides what it means.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
  const running = new Map<number, { readonly isShared: boolean; readonly control: Control }>();

  const send = connect((message) => {
    const request = parsed(Request, sized(message, "a request"), "a request");
    if (request.type === "stop") process.exit(0);
    if (request.type === "control") running.get(request.id)?.control.apply(request.action);
    if (request.type === "run") void answer(request.id, request.job, request.input);
  });

  async function answer(id: number, name: string, input: unknown): Promise<void> {
    const isShared = kind.jobs[name]?.isShared === true;
    for (const [other, job] of running)
      if (!isShared || !job.isShared) throw new Error(`Job ${id} came while job ${other} was running`);
    const control = new Control();
    running.set(id, { isShared, control });
    let result: Result;
    try {
      const value = await run(name, input, { id, control });
      result = { ok: true, value };
    } catch (error) {
      if (!(error instanceof AppError)) console.error(error);
      result = { ok: false, failure: failureIn(error) };
    }
    running.delete(id);
    send({ type: "done", id, result });
  }

  /** A failed allocation is not a bug to report. */
  function failureIn(error: unknown): Failure {
    const failure = failureOf(error);
    return failure.code === "internal" && OUT_OF_MEMORY.test(failure.message)
      ? { code: "engine-stopped", kind: kind.name, reason: "no-memory" }
      : failure;
  }

  async function run(
    name: string,
    input: unknown,
    { id, control }: { id: number; control: Control },
  ): Promise<unknown> {
    const type = kind.jobs[name];
    const handler = handlers[name];
    if (!type || !handler) throw new Error(`${kind.name} has no job ${name}`);
    const report = (event: unknown) => {
      const checked = parsed(type.event, event, `an event of ${name}`);
      send(sized({ type: "event", id, event: checked }, `an event of ${name}`));
    };
    const output = await handler(parsed(type.input, input, `the input of ${name}`) as never, {
      report,
      control,
    });
    return sized(parsed(type.output, output, `the output of ${name}`), `the output of ${name}`);
  }

  send({ type: "ready", kind: kind.name });
}

/** Electron's port to the process that forked this one. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): void;
}

/** Listens to main, in either kind of process; returns the function that sends to it. */
function connect(listener: (message: unknown) => void): (report: Report) => void {
  const { parentPort } = process as unknown as { parentPort?: ParentPort };
  if (parentPort) {
    // In a turn of its own: Electron 22 counts a promise that is rejected inside this callback as unhandled, and ends the process.
    parentPort.on("message", ({ data }) => setImmediate(listener, data));
    return (report) => parentPort.postMessage(report);
  }
  if (!process.send) throw new Error("An engine is started by main/engines/process/host.ts, not by hand.");
  process.on("message", listener);
  // Main has ended: exit immediately, or, if a session is running, once it returns. Electron ends its utilityProcess itself.
  process.on("disconnect", () => process.exit(0));
  if (!process.connected) process.exit(0);
  return (report) => process.send!(report, () => {});
}
