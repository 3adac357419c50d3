/** Weights derived from other weights, or from memory, without copying: each is read on request. */
import { fail } from "../failure.ts";
import { STORAGE, storedBytes } from "../weights.ts";
import type { Weight } from "../weights.ts";
import { encode } from "./storage.ts";
import type { EncodedStorage } from "./storage.ts";
import { StoredWeight } from "./stored-weight.ts";
import type { ReadRows } from "./stored-weight.ts";

/** The same weight under another name; `shape`: with other axes, but the same rows. */
export function renamed(weight: Weight, name: string, shape = weight.shape): Weight {
  return {
    name,
    shape,
    rows: weight.rows,
    columns: weight.columns,
    // Evaluated lazily: a tensor that cannot be decoded throws here, but can still be renamed.
    get storage() {
      return weight.storage;
    },
    read: (first, count) => weight.read(first, count),
    readInto: weight.readInto,
    readFloat32: (first, count) => weight.readFloat32(first, count),
  };
}

/** The same weight; `onRead` receives the number of rows that are read as stored. */
export function watched(weight: Weight, onRead: (rows: number) => void): Weight {
  return {
    ...renamed(weight, weight.name),
    readInto: undefined,
    read: (first, count) => {
      onRead(count);
      return weight.read(first, count);
    },
  };
}

/** The same weight, whose values are refused if one is NaN or infinite. */
export function finiteOnly(weight: Weight, path: string): Weight {
  return {
    name: weight.name,
    storage: weight.storage,
    shape: weight.shape,
    rows: weight.rows,
    columns: weight.columns,
    read: (first, count) => weight.read(first, count),
    readInto: weight.readInto,
    readFloat32: (first, count) => {
      const values = weight.readFloat32(first, count);
      return allFinite(values) ? values : fail({ code: "not-finite", path, tensor: weight.name });
    },
  };
}

/** Whether no value is NaN or infinite: those have all exponent bits set, so that adding one to the exponent carries into the sign. */
function allFinite(values: Float32Array): boolean {
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length);
  let carried = 0;
  for (let i = 0; i < bits.length; i++) carried |= (bits[i]! & 0x7fffffff) + 0x00800000;
  return carried >= 0;
}

/** A weight in memory. `data` is not copied. */
export function fromFloat32(name: string, shape: readonly number[], data: Float32Array): Weight {
  const size = shape.reduce((product, axis) => product * axis, 1);
  if (size !== data.length)
    throw new RangeError(`${name}: ${data.length} values are not [${shape.join(", ")}]`);
  const columns = shape[shape.length - 1] ?? 1;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return new StoredWeight(name, "f32", shape, (first, count) =>
    bytes.subarray(4 * first * columns, 4 * (first + count) * columns),
  );
}

/**
 * A matrix whose row i is row order[i] of `weight` (for a vector: element i is element order[i]), in any storage. Rows may be
 * left out or repeated.
 */
export function permutedRows(weight: Weight, order: Int32Array, name = weight.name): Weight {
  const { storage, shape } = weight;
  const axis = shape[0];
  if (axis === undefined || shape.length > 2) throw new RangeError(`${weight.name} has no rows to permute`);
  if (order.some((row) => row < 0 || row >= axis)) throw new RangeError(`no such row in ${weight.name}`);
  if (shape.length === 2)
    return new StoredWeight(name, storage, [order.length, weight.columns], gather(weight, order));

  const { block, bytes } = STORAGE[storage];
  if (block !== 1)
    throw new RangeError(`${weight.name}: elements inside ${storage} blocks cannot be permuted`);
  return new StoredWeight(name, storage, [order.length], (_first, count) =>
    pick(weight.read(0, count), order, 0, bytes),
  );
}

/** A matrix whose column i is column order[i] of `weight`, as f32. */
export function permutedColumns(weight: Weight, order: Int32Array): Weight {
  const { name, shape, columns } = weight;
  if (order.length !== columns) throw new RangeError(`${name} has ${columns} columns, not ${order.length}`);
  return new StoredWeight(name, "f32", shape, (first, count) => {
    const stored = weight.readFloat32(first, count);
    const values = new Float32Array(stored.length);
    for (let row = 0; row < values.length; row += columns)
      order.forEach((from, column) => (values[row + column] = stored[row + from]!));
    return new Uint8Array(values.buffer);
  });
}

