/** The real command line, as a process of its own. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../../../main/cli.ts", import.meta.url));

export interface Ended {
  code: number | null;
  output: string;
  errors: string;
  /** The objects of `--json`. */
  events: { event: string; [key: string]: unknown }[];
}

export interface Started {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits for an event, so far or to come. */
  event(isIt: (event: Ended["events"][number]) => boolean): Promise<Ended["events"][number]>;
  /** Waits for words on its standard output, so far or to come. */
  said(words: RegExp): Promise<void>;
  /** Kills the program and every process that it started, at once. */
  killAll(): void;
}

/** The repository's command line. */
export const repository = [process.execPath, "--disable-warning=ExperimentalWarning", script];

export interface StartOptions {
  environment?: NodeJS.ProcessEnv;
  /** What is on its standard input, which then ends; `null` leaves it open. Nothing unless given. */
  input?: string | null;
  /** What to start; the repository's command line unless given. */
  program?: readonly string[];
}

/** Starts `coppice` with a home of its own. */
export function start(
  home: string,
  args: readonly string[],
  { environment = {}, input = "", program = repository }: StartOptions = {},
): Started {
  const [executable, ...first] = program;
  const child = spawn(executable!, [...first, ...args], {
    env: { ...process.env, COPPICE_HOME: home, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    detached: true, // a process group of its own
  });
  if (input !== null) child.stdin.end(input);
  let [output, errors] = ["", ""];
  const waiting = new Set<() => void>();
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    for (const look of waiting) look();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.on("close", (code) => resolve({ code, output, errors, events: eventsIn(output) }));
  });
  return {
    process: child,
    ended,
    killAll: () => process.kill(-child.pid!, "SIGKILL"),
    event: (isIt) => found(() => eventsIn(output).find(isIt)),
    said: async (words) => void (await found(() => words.exec(output))),
  };

  /** Waits until `look` finds something in the output. */
  function found<Found>(look: () => Found | null | undefined): Promise<Found> {
    return new Promise((resolve, reject) => {
      const lookAgain = () => {
        const what = look();
        if (what === null || what === undefined) return;
        waiting.delete(lookAgain);
        resolve(what);
      };
      waiting.add(lookAgain);
      lookAgain();
      void ended.then(({ errors }) => reject(new Error(`It ended before: ${errors}`)));
    });
  }
}

/** Runs `coppice` to its end. */
export function coppice(...args: Parameters<typeof start>): Promise<Ended> {
  return start(...args).ended;
}

/** The whole lines that are objects; the last line may still be on its way. */
export function eventsIn(output: string): Ended["events"] {
  return output
    .split("\n")
    .slice(0, -1)
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Ended["events"][number]);
}
