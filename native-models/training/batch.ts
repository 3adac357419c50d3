/** Rows of tokens for a model: N tokens concatenated, and their side-by-side layout for attention. */
import type { Attention, MixerState, Rope } from "../architectures/architecture.ts";
import { growthOf, isBeyond, ropeTables } from "../architectures/rope.ts";
import { QUERY_PIECES } from "../graph/attention.ts";
import { float32, int32 } from "../runtime/session.ts";
import type { OrtTensor } from "../runtime/session.ts";

/** The maximum number of tokens in one pass through a model, in training and in scoring: it bounds the memory of a pass. */
export const PASS_TOKENS = 2048;

/** A row: token ids, and the length of the prompt; each token after it is the label of the one before. */
export interface TokenRow {
  readonly ids: readonly number[];
  readonly promptLength: number;
  /** Ranges of the prompt whose tokens are labels as well, in order: earlier answers of a conversation. */
  readonly answers?: readonly (readonly [first: number, end: number])[];
  /** Alternative labels for the last position, scored in addition to the last id: the other choices, if each is one token. */
  readonly alternatives?: readonly number[];
}

/** The places in `ids` of a row's labels, in order, without its alternatives. */
export function labelPlaces({ ids, promptLength, answers = [] }: TokenRow): number[] {
  const last = [Math.max(1, promptLength), ids.length] as const;
  return [...answers, last].flatMap(([first, end]) =>
    Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index),
  );
}

/** The tensors that a batch passes to every unit (graph/attention.ts, RowLayout). */
export type LayoutFeeds = Readonly<Record<"padIndex" | "unpadIndex" | "occupied", OrtTensor>>;

/** The tensors for attention of one kind (AttentionTables). */
export type TableFeeds = Readonly<Record<"mask" | "cos" | "sin" | "growth", OrtTensor>>;

export interface Batch {
  /** Token ids. [N] */
  readonly tokens: Int32Array;
  /** Index of the first token of each row, and N at the end. [B + 1] */
  readonly rowStarts: Int32Array;
  /** Tokens whose next token is a label: their index and that label, in order. [n] each. */
  readonly labelIndex: Int32Array;
  readonly labels: Int32Array;
  /** Index of the first label of each row (its alternatives come last), and n at the end. [B + 1] */
  readonly labelStarts: Int32Array;
  readonly layout: LayoutFeeds;
  /** The additional inputs of attention of this kind; empty for a half without attention. */
  tables(state: MixerState | null): Partial<TableFeeds>;
}

/** Row lengths vary, so cached masks are limited: together they have at most this many elements, 32 MiB. */
const MOST_TABLE_NUMBERS = 2 ** 23;

interface AngleTables {
  readonly places: number;
  /** Whether they are those of `Rope.beyond`. */
  readonly isBeyond: boolean;
  readonly cos: Float32Array;
  readonly sin: Float32Array;
}

/** Creates batches; masks and rotary tables are cached. */
export class Batcher {
  #masks = new Map<string, OrtTensor>();
  #maskNumbers = 0;
  /** The tables of each rotation for the longest rows so far, one for each of its sets of frequencies. */
  readonly #angles = new Map<Rope, AngleTables[]>();

  /** The last token of a row is only a label, not an input. Rows have at least two tokens. */
  batch(rows: readonly TokenRow[]): Batch {
    const lengths = rows.map((row) => row.ids.length - 1);
    const total = lengths.reduce((sum, length) => sum + length, 0);
    const longest = Math.max(...lengths);
    const places = QUERY_PIECES * Math.ceil(longest / QUERY_PIECES);
    const tokens = new Int32Array(total);
    const rowStarts = new Int32Array(rows.length + 1);
    const labelStarts = new Int32Array(rows.length + 1);
    const padIndex = new Int32Array(rows.length * places);
    const unpadIndex = new Int32Array(total);
    const occupied = new Float32Array(rows.length * places);
    const labelIndex: number[] = [];
    const labels: number[] = [];
    let start = 0;
    rows.forEach((tokenRow, row) => {
      const { ids, alternatives = [] } = tokenRow;
      for (let position = 0; position < lengths[row]!; position++) {
        const index = start + position;
        const place = row * places + position;
        tokens[index] = ids[position]!;
        padIndex[place] = index;
        unpadIndex[index] = place;
        occupied[place] = 1;
      }
      for (const place of labelPlaces(tokenRow)) {
        labelIndex.push(start + place - 1);
        labels.push(ids[place]!);
      }
      start += lengths[row]!;
      for (const label of alternatives) {
        labelIndex.push(start - 1);
        labels.push(label);
      }
      rowStarts[row + 1] = start;
      labelStarts[row + 1] = labels.length;
    });
    return {
      tokens,
      rowStarts,
      labelIndex: Int32Array.from(labelIndex),
      labels: Int32Array.from(labels),
      labelStarts,
      layout: {
        padIndex: int32(padIndex, rows.length, places),
        unpadIndex: int32(unpadIndex, total),
        occupied: float32(occupied, rows.length, places, 1),
      },
      tables: (state) =>
        state?.kind === "attention" ? this.#tablesFor(state.attention, places, longest) : {},
    };
  }

  /** For rows of `places` places, at most `longest` of them occupied. */
  #tablesFor({ window, rope }: Attention, places: number, longest: number): Partial<TableFeeds> {
    const mask = this.#maskFor(window, places);
    return rope ? { mask, ...this.#anglesFor(rope, places, longest) } : { mask };
  }

  #maskFor(window: number | null, length: number): OrtTensor {
    const key = `${window} ${length}`;
    const known = this.#masks.get(key);
    if (known) return known;
    this.#maskNumbers += length ** 2;
    if (this.#maskNumbers > MOST_TABLE_NUMBERS) {
      this.#masks.clear();
      this.#maskNumbers = length ** 2;
    }
    const values = new Float32Array(length * length);
    for (let i = 0; i < length; i++) {
      for (let j = 0; j < length; j++) {
        const seen = j <= i && (window === null || i - j < window);
        if (!seen) values[i * length + j] = -1e9;
      }
    }
    const mask = float32(values, length, length);
    this.#masks.set(key, mask);
    return mask;
  }

  #anglesFor(rope: Rope, places: number, longest: number): Partial<TableFeeds> {
    const [tables = [], pairs] = [this.#angles.get(rope), rope.frequencies.length];
    const other = isBeyond(rope, longest);
    let known = tables.find((table) => table.isBeyond === other);
    if (!known || known.places < places) {
      const rest = tables.filter((table) => table !== known);
      known = { places, isBeyond: other, ...ropeTables(rope, places, 0, longest) };
      this.#angles.set(rope, [...rest, known]);
    }
    const first = (angles: Float32Array) => float32(angles.subarray(0, places * pairs), places, pairs);
    const angles = { cos: first(known.cos), sin: first(known.sin) };
    return rope.growth ? { ...angles, growth: float32(growthOf(rope.growth, places), places, 1) } : angles;
  }
}

/**
 * Groups rows, in order, into batches of at most `maxTokens` tokens each after padding to the longest row (a longer row is
 * processed alone, and attention rounds lengths up: `Batcher`).
 */
export function groupRows(rows: readonly TokenRow[], maxTokens: number): TokenRow[][] {
  const groups: TokenRow[][] = [];
  let longest = 0;
  for (const row of rows) {
    const group = groups.at(-1);
    longest = Math.max(longest, row.ids.length);
    if (group && (group.length + 1) * longest <= maxTokens) {
      group.push(row);
    } else {
      groups.push([row]);
      longest = row.ids.length;
    }
  }
  return groups;
}
