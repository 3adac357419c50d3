/** What is fuzzed: a grammar that makes files, whole or changed, and the parser that must give a value or a failure for each. */
import { Random } from "../../native-models/random.ts";

/** Files by their names in a folder. */
export type Files = Readonly<Record<string, Buffer>>;

export interface FuzzedParser {
  readonly name: string;
  /** Files of this kind: valid ones, which the parser must take, or such that were changed. */
  make(random: Random, changed: boolean): Files;
  /** Parses the files in a folder as the application does, to the end. */
  parse(folder: string): unknown;
  /** How many inputs `npm test` tries: what takes a few seconds. */
  readonly shortCount: number;
}

/** Every so many inputs, one stays as it was generated. */
const VALID_EVERY = 16;

/** Whether an input is one that was left as it was made. */
export function isValid(index: number): boolean {
  return index % VALID_EVERY === 0;
}

/** The files of one input. The same seed and index give the same bytes everywhere. */
export function filesOf(parser: FuzzedParser, seed: number, index: number): Files {
  return parser.make(new Random(seed, `${parser.name} ${index}`), !isValid(index));
}
