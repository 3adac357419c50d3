/** Determines the native loops of a run (native-models/training/native-trainer.ts). */
import { z } from "zod";
import {
  bestLoops,
  isNativeStorage,
  LOOP_NUMBERS,
  loopsFor,
} from "../../../native-models/training/fastest-loops.ts";
import type { NativeStorage } from "../../../native-models/training/fastest-loops.ts";
import type { TrainingLoops } from "../../../native-models/training/native-trainer.ts";
import type { Base } from "../../../preload/contract/plans/plan.ts";
import type { Journal } from "../journal/checkpoint.ts";
import { nameOf } from "../schedule/stage-names.ts";

/** Which bits a run's steps have: those of a kind of loops, or of graphs. */
const Numbers = z.enum(["graphs", ...LOOP_NUMBERS]);

const nativeStorageOf = ({ storage, streamed }: Base): NativeStorage | null =>
  !streamed && isNativeStorage(storage) ? storage : null;

/** The fastest loops for a base; undefined: graphs. */
export function usedLoops(base: Base): TrainingLoops | undefined {
  const storage = nativeStorageOf(base);
  return (storage && bestLoops(storage)?.loops) ?? undefined;
}

/** The same for a run, which stores its choice, so that it continues with the same bits where this computer can. */
export async function usedLoopsOf(journal: Journal, base: Base): Promise<TrainingLoops | undefined> {
  const storage = nativeStorageOf(base);
  if (!storage) return undefined;
  const numbers = await journal.stage(nameOf.loops, Numbers, () =>
    Promise.resolve(bestLoops(storage)?.numbers ?? "graphs"),
  );
  return numbers === "graphs" ? undefined : (loopsFor(storage, numbers) ?? bestLoops(storage)?.loops);
}