/** A weight whose elements are computed from the stored ones, as f32. */
export function mappedElements(weight: Weight, element: (stored: number) => number): Weight {
  return new StoredWeight(weight.name, "f32", weight.shape, (first, count) => {
    const values = weight.readFloat32(first, count).map(element);
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  });
}

/** A matrix as f32 whose first rows have other values [n, columns]; the rest is read on request. */
export function withFirstRows(weight: Weight, values: Float32Array): Weight {
  return new StoredWeight(weight.name, "f32", weight.shape, (first, count) => {
    const rows = weight.readFloat32(first, count);
    const start = first * weight.columns;
    rows.set(values.subarray(start, start + rows.length));
    return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  });
}

/**
 * Joins matrices, or vectors: row i of part p becomes row `rows[p][i]`. All parts have the same storage and width, and together
 * they contain each row once.
 */
export function joinedRows(
  name: string,
  parts: readonly { readonly weight: Weight; readonly rows: Int32Array }[],
): Weight {
  const first = parts[0]!.weight;
  const isVector = first.shape.length === 1;
  const total = parts.reduce((sum, { rows }) => sum + rows.length, 0);
  const places = new Map<number, { weight: Weight; row: number }>();
  for (const { weight, rows } of parts) rows.forEach((place, row) => places.set(place, { weight, row }));
  const isWhole =
    places.size === total && Array.from({ length: total }, (_, row) => places.has(row)).every(Boolean);
  if (!isWhole) throw new RangeError(`${name}: the parts do not have each row once`);
  if (isVector) {
    const values = Float32Array.from({ length: total }, (_, row) => {
      const place = places.get(row)!;
      return place.weight.readFloat32()[place.row]!;
    });
    return fromFloat32(name, [total], values);
  }
  const rowBytes = storedBytes(first.storage, 1, first.columns);
  return new StoredWeight(name, first.storage, [total, first.columns], (start, count) => {
    const bytes = new Uint8Array(count * rowBytes);
    for (let row = start; row < start + count; row++) {
      const place = places.get(row)!;
      bytes.set(place.weight.read(place.row, 1), (row - start) * rowBytes);
    }
    return bytes;
  });
}

/** A weight's values in another storage. Reading throws `not-finite` where a q type would have to hold NaN or infinity. */
export function encoded(weight: Weight, storage: EncodedStorage): Weight {
  if (weight.storage === storage) return weight;
  const { block } = STORAGE[storage];
  if (weight.columns % block !== 0) {
    throw new RangeError(`${weight.name}: rows of ${weight.columns} are not whole blocks of ${storage}`);
  }
  return new StoredWeight(weight.name, storage, weight.shape, (first, count) => {
    const values = weight.readFloat32(first, count);
    if (block > 1 && !values.every(Number.isFinite))
      fail({ code: "not-finite", path: "", tensor: weight.name });
    return encode(storage, values);
  });
}

/** A span of rows below this size is read at once and the rows are picked in memory: far faster than one read per row. */
const LARGEST_SPAN_BYTES = 2 ** 26;

function gather(weight: Weight, order: Int32Array): ReadRows {
  const rowBytes = storedBytes(weight.storage, 1, weight.columns);
  return (first, count) => {
    const wanted = order.subarray(first, first + count);
    if (count === 0) return new Uint8Array(0);
    const lowest = wanted.reduce((a, b) => Math.min(a, b));
    const span = wanted.reduce((a, b) => Math.max(a, b)) - lowest + 1;
    if (span * rowBytes <= LARGEST_SPAN_BYTES)
      return pick(weight.read(lowest, span), wanted, lowest, rowBytes);

    const rows = new Uint8Array(count * rowBytes);
    wanted.forEach((row, i) => rows.set(weight.read(row, 1), i * rowBytes));
    return rows;
  };
}

/** Items of `itemBytes` from `bytes`, whose first is number `lowest`, in the given order. */
function pick(bytes: Uint8Array, order: Int32Array, lowest: number, itemBytes: number): Uint8Array {
  const picked = new Uint8Array(order.length * itemBytes);
  order.forEach((item, i) => {
    const at = (item - lowest) * itemBytes;
    picked.set(bytes.subarray(at, at + itemBytes), i * itemBytes);
  });
  return picked;
}
