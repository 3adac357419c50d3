/** One request over a process's network stack, watched: it ends when it is cancelled, silent or late. */
import { AppError } from "../../../native-models/failure.ts";
import { networkReasonText } from "../../../preload/contract/failures/network.ts";
import type { NetworkReason } from "../../../preload/contract/failures/network.ts";

/** A server that is silent for this long is given up on. */
const SILENCE_MS = 20_000;

/** An answer; the names of `headers` are in lower case. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A network stack: starts a request that follows no redirect. `end` closes its connection. */
export type Ask = (
  url: string,
  headers: Readonly<Record<string, string>>,
) => { readonly answer: Promise<Answer>; end(): void };

/** Why there is no answer, or only a part of it. */
export class Unreachable extends Error {
  readonly reason: NetworkReason;

  constructor(reason: NetworkReason) {
    super(networkReasonText(reason));
    this.reason = reason;
  }
}

export interface RequestOptions {
  readonly signal: AbortSignal;
  readonly headers?: Readonly<Record<string, string>>;
  readonly silenceMs?: number | undefined;
  /** For the whole answer. */
  readonly deadlineMs?: number | undefined;
}

/**
 * The answer from an address. A caller that does not read all its chunks must call `end`. Throws, also while reading:
 * `Unreachable`; the failure cancelled.
 */
export async function request(
  ask: Ask,
  url: string,
  { signal, headers = {}, silenceMs = SILENCE_MS, deadlineMs }: RequestOptions,
): Promise<Answer & { end(): void }> {
  let giveUp!: (error: Error) => void;
  const failure = new Promise<never>((_, reject) => (giveUp = reject));
  failure.catch(() => {}); // also if nobody is waiting at that moment
  const unreachable = (reason: NetworkReason) => giveUp(new Unreachable(reason));
  const cancel = () => giveUp(new AppError({ code: "cancelled" }));
  const silent = () => unreachable({ code: "silent", seconds: silenceMs / 1000 });

  let silence = setTimeout(silent, silenceMs);
  const late = () => unreachable({ code: "late", seconds: deadlineMs! / 1000 });
  const deadline = deadlineMs === undefined ? undefined : setTimeout(late, deadlineMs);
  if (signal.aborted) cancel();
  else signal.addEventListener("abort", cancel);
  const asked = ask(url, headers);
  const end = () => {
    clearTimeout(silence);
    clearTimeout(deadline);
    signal.removeEventListener("abort", cancel);
    asked.end();
  };
  asked.answer.catch((error: unknown) => unreachable(reasonOf(error)));
  try {
    const { status, headers: received, chunks } = await Promise.race([failure, asked.answer]);
    return { status, headers: received, chunks: watched(chunks), end };
  } catch (error) {
    end();
    throw error instanceof AppError || error instanceof Unreachable
      ? error
      : new Unreachable(reasonOf(error));
  }

  async function* watched(chunks: AsyncIterable<Uint8Array>) {
    const reading = chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await Promise.race([failure, reading.next()]);
        if (done) return;
        clearTimeout(silence);
        silence = setTimeout(silent, silenceMs);
        yield value;
      }
    } catch (error) {
      unreachable(reasonOf(error));
      await failure; // the first reason
    } finally {
      end();
    }
  }
}

const reasonOf = (error: unknown): NetworkReason => ({
  code: "system",
  detail: error instanceof Error ? error.message : String(error),
});
