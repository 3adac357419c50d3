/** JSON with changes to its values and to its text. */
import type { Random } from "../../native-models/random.ts";
import { chance, pick, textOf } from "./draw.ts";
import { damaged } from "./pieces.ts";

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

const NUMBERS = [0, -1, 1, 0.5, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 63), 1e300, 4_194_304, 1e-300, 3, 65535];

/** The value with one to four of its parts changed: other types, numbers at boundaries, fields and elements lost, twice, elsewhere, deeper. */
export function changedJson(value: Json, random: Random): Json {
  let root = structuredClone(value);
  for (let changes = 1 + random.integer(4); changes > 0; changes--) root = change(root, random);
  return root;
}

function change(root: Json, random: Random): Json {
  const places: { holder: Json[] | { [key: string]: Json }; key: string }[] = [];
  const visit = (value: Json, depth: number): void => {
    if (typeof value !== "object" || value === null || depth > 40) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value, key });
      visit((value as { [key: string]: Json })[key]!, depth + 1);
    }
  };
  visit(root, 0);
  if (places.length === 0) return anything(random);
  const { holder, key } = pick(random, places);
  const own = (holder as { [key: string]: Json })[key]!;
  const put = (value: Json) => define(holder, key, value);
  switch (random.integer(8)) {
    case 0:
    case 1:
      put(anything(random));
      break;
    case 2:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      break;
    case 3:
      if (Array.isArray(holder)) holder.splice(Number(key), 0, own);
      else define(holder, chance(random, 50) ? textOf(random) : `${key} `, own);
      break;
    case 4: {
      const other = pick(random, places);
      put(structuredClone((other.holder as { [key: string]: Json })[other.key] ?? null));
      break;
    }
    case 5:
      put(chance(random, 90) ? [own] : nested(own, 5 + random.integer(200)));
      break;
    case 6:
      put(
        typeof own === "string"
          ? textOf(random)
          : typeof own === "number"
            ? pick(random, NUMBERS)
            : JSON.stringify(own),
      );
      break;
    default:
      put({ [chance(random, 50) ? key : textOf(random)]: own });
  }
  return root;
}

/** As `holder[key] = value`, for a key named `__proto__` too. */
function define(holder: object, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function nested(value: Json, depth: number): Json {
  let deep = value;
  for (let i = 0; i < depth; i++) deep = i % 2 === 0 ? [deep] : { type: "Sequence", a: deep };
  return deep;
}

function anything(random: Random): Json {
  switch (random.integer(7)) {
    case 0:
      return null;
    case 1:
      return chance(random, 50);
    case 2:
      return pick(random, NUMBERS);
    case 3:
      return [];
    case 4:
      return {};
    case 5:
      return [textOf(random), 1, null];
    default:
      return textOf(random);
  }
}

/** The text of a value, sometimes with a duplicate field, an invalid number, or changed bytes. */
export function jsonBytes(value: Json, random: Random, changed: boolean, indent?: number): Buffer {
  let text = JSON.stringify(value, null, indent);
  if (!changed) return Buffer.from(text);
  if (chance(random, 15)) text = text.replace(/"([^"\\]*)":/, (all) => `${all}null,${all}`);
  if (chance(random, 10))
    text = text.replace(/\d+/, pick(random, ["1e999", "-0", "01", "1E400", "9".repeat(400), "0x10"]));
  const bytes = Buffer.from(text);
  return chance(random, 25) ? damaged(bytes, random) : bytes;
}
