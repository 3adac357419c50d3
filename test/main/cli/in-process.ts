/** The command line in this process, for what needs no signals, input or terminal of its own. */
import { vi } from "vitest";
import { runCommandLine } from "../../../main/cli/program.ts";
import { eventsIn, type Ended } from "./command.ts";

let before: Promise<unknown> = Promise.resolve();

/** Runs `coppice` to its end; one command at a time has this process's environment and output. */
export function coppice(
  home: string,
  args: readonly string[],
  { environment = {} }: { environment?: Record<string, string> } = {},
): Promise<Ended> {
  const ended = before.then(() => run({ COPPICE_HOME: home, ...environment }, args));
  before = ended.catch(() => {});
  return ended;
}

async function run(environment: Record<string, string>, args: readonly string[]): Promise<Ended> {
  const own = { ...process.env };
  Object.assign(process.env, environment);
  const [output, errors] = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockReturnValue(true),
  );
  const written = (stream: typeof output) => stream!.mock.calls.map(([text]) => String(text)).join("");
  try {
    const code = await runCommandLine(args);
    return { code, output: written(output), errors: written(errors), events: eventsIn(written(output)) };
  } finally {
    for (const stream of [output, errors]) stream!.mockRestore();
    for (const name of Object.keys(environment)) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
  }
}
