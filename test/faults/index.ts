/**
 * `npm run test:faults`: what docs/reliability.md promises, tried many times with faults drawn by a seed. It can be stopped at
 * any time and goes on where it was.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { readArguments } from "../command-line.ts";
import { Random } from "../../native-models/random.ts";
import { tryOnce } from "./fault.ts";
import type { Fault, Prepared } from "./fault.ts";
import { faults } from "./faults.ts";

const USAGE = `npm run test:faults -- [--only NAME[,NAME]] [--times N] [--seed N] [--try N] [--fresh]
--times instead of each one's own; --seed draws other faults; --try repeats that one alone; --fresh begins again.
Faults: ${faults.map(({ name }) => name).join(", ")}.`;

const { values } = readArguments(USAGE, {
  options: {
    only: { type: "string" },
    times: { type: "string" },
    seed: { type: "string", default: "1" },
    try: { type: "string" },
    fresh: { type: "boolean", default: false },
  },
});

/** How far a fault's tries have come. */
const State = z.object({ done: z.number(), failed: z.array(z.number()) });
type State = z.infer<typeof State>;

const states = fileURLToPath(new URL("../../.cache/faults/", import.meta.url));
mkdirSync(states, { recursive: true });

const seed = wholeNumber("seed")!;
const names = values.only?.split(",");
const unknown = names?.filter((name) => !faults.some((fault) => fault.name === name)) ?? [];
if (unknown.length > 0)
  throw new Error(`No fault is called ${unknown.join(", ")}: ${faults.map(({ name }) => name).join(", ")}.`);

let [passed, failed] = [0, 0];
for (const fault of faults.filter(({ name }) => names?.includes(name) ?? true)) await tryFault(fault);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

async function tryFault(fault: Fault): Promise<void> {
  const missing = fault.missing?.() ?? null;
  console.log(
    `\n${fault.name} (promise ${fault.promise}): ${fault.title}${missing ? `: not here: ${missing}` : ""}`,
  );
  if (missing !== null) return;
  const folder = mkdtempSync(join(tmpdir(), `coppice-${fault.name}-`));
  try {
    await tryAll(fault, await fault.prepare(folder, "long"), folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function tryAll(fault: Fault, prepared: Prepared, folder: string): Promise<void> {
  const { all = Infinity } = prepared;
  const single = wholeNumber("try");
  const wanted = wholeNumber("times") ?? (fault.times.long === "all" ? all : fault.times.long);
  const times = single === undefined ? Math.min(wanted, all) : 1;
  // Some of many are drawn from all of them.
  const order = times < all && all < Infinity ? new Random(seed, fault.name).permutation(all) : null;
  const file = join(states, `${fault.name}-${seed}.json`);
  const state = single === undefined ? stateIn(file, times) : { done: 0, failed: [] };
  if (state.done > 0) console.log(`  goes on after ${state.done} of ${times}`);
  while (state.done < times) {
    const index = single ?? order?.[state.done] ?? state.done;
    state.done++;
    try {
      const said = await tryOnce(fault, prepared, { seed, index, folder });
      console.log(`  ✓ ${index}: ${said}`);
    } catch (error) {
      state.failed.push(index);
      console.log(`  ✗ ${index}: ${String(error)}`);
    }
    rmSync(join(folder, `try-${index}`), { recursive: true, force: true });
    if (single === undefined) writeFileSync(file, JSON.stringify(state));
  }
  passed += times - state.failed.length;
  failed += state.failed.length;
  console.log(`  ${times - state.failed.length} of ${times}, seed ${seed}`);
}

/** What was done before; nothing if that was all of it. */
function stateIn(file: string, times: number): State {
  const none = { done: 0, failed: [] };
  if (values.fresh) return none;
  try {
    const state = State.parse(JSON.parse(readFileSync(file, "utf8")));
    return state.done < times ? state : none;
  } catch {
    return none;
  }
}

function wholeNumber(option: "times" | "seed" | "try"): number | undefined {
  const text = values[option];
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0) throw new Error(`--${option} is a whole number.`);
  return number;
}
