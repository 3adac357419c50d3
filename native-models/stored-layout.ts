/** A model's weights as files have them, and back: rows in another order, elements changed, several weights fused into one. */
import type { StoredView, WeightSpec } from "./architectures/architecture.ts";
import { fail } from "./failure.ts";
import { joinedRows, mappedElements, permutedColumns, permutedRows, renamed } from "./formats/views.ts";
import type { Weight } from "./weights.ts";

/** Finds a weight by its upstream name. */
export type Find = (name: string) => Weight | undefined;

/** A stored weight of the file `path` as the weight `name` that it holds. Throws `corrupt-file` if it lacks rows of it. */
export function seenThrough(
  stored: Weight,
  { rows, columns, element, squeezed }: StoredView,
  name: string,
  path: string,
): Weight {
  if (rows) requireRows(stored, 1 + rows.reduce((a, b) => Math.max(a, b), -1), path);
  const ordered = rows ? permutedRows(stored, rows, name) : renamed(stored, name);
  const placed = columns ? permutedColumns(ordered, columns) : ordered;
  const changed = element ? mappedElements(placed, element.read) : placed;
  return squeezed ? renamed(changed, name, [changed.rows, 1, changed.columns]) : changed;
}

/** A weight as a file of another layout stores it: the inverse of `seenThrough`. Its rows are not in blocks of several elements. */
export function storedThrough(
  weight: Weight,
  { name, rows, columns, element, squeezed }: StoredView,
): Weight {
  const changed = element ? mappedElements(weight, element.write) : weight;
  const flat = squeezed ? renamed(changed, name, [changed.rows, changed.columns]) : changed;
  const placed = columns ? permutedColumns(flat, inverse(columns)) : flat;
  return rows ? permutedRows(placed, inverse(rows), name) : renamed(placed, name);
}

function inverse(rows: Int32Array): Int32Array {
  const places = new Int32Array(rows.length);
  rows.forEach((row, place) => (places[row] = place));
  return places;
}

/**
 * Finds the weights of a model, also those that are rows of a fused one; `find` finds what the file `path` has. Finding throws
 * `corrupt-file` if a fused one lacks rows.
 */
export function unfused(specs: readonly WeightSpec[], find: Find, path: string): Find {
  const parts = new Map(specs.flatMap(({ name, fused }) => (fused ? [[name, fused] as const] : [])));
  return (name) => {
    const part = parts.get(name);
    if (!part) return find(name);
    const whole = find(part.name);
    return whole && seenThrough(whole, part, name, path);
  };
}

function requireRows(stored: Weight, needed: number, path: string): void {
  const rows = stored.shape[0] ?? 0;
  if (rows >= needed) return;
  const reason = `it has ${rows} rows, but the configuration needs ${needed}`;
  fail({ code: "corrupt-file", path, section: `tensor "${stored.name}"`, reason });
}

/** A weight, and where its rows are in a fused one; null if it is stored on its own. */
interface Part {
  readonly weight: Weight;
  readonly rows: Int32Array | null;
}

/** The weights that a file of upstream's layout has, in the order of their first parts; `weight` gives a model's own. */
export function fusedWeights(specs: readonly WeightSpec[], weight: (name: string) => Weight): Weight[] {
  const parts = new Map<string, Part[]>();
  for (const { name, fused } of specs) {
    const own = weight(name);
    const { name: stored, rows } = fused ?? { name, rows: null };
    const all = parts.get(stored) ?? [];
    parts.set(stored, [...all, { weight: own, rows }]);
  }
  return [...parts].map(([name, all]) => {
    const [{ weight: first, rows }] = all as [Part];
    return rows === null ? first : joinedRows(name, all as (Part & { rows: Int32Array })[]);
  });
}
