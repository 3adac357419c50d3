/** The scale of an axis. */
export interface Ticks {
  readonly at: readonly number[];
  /** How far apart they are; absent for a single value. */
  readonly step?: number;
}

const MOST = 6;

/** Round numbers within a range, at least `least` apart. A single value is its own tick. */
export function ticksOf(low: number, high: number, least = 0): Ticks {
  const span = high - low;
  if (span === 0) return { at: [low] };
  const power = 10 ** Math.floor(Math.log10(span / MOST));
  const sizes = [1, 2, 5, 10].map((factor) => factor * power);
  const step = sizes.find((size) => size >= least && span / size < MOST) ?? span;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const at = Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
  return { at, step };
}
