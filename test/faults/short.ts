/** The short form of `npm run test:faults`: a few tries of each, with other faults every time. */
import { describe, test } from "vitest";
import { Random } from "../../native-models/random.ts";
import { temporaryFolder } from "../main/temporary-folder.ts";
import { tryOnce } from "./fault.ts";
import type { Fault } from "./fault.ts";
import { faults } from "./faults.ts";

/** A few tries take a minute; with every core busy, many. */
const longestMs = 1_800_000;

/** Makes the tests of the faults that `isOne` chooses: Vitest runs files side by side. */
export function shortForm(isOne: (fault: Fault) => boolean): void {
  const chosen = faults.filter((fault) => fault.times.short > 0 && isOne(fault));
  describe.each(chosen)("$name", (fault) => {
    const missing = fault.missing?.() ?? null;
    const title = `${fault.title} (${fault.times.short} times)`;
    test.skipIf(missing !== null)(
      missing === null ? title : `${title}: ${missing}`,
      () => tryAFew(fault),
      longestMs,
    );
  });
}

async function tryAFew(fault: Fault): Promise<void> {
  const folder = temporaryFolder();
  const seed = Math.floor(Math.random() * 2 ** 32);
  const prepared = await fault.prepare(folder, "short");
  const drawn = new Random(seed, "tries").permutation(prepared.all ?? fault.times.short);
  for (const index of drawn.subarray(0, fault.times.short)) {
    await tryOnce(fault, prepared, { seed, index, folder }).catch((error: unknown) => {
      const again = `npm run test:faults -- --only ${fault.name} --seed ${seed} --try ${index}`;
      throw new Error(`${again}: ${String(error)}`, { cause: error });
    });
  }
}
