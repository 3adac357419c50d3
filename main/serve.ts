/** Handles the window's calls: checks the sender and the message, and sends failures as data. */
import { ipcMain } from "electron";
import type { IpcMainEvent, IpcMainInvokeEvent, MessagePortMain } from "electron";
import type { z } from "zod";
import { AppError, failureOf } from "../native-models/failure.ts";
import { channelOf, droppedChannel } from "../preload/contract/call.ts";
import type { Entry, Result, Stream, StreamMessage } from "../preload/contract/call.ts";
import { contract } from "../preload/contract/contract.ts";
import { troubleOf } from "../preload/contract/trouble.ts";
import type { AllHandlers } from "./handlers/index.ts";
import { parsed } from "./engine/protocol.ts";
import { figuresOfFailure } from "./log/events.ts";
import type { Log } from "./log/log.ts";
import { refuseUnlessPlain } from "./plain-data.ts";

type Handler = (input: unknown, onPiece?: (piece: unknown) => void, signal?: AbortSignal) => unknown;

export interface ServeOptions {
  /** Whether a frame's address is the application's own. */
  readonly isOurs: (url: string) => boolean;
  /** Receives the path of a file that a person dropped on the window. */
  readonly onDropped: (path: string) => void;
  /** Called when a stream begins; what it returns is called when the stream ends. */
  readonly onStream: (stream: Stream) => () => void;
  /** Receives every failure. */
  readonly log: Log;
}

/** Registers a handler for each call and stream. */
export function serveWindow(handlers: AllHandlers, { isOurs, onDropped, onStream, log }: ServeOptions): void {
  const trusted = (event: IpcMainEvent | IpcMainInvokeEvent) => {
    try {
      const { senderFrame, sender } = event;
      return senderFrame !== null && senderFrame === sender.mainFrame && isOurs(senderFrame.url);
    } catch {
      return false; // a destroyed frame has no address
    }
  };

  ipcMain.on(droppedChannel, (event, path: unknown) => {
    if (trusted(event) && typeof path === "string") onDropped(path);
  });

  for (const [area, entries] of Object.entries(contract)) {
    for (const [name, entry] of Object.entries(entries as Record<string, Entry>)) {
      const channel = channelOf(area, name);
      const handler = (handlers as unknown as Record<string, Record<string, Handler>>)[area]![name]!;
      if (entry.kind === "call") {
        ipcMain.handle(channel, (event, input) =>
          resultOf(log, channel, entry, input, trusted(event), (checked) => handler(checked)),
        );
      } else if (entry.kind === "stream") {
        ipcMain.on(channel, (event, input) => {
          const [port] = event.ports;
          if (!port) return;
          const ended = onStream(entry);
          void answerStream(log, channel, entry, input, trusted(event), port, handler).finally(ended);
        });
      }
    }
  }
}

async function answerStream(
  log: Log,
  channel: string,
  entry: Stream,
  input: unknown,
  trusted: boolean,
  port: MessagePortMain,
  handler: Handler,
): Promise<void> {
  const stopping = new AbortController();
  const send = (message: StreamMessage) => port.postMessage(message);
  // The window cancels, or has been closed.
  port.on("message", () => stopping.abort());
  port.on("close", () => stopping.abort());
  port.start();
  const onPiece = (piece: unknown) =>
    send({ type: "piece", piece: parsed(entry.piece, piece, `a piece of ${channel}`) });
  const result = await resultOf(log, channel, entry, input, trusted, (checked) =>
    handler(checked, onPiece, stopping.signal),
  );
  send({ type: "done", result });
}

async function resultOf(
  log: Log,
  channel: string,
  { input: schema, output }: { input: z.ZodType; output: z.ZodType },
  input: unknown,
  trusted: boolean,
  handler: (input: unknown) => unknown,
): Promise<Result<unknown>> {
  try {
    if (!trusted)
      throw new AppError({ code: "internal", message: `${channel} was called from a foreign page` });
    refuseUnlessPlain(input, `the input of ${channel}`);
    const value = await handler(parsed(schema, input, `the input of ${channel}`));
    return { ok: true, value: parsed(output, value, `the output of ${channel}`) };
  } catch (error) {
    const failure = failureOf(error);
    if (!(error instanceof AppError)) {
      console.error(`${channel}:`, error);
      log.write({ event: "error", where: "main", trouble: troubleOf(error) });
    }
    if (failure.code !== "cancelled")
      log.write({ event: "call-failed", channel, failure: figuresOfFailure(failure) });
    return { ok: false, failure };
  }
}
