/**
 * The messages between main and an engine process. An engine has a kind; a kind has jobs; a job has an input, an output and
 * events that it reports. Both sides check every message, and failures are sent as data.
 */
import { z } from "zod";
import { Failure } from "../../../preload/contract/failures/failure.ts";
import { AppError, fail } from "../../../native-models/failure.ts";

/** A job is killed, with its process, beyond these: wall time of one job, memory of the whole process. */
export interface Limits {
  readonly timeMs?: number;
  readonly memoryBytes?: number;
}

/** The shapes of one job. `event` is `z.never()` for a job that reports nothing. */
export interface JobType {
  readonly input: z.ZodType;
  readonly event: z.ZodType;
  readonly output: z.ZodType;
  /** Whether several of such jobs run at the same time in a process. */
  readonly isShared?: true;
  /** Override those of its kind. */
  readonly limits?: Limits;
}

/** One kind of engine process: its name (also of its entry), its jobs by name, its priority. */
export interface EngineKind<Jobs extends Record<string, JobType> = Record<string, JobType>> {
  readonly name: string;
  readonly jobs: Jobs;
  /** `low` leaves the processor to the person's other programs. */
  readonly priority: "normal" | "low";
  readonly limits: Limits;
}

export type JobName<Jobs> = keyof Jobs & string;
export type JobInput<Type extends JobType> = z.input<Type["input"]>;
export type JobEvent<Type extends JobType> = z.output<Type["event"]>;
export type JobOutput<Type extends JobType> = z.output<Type["output"]>;

/** A kind that preserves the types of its jobs. */
export function defineEngine<const Jobs extends Record<string, JobType>>(
  kind: EngineKind<Jobs>,
): EngineKind<Jobs> {
  return kind;
}

/** Main's requests to a running job: it sees them at its next `Control.yieldToEventLoop`. */
const ControlAction = z.enum(["cancel", "checkpoint", "finish"]);

/** A value, or why there is none. */
export const Result = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), failure: Failure }),
]);
export type Result = z.infer<typeof Result>;

const id = z.number().int().positive();

/** Main → engine. */
export const Request = z.discriminatedUnion("type", [
  z.object({ type: z.literal("run"), id, job: z.string(), input: z.unknown() }),
  z.object({ type: z.literal("control"), id, action: ControlAction }),
  z.object({ type: z.literal("stop") }),
]);
export type Request = z.infer<typeof Request>;

/** Engine → main. `ready` comes once, first. */
export const Report = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), kind: z.string() }),
  z.object({ type: z.literal("event"), id, event: z.unknown() }),
  z.object({ type: z.literal("done"), id, result: Result }),
]);
export type Report = z.infer<typeof Report>;

/** No message exceeds this as JSON: large data is passed by path. */
export const MESSAGE_LIMIT_BYTES = 1_000_000;

/** The message, if it may be sent. Throws Failure `message-too-large`; `what` names it there. */
export function sized<Message>(message: Message, what: string): Message {
  // Not by node:v8: its serializer's buffers are outside the memory cage of Electron's V8, which then ends the process.
  const bytes = Buffer.byteLength(JSON.stringify(message));
  if (bytes > MESSAGE_LIMIT_BYTES)
    fail({ code: "message-too-large", what, bytes, limitBytes: MESSAGE_LIMIT_BYTES });
  return message;
}

/** `value` parsed by `schema`. Throws Failure `internal` that names `what` and the first problem: such a message is a bug. */
export function parsed<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  what: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  const place = issue.path.length > 0 ? ` at ${issue.path.join(".")}` : "";
  throw new AppError({ code: "internal", message: `${what} is malformed${place}: ${issue.message}` });
}
