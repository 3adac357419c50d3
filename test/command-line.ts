/** Arguments of the programs that are run by hand: benchmarks, faults, fuzzing. */
import { parseArgs } from "node:util";
import type { ParseArgsConfig } from "node:util";

/** Node's `parseArgs`. `--help` prints the usage and exits; wrong arguments do too, with the error and exit status 2. */
export function readArguments<const Config extends ParseArgsConfig>(
  usage: string,
  config: Config,
): ReturnType<typeof parseArgs<Config>> {
  const end = (status: number, text: string): never => {
    (status === 0 ? console.log : console.error)(text);
    process.exit(status);
  };
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) end(0, usage);
  try {
    return parseArgs(config);
  } catch (error) {
    return end(2, `${(error as Error).message.split(/\. /)[0]!}.\n${usage}`);
  }
}
