/**
 * Passes commands whose home is in use to the application that writes it (docs/decisions/0002): one message and one response per
 * connection, through a local socket whose path and token are in writer.json.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Failure } from "../../preload/contract/failures/failure.ts";
import { AppError, failureOf } from "../../native-models/failure.ts";
import { parsedJson } from "../../native-models/formats/parsed-json.ts";
import { ImproveRequest } from "../../preload/contract/calls/corrections.ts";
import { EverythingRequest, RunRequest } from "../../preload/contract/calls/runs.ts";
import { Probe } from "../../preload/contract/plans/probe.ts";
import { nameSocket, readHolder } from "./folder-lock.ts";

/** The commands that can be passed on. Paths are absolute: the processes have different working directories. */
export const HandedCommand = z.discriminatedUnion("command", [
  z.object({
    command: z.literal("trim"),
    request: RunRequest.omit({ onBattery: true }).extend({
      /** Measured for this request, even if its plan changes afterwards. */
      probe: Probe.nullable(),
      output: z.string().optional(),
    }),
  }),
  z.object({
    command: z.literal("improve"),
    request: ImproveRequest.extend({ file: z.string().optional(), output: z.string().optional() }),
  }),
  z.object({ command: z.literal("retrain"), request: EverythingRequest }),
  z.object({ command: z.literal("resume"), id: z.string(), model: z.string().optional() }),
]);
export type HandedCommand = z.infer<typeof HandedCommand>;

const Message = z.object({ token: z.string(), command: HandedCommand });

/** The id of the command's run, which is queued or active, or why there is none. */
const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), run: z.string() }),
  z.object({ ok: z.literal(false), failure: Failure }),
]);
type Answer = z.infer<typeof Answer>;

/** Maximum characters of a message, and the time allowed for it. */
const longestMessage = 1_000_000;
const patienceMs = 10_000;

/** Accepts commands for the home `folder`, which this process writes; `run` returns each one's run id. */
export function takeCommands(
  folder: string,
  run: (command: HandedCommand) => Promise<string>,
): { close(): void } {
  const path = newSocket();
  const token = randomBytes(32).toString("hex");
  const server = createServer((socket) => void answer(socket, token, run));
  // Without a socket, other commands get the message that the home is in use.
  server.on("error", () => {});
  server.listen(path, () => server.listening && nameSocket(folder, "writer", { path, token }));
  return {
    close() {
      server.close();
      if (process.platform !== "win32") rmSync(dirname(path), { recursive: true, force: true });
    },
  };
}

/** The socket's path, in a private temporary folder: a home's path may be longer than a socket's may be. */
function newSocket(): string {
  return process.platform === "win32"
    ? `\\\\.\\pipe\\coppice-${randomBytes(16).toString("hex")}`
    : join(mkdtempSync(join(tmpdir(), "coppice-")), "writer");
}

async function answer(
  socket: Socket,
  token: string,
  run: (command: HandedCommand) => Promise<string>,
): Promise<void> {
  socket.on("error", () => {});
  socket.setTimeout(patienceMs, () => socket.destroy());
  const message = Message.safeParse(await nextLine(socket).then(parsedJson)).data;
  if (!message || !isSame(message.token, token)) return void socket.destroy();
  socket.setTimeout(0); // preparing a run takes time
  const answer: Answer = await run(message.command).then(
    (id) => ({ ok: true, run: id }),
    (error: unknown) => ({ ok: false, failure: failureOf(error) }),
  );
  socket.end(`${JSON.stringify(answer)}\n`);
}

/** Whether the process that writes the home `folder` accepts commands. */
export const takesHandedCommands = (folder: string): boolean =>
  readHolder(folder, "writer")?.socket !== undefined;

/**
 * Passes a command to the process that writes the home `folder`; returns the run's id, null if that process accepts none.
 * Failures: those of preparing a run.
 */
export async function handOver(folder: string, command: HandedCommand): Promise<string | null> {
  const socket = readHolder(folder, "writer")?.socket;
  if (!socket) return null;
  const connection = connect(socket.path);
  connection.on("error", () => {});
  connection.write(`${JSON.stringify({ token: socket.token, command } satisfies z.infer<typeof Message>)}\n`);
  const answer = Answer.safeParse(await nextLine(connection).then(parsedJson)).data;
  connection.destroy();
  if (!answer) return null;
  if (!answer.ok) throw new AppError(answer.failure);
  return answer.run;
}

/** The first line received; empty if none arrives, or if it is too long. */
function nextLine(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk) => {
      text += String(chunk);
      const end = text.indexOf("\n");
      if (end >= 0) resolve(text.slice(0, end));
      else if (text.length > longestMessage) socket.destroy();
    });
    socket.on("close", () => resolve(""));
  });
}

/** Compared by their hashes, in constant time. */
function isSame(one: string, other: string): boolean {
  const hash = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(hash(one), hash(other));
}
