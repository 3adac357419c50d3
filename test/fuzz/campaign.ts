/** Many inputs of one parser, in a process that is restarted whenever one of them ends it. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** An input that the parser did not take as it must. */
export interface Finding {
  readonly index: number;
  readonly error: string;
}

export interface Campaign {
  readonly parser: string;
  readonly seed: number;
  readonly from: number;
  readonly count: number;
  readonly onProgress?: (index: number) => void;
  readonly onFinding?: (finding: Finding) => void;
}

const child = fileURLToPath(new URL("child.ts", import.meta.url));

/** Tries them all and gives what failed. One that ended the process is tried again alone before it counts. */
export async function run({
  parser,
  seed,
  from,
  count,
  onProgress,
  onFinding,
}: Campaign): Promise<Finding[]> {
  const findings: Finding[] = [];
  const add = (finding: Finding) => {
    findings.push(finding);
    onFinding?.(finding);
  };
  const end = from + count;
  for (let next = from; next < end;) {
    const life = await one(parser, seed, next, end, false, add, onProgress);
    if (life.done) break;
    // If it ended without a message, its inputs are tried once more, each reported beforehand.
    const culprit = life.ended ?? (await one(parser, seed, life.at, end, true, () => {}, onProgress));
    const index = "index" in culprit ? culprit.index : culprit.at;
    const again = await one(parser, seed, index, index + 1, true, () => {});
    if (!again.done) add({ index, error: again.ended?.error ?? `the process ended (${again.how})` });
    next = index + 1;
  }
  return findings;
}

interface Life {
  readonly done: boolean;
  /** The last reported input. */
  readonly at: number;
  /** The input that was stopped, and why. */
  readonly ended: Finding | null;
  readonly how: string;
}

function one(
  parser: string,
  seed: number,
  from: number,
  to: number,
  each: boolean,
  onError: (finding: Finding) => void,
  onProgress?: (index: number) => void,
): Promise<Life> {
  const args = [
    "--disable-warning=ExperimentalWarning",
    child,
    parser,
    String(seed),
    String(from),
    String(to),
  ];
  const started = spawn(process.execPath, each ? [...args, "each"] : args, {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [done, at, errors] = [false, from, ""];
  let last: Finding | null = null;
  started.stderr.on("data", (text: Buffer) => (errors = (errors + text.toString()).slice(-2000)));
  createInterface({ input: started.stdout }).on("line", (line) => {
    const told = JSON.parse(line) as { at: number; error?: string; done?: boolean };
    at = Math.max(at, told.at);
    done ||= told.done === true;
    if (told.error !== undefined) {
      if (last) onError(last);
      last = { index: told.at, error: told.error };
    }
    onProgress?.(at);
  });
  return new Promise((resolve) => {
    started.on("close", (code, signal) => {
      const stopped = !done && signal === "SIGKILL" && last?.index === at ? last : null;
      if (last && !stopped) onError(last);
      const how = `${signal ?? `exit code ${code}`}: ${errors.trim().split("\n").pop() ?? ""}`;
      resolve({ done, at, ended: stopped, how });
    });
  });
}
