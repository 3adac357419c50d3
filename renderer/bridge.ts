/** Main's API for the window: results are values, failures are thrown. */
import { AppError } from "../native-models/failure.ts";
import type { Call, Notification, Result, Stream, Streaming } from "../preload/contract/call.ts";
import type { contract, WindowBridge } from "../preload/contract/contract.ts";
import type { z } from "zod";

declare global {
  interface Window {
    readonly coppice: WindowBridge;
  }
}

type Asking<E> =
  E extends Call<infer Input, infer Output>
    ? (input: z.input<Input>) => Promise<z.output<Output>>
    : E extends Stream<infer Input, infer Piece, infer Output>
      ? (
          input: z.input<Input>,
          onPiece: (piece: z.output<Piece>) => void,
          signal?: AbortSignal,
        ) => Promise<z.output<Output>>
      : E extends Notification<infer Payload>
        ? (listener: (payload: z.output<Payload>) => void) => () => void
        : never;

type Main = {
  readonly [Area in keyof typeof contract]: {
    readonly [Name in keyof (typeof contract)[Area]]: Asking<(typeof contract)[Area][Name]>;
  };
};

type Bridged = (...given: unknown[]) => Promise<Result<unknown>> | Streaming<unknown> | (() => void);

/**
 * `await main.models.inspect({ path })`. Calls and streams reject with an AppError; a signal cancels a stream; a notification
 * returns the function that unsubscribes.
 */
export const main = new Proxy({} as Main, {
  get: (_, area: string) =>
    new Proxy(
      {},
      {
        get:
          (_, name: string) =>
          (...given: unknown[]) =>
            ask(area, name, given),
      },
    ),
});

export const pathOf = (file: File) => window.coppice.pathOf(file);

function ask(area: string, name: string, given: unknown[]) {
  const bridge = window.coppice as unknown as Record<string, Record<string, Bridged>>;
  const signal = given[2] instanceof AbortSignal ? (given.splice(2, 1)[0] as AbortSignal) : undefined;
  const answer = bridge[area]![name]!(...given.map(plain));
  if (typeof answer === "function") return answer;
  if (!("done" in answer)) return answer.then(valueOf);
  if (signal?.aborted) answer.cancel(); // aborted before the stream was started
  signal?.addEventListener("abort", () => answer.cancel(), { once: true });
  return answer.done.then(valueOf);
}

/** Svelte state is a proxy, which cannot be sent to main. */
function plain(value: unknown): unknown {
  return typeof value === "object" && value !== null ? JSON.parse(JSON.stringify(value)) : value;
}

function valueOf(result: Result<unknown>): unknown {
  if (!result.ok) throw new AppError(result.failure);
  return result.value;
}
