/** Handles the window's calls: checks the sender and the message, and sends failures as data. */
import { ipcMain } from "electron";
import type { IpcMainEvent, IpcMainInvokeEvent, MessagePortMain } from "electron";
import { AppError, failureOf } from "../native-models/failure.ts";
import { channelOf, droppedChannel } from "../preload/contract/call.ts";
import type { Call, Entry, Result, Stream, StreamMessage } from "../preload/contract/call.ts";
import { contract } from "../preload/contract/contract.ts";
import { troubleOf } from "../preload/contract/trouble.ts";
import { parsed } from "./engines/process/protocol.ts";
import type { AllHandlers } from "./handlers/index.ts";
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
  const isTrusted = (event: IpcMainEvent | IpcMainInvokeEvent) => {
    try {
      const { senderFrame, sender } = event;
      return senderFrame !== null && senderFrame === sender.mainFrame && isOurs(senderFrame.url);
    } catch {
      return false; // a destroyed frame has no address
    }
  };

  ipcMain.on(droppedChannel, (event, path: unknown) => {
    if (isTrusted(event) && typeof path === "string") onDropped(path);
  });

  for (const [area, entries] of Object.entries(contract)) {
    for (const [name, entry] of Object.entries(entries as Record<string, Entry>)) {
      const channel = channelOf(area, name);
      const handler = (handlers as unknown as Record<string, Record<string, Handler>>)[area]![name]!;
      if (entry.kind === "call") {
        ipcMain.handle(channel, (event, input) =>
          resultOf({ log, channel, entry, input, isTrusted: isTrusted(event) }, handler),
        );
      } else if (entry.kind === "stream") {
        ipcMain.on(channel, (event, input) => {
          const [port] = event.ports;
          if (!port) return;
          const ended = onStream(entry);
          const request = { log, channel, entry, input, isTrusted: isTrusted(event) };
          void answerStream(request, port, handler).finally(ended);
        });
      }
    }
  }
}

/** What the window asked for, and where a failure is logged. */
interface WindowRequest {
  readonly log: Log;
  readonly channel: string;
  readonly entry: Call | Stream;
  readonly input: unknown;
  /** Whether it came from the application's own page. */
  readonly isTrusted: boolean;
}

/** Sends an answer's pieces, then its result, through a port of its own. */
async function answerStream(
  request: WindowRequest & { readonly entry: Stream },
  port: MessagePortMain,
  handler: Handler,
): Promise<void> {
  const { channel, entry } = request;
  const stopping = new AbortController();
  const send = (message: StreamMessage) => port.postMessage(message);
  // The window cancels, or has been closed.
  port.on("message", () => stopping.abort());
  port.on("close", () => stopping.abort());
  port.start();
  const onPiece = (piece: unknown) =>
    send({ type: "piece", piece: parsed(entry.piece, piece, `a piece of ${channel}`) });
  const result = await resultOf(request, (input) => handler(input, onPiece, stopping.signal));
  send({ type: "done", result });
}

/** The handler's result, or its failure, which is logged. */
async function resultOf(
  { log, channel, entry, input, isTrusted }: WindowRequest,
  handler: (input: unknown) => unknown,
): Promise<Result<unknown>> {
  try {
    if (!isTrusted)
      throw new AppError({ code: "internal", message: `${channel} was called from a foreign page` });
    refuseUnlessPlain(input, `the input of ${channel}`);
    const value = await handler(parsed(entry.input, input, `the input of ${channel}`));
    return { ok: true, value: parsed(entry.output, value, `the output of ${channel}`) };
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
