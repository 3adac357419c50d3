/** Determines the native loops of a run with a base in w8a8 (native-models/training/native-trainer.ts). */
import { z } from "zod";
import { bestLoops, LOOP_NUMBERS, loopsFor } from "../../../native-models/training/native-trainer.ts";
import type { TrainingLoops } from "../../../native-models/training/native-trainer.ts";
import type { Base } from "../../../preload/contract/plans/plan.ts";
import type { Journal } from "../journal/checkpoint.ts";
import { nameOf } from "../schedule/stage-names.ts";

/** Which bits a run's steps have: those of a kind of loops, or of graphs. */
const Numbers = z.enum(["graphs", ...LOOP_NUMBERS]);

const isNative = ({ storage, streamed }: Base): boolean => storage === "w8a8" && !streamed;

/** The fastest loops for a base; undefined: graphs. */
export const usedLoops = (base: Base): TrainingLoops | undefined =>
  isNative(base) ? bestLoops()?.loops : undefined;

/** The same for a run, which stores its choice, so that it continues with the same bits where this computer can. */
export async function usedLoopsOf(journal: Journal, base: Base): Promise<TrainingLoops | undefined> {
  if (!isNative(base)) return undefined;
  const numbers = await journal.stage(nameOf.loops, Numbers, () =>
    Promise.resolve(bestLoops()?.numbers ?? "graphs"),
  );
  return numbers === "graphs" ? undefined : (loopsFor(numbers) ?? bestLoops()?.loops);
}
