/**
 * Runs one of Coppice's sides as a process of its own, so that its memory and its threads are its own.
 *
 *   node test/bench/harness/serve.ts test/bench/coppice/decode.ts '{…}'
 *
 * The module exports `open(options)`, which gives an object of async methods. Each line of standard input, {"call": method,
 * "argument": …}, is answered with {"ms", "value"}: how long the method took, and what it gave.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

type Methods = Record<string, (argument: unknown) => Promise<unknown>>;

const [modulePath, options] = process.argv.slice(2) as [string, string];
const { open } = (await import(pathToFileURL(modulePath).href)) as {
  open(options: unknown): Promise<Methods>;
};
const side = await open(JSON.parse(options));
process.stdout.write(`${JSON.stringify({ ready: true })}\n`);

for await (const line of createInterface({ input: process.stdin })) {
  const { call, argument } = JSON.parse(line) as { call: string; argument: unknown };
  const started = performance.now();
  const value = await side[call]!(argument);
  process.stdout.write(`${JSON.stringify({ ms: performance.now() - started, value })}\n`);
}
process.exit(0);
