import { isatty } from "node:tty";
import { Unfinished } from "./unfinished.ts";

/** Whether a person sees this process on a terminal: not under nohup, cron or systemd. */
export const isOnTerminal = (): boolean => [0, 1, 2].some((stream) => isatty(stream));

/**
 * Calls `stop` once when the command should stop, with its exit code: at Ctrl-C, at `kill`, or when its terminal is closed. A second Ctrl-C calls `end`, or
 * ends the process immediately; the others may come twice (`timeout` signals the program, then its whole group). Returns a function
 * that ends this.
 */
export function onStop(stop: (exitCode: number) => void, end?: () => void): () => void {
  let isStopping = false;
  const begin = (_: NodeJS.Signals, number: number) => {
    if (isStopping) return;
    isStopping = true;
    if (!end) process.off("SIGINT", interrupt);
    stop(128 + number);
  };
  const interrupt = (signal: NodeJS.Signals, number: number) =>
    isStopping ? end?.() : begin(signal, number);
  const signals: NodeJS.Signals[] = isOnTerminal() ? ["SIGTERM", "SIGHUP"] : ["SIGTERM"];
  process.on("SIGINT", interrupt);
  for (const signal of signals) process.on(signal, begin);
  return () => {
    process.off("SIGINT", interrupt);
    for (const signal of signals) process.off(signal, begin);
  };
}

/** Runs `work`. Ctrl-C aborts its signal, and `Unfinished` with `stopped` is thrown; a second Ctrl-C ends the process immediately. */
export async function stoppable<Result>(
  stopped: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const stopping = new AbortController();
  const { signal } = stopping;
  let exitCode = 1;
  const done = onStop((code) => {
    exitCode = code;
    stopping.abort();
  });
  try {
    return await work(signal);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Unfinished(stopped, exitCode);
  } finally {
    done();
  }
}
