import { Unfinished } from "./unfinished.ts";

/** Runs `work`. Ctrl-C aborts its signal, and `Unfinished` with `stopped` is thrown; a second Ctrl-C ends the process immediately. */
export async function stoppable<Result>(
  stopped: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stop = () => stopping.abort();
  process.once("SIGINT", stop).once("SIGTERM", stop);
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Unfinished(stopped);
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}
