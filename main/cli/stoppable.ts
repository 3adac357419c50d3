import { Unfinished } from "./unfinished.ts";

/** Does `work`, whose signal Ctrl-C aborts: it then throws `Unfinished` with `stopped`. A second Ctrl-C ends the process at once. */
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
