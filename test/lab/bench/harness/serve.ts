/**
 * Runs one of Coppice's sides in a separate process, so that its memory and threads are its own.
 * node test/lab/bench/harness/serve.ts test/lab/bench/coppice/decode.ts '{…}'
 * Each line of standard input is a request (side.ts), each line of standard output an answer.
 */
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { openSide } from "./side.ts";
import type { Adapter } from "./side.ts";

const [modulePath, options] = process.argv.slice(2) as [string, string];
const say = (answer: object) => void process.stdout.write(`${JSON.stringify(answer)}\n`);
const answer = await openSide((await import(pathToFileURL(modulePath).href)) as Adapter, options);
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) say(await answer(line));
process.exit(0);
