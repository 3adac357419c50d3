/** Main as the window sees it, in a test that specifies what each call returns. */
import { onTestFinished, vi } from "vitest";
import type { z } from "zod";
import { failureOf } from "../../native-models/failure.ts";
import type { Call, Contract, Notification, Stream } from "../../preload/contract/call.ts";
import { contract } from "../../preload/contract/contract.ts";

type Answering<E> =
  E extends Call<infer Input, infer Output>
    ? (input: z.output<Input>) => z.output<Output> | Promise<z.output<Output>>
    : E extends Stream<infer Input, infer Piece, infer Output>
      ? (
          input: z.output<Input>,
          onPiece: (piece: z.output<Piece>) => void,
          cancelled: Promise<never>,
        ) => Promise<z.output<Output>>
      : never;

/** The calls that a test expects; any other fails. */
export type Answers = {
  [Area in keyof typeof contract]?: {
    [
      Name in keyof (typeof contract)[Area] as (typeof contract)[Area][Name] extends Notification
        ? never
        : Name
    ]?: Answering<(typeof contract)[Area][Name]>;
  };
};

/** Puts a bridge in the window until the test ends. `tell` sends a notification as main would. */
export function bridge(answers: Answers): { tell: (channel: string, payload: unknown) => void } {
  const listeners = new Map<string, Set<(payload: unknown) => void>>();
  const settled = (work: () => unknown) =>
    new Promise((resolve) => resolve(work())).then(
      (value) => ({ ok: true, value }),
      (error: unknown) => ({ ok: false, failure: failureOf(error) }),
    );
  const member = (area: string, name: string) => {
    const channel = `${area}.${name}`;
    const answer = (answers as Record<string, Record<string, (...given: unknown[]) => unknown>>)[area]?.[
      name
    ];
    return (...given: unknown[]) => {
      if (typeof given[0] === "function") {
        const all = listeners.get(channel) ?? new Set();
        listeners.set(channel, all.add(given[0] as (payload: unknown) => void));
        return () => void all.delete(given[0] as (payload: unknown) => void);
      }
      if (!answer) throw new Error(`Nobody answers ${channel}`);
      if ((contract as Contract)[area]?.[name]?.kind !== "stream") return settled(() => answer(...given));
      let cancel = () => {};
      const cancelled = new Promise<never>(
        (_, reject) => (cancel = () => reject(new Error("it was cancelled"))),
      );
      cancelled.catch(() => {});
      return { done: settled(() => answer(given[0], given[1], cancelled)), cancel };
    };
  };
  const coppice = new Proxy(
    {},
    { get: (_, area: string) => new Proxy({}, { get: (_, name: string) => member(area, name) }) },
  );
  vi.stubGlobal("window", { coppice });
  onTestFinished(() => void vi.unstubAllGlobals());
  return { tell: (channel, payload) => listeners.get(channel)?.forEach((listen) => listen(payload)) };
}
