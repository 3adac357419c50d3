/** A run on another computer: what of a data set leaves this one, and when it is offered. */
import { rowCount } from "../data/data.ts";
import type { DatasetReport } from "../data/data.ts";
import type { MaskedKind } from "../data/personal.ts";

/** All rows leave, as numbers of the model's tokenizer; `masked`: what was masked in them, if masking was on. */
export interface Leaving {
  readonly rows: number;
  readonly masked: readonly MaskedKind[] | undefined;
}

export function leavingOf({ splits, masked }: DatasetReport): Leaving {
  const rows = Object.values(splits).reduce((sum, split) => sum + rowCount(split), 0);
  return { rows, masked };
}

/** A run that takes longer than a night is offered to another computer. */
export const NIGHT_SECONDS = 10 * 60 * 60;
