/**
 * The messages between the window and main. A contract is an object of areas, an area an object of calls, streams and
 * notifications; validation, types, the bridge and its handlers are derived from it (preload/contract/contract.ts).
 */
import type { z } from "zod";
import type { Failure } from "../../native-models/failure.ts";

/** A request with one response. */
export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly kind: "call";
  readonly input: Input;
  readonly output: Output;
}

/** A request whose response arrives in pieces, over its own port, and that can be cancelled. */
export interface Stream<
  Input extends z.ZodType = z.ZodType,
  Piece extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  readonly kind: "stream";
  readonly input: Input;
  readonly piece: Piece;
  readonly output: Output;
}

/** A notification from main to every window. */
export interface Notification<Payload extends z.ZodType = z.ZodType> {
  readonly kind: "notification";
  readonly payload: Payload;
}

export type Entry = Call | Stream | Notification;
export type Contract = Readonly<Record<string, Readonly<Record<string, Entry>>>>;

export const call = <Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Call<Input, Output> => ({ kind: "call", input, output });

export const stream = <Input extends z.ZodType, Piece extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  piece: Piece,
  output: Output,
): Stream<Input, Piece, Output> => ({ kind: "stream", input, piece, output });

export const notification = <Payload extends z.ZodType>(payload: Payload): Notification<Payload> => ({
  kind: "notification",
  payload,
});

/** A value, or why there is none: failures are sent as data. */
export type Result<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly failure: Failure };

/** A running stream. */
export interface Streaming<Value> {
  readonly done: Promise<Result<Value>>;
  cancel(): void;
}

type Asked<E> =
  E extends Call<infer Input, infer Output>
    ? (input: z.input<Input>) => Promise<Result<z.output<Output>>>
    : E extends Stream<infer Input, infer Piece, infer Output>
      ? (input: z.input<Input>, onPiece: (piece: z.output<Piece>) => void) => Streaming<z.output<Output>>
      : E extends Notification<infer Payload>
        ? (listener: (payload: z.output<Payload>) => void) => () => void
        : never;

/** The contract as the window sees it. */
export type Bridge<C extends Contract> = {
  readonly [Area in keyof C]: { readonly [Name in keyof C[Area]]: Asked<C[Area][Name]> };
};

type Handler<E> =
  E extends Call<infer Input, infer Output>
    ? (input: z.output<Input>) => z.input<Output> | Promise<z.input<Output>>
    : E extends Stream<infer Input, infer Piece, infer Output>
      ? (
          input: z.output<Input>,
          onPiece: (piece: z.input<Piece>) => void,
          signal: AbortSignal,
        ) => Promise<z.input<Output>>
      : never;

type HandlersByName<Area> = {
  [Name in keyof Area as Area[Name] extends Notification ? never : Name]: Handler<Area[Name]>;
};

/** Main's handlers of one area: anything they throw is sent as a Failure. */
export type Handlers<Area extends Contract[string]> = HandlersByName<Area>;

/** The channel on which the bridge itself reports a file dropped on the window: no page can send on it. */
export const droppedChannel = "dropped";

/** The channel of an entry. */
export const channelOf = (area: string, name: string) => `${area}.${name}`;

/** A message over a stream's port, main → window. */
export type StreamMessage =
  | { readonly type: "piece"; readonly piece: unknown }
  | { readonly type: "done"; readonly result: Result<unknown> };
