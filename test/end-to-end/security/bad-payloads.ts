/** Inputs that a channel must refuse, made from the type of the one that it takes: each differs from a valid one in one place. */
import { z } from "zod";
import { Random } from "../../../native-models/random.ts";

/** Values that JSON cannot express, and endless ones; created for each use. */
const intruders: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => NaN,
  () => Infinity,
  () => -1,
  () => 0.5,
  () => 2 ** 53,
  () => 10n,
  () => true,
  () => "",
  () => "../../etc/passwd\0.gguf",
  () => "x".repeat(1000),
  () => [],
  () => [[]],
  () => ({}),
  () => new Map([["path", "/etc/passwd"]]),
  () => new Date(0),
  () => new Uint8Array(8),
  () => ({ then: 1, toString: 1, constructor: { prototype: { polluted: true } } }),
  () => JSON.parse('{"__proto__": {"polluted": true}, "path": 1}') as unknown,
  () => nested(300),
  circle,
];

/** Larger than a message may be; few, since each is copied. */
const giants: readonly (() => unknown)[] = [
  () => "x".repeat(17_000_000),
  () => Array.from({ length: 1_100_000 }, () => 0),
  () => Object.fromEntries(Array.from({ length: 300_000 }, (_, i) => [`key-${i}`, [[[[]]]]])),
];

/** `count` inputs that `schema` refuses, or that are no plain data; the same for the same seed. */
export function badPayloads(schema: z.ZodType, count: number, seed: number): unknown[] {
  const random = new Random(seed);
  const one = <T>(list: readonly T[]): T => list[random.integer(list.length)]!;
  const refused = (value: unknown) => !schema.safeParse(value).success;
  const types = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  const found: unknown[] = [];
  for (let tries = 0; found.length < count && tries < 50 * count; tries++) {
    const good = exampleOf(types, random);
    const bad = random.uniform() < 0.1 ? one(intruders)() : changed(good, one(intruders), random);
    if (isCircle(bad) || refused(bad)) found.push(bad);
  }
  return found;
}

/** Inputs that are too large for any channel. */
export const tooLarge = (): unknown[] => giants.map((giant) => giant());

/** `false` is what nothing is. */
type JsonSchema = Record<string, unknown> | false;

function exampleOf(schema: JsonSchema, random: Random): unknown {
  if (schema === false) return undefined;
  const choices = (schema["anyOf"] ?? schema["oneOf"]) as JsonSchema[] | undefined;
  if (choices) return exampleOf(choices[random.integer(choices.length)]!, random);
  if ("const" in schema) return schema["const"];
  if ("enum" in schema) return (schema["enum"] as unknown[])[0];
  switch (schema["type"]) {
    case "object": {
      const properties = Object.entries((schema["properties"] ?? {}) as Record<string, JsonSchema>);
      return Object.fromEntries(properties.map(([name, inside]) => [name, exampleOf(inside, random)]));
    }
    case "array":
      return [exampleOf((schema["items"] ?? {}) as JsonSchema, random)];
    case "string":
      return "word";
    case "number":
    case "integer":
      return (schema["minimum"] as number | undefined) ?? 1;
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return undefined;
  }
}

/** The same with an intruder in one place. */
function changed(value: unknown, intruder: () => unknown, random: Random): unknown {
  if (typeof value !== "object" || value === null || random.uniform() < 0.2) return intruder();
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const keys = Object.keys(copy);
  const key = keys[random.integer(keys.length)];
  if (key === undefined) return intruder();
  copy[key] = changed(copy[key], intruder, random);
  return copy;
}

function nested(depth: number): unknown {
  let value: unknown = [];
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value };
  return value;
}

function circle(): unknown {
  const value: Record<string, unknown> = { path: "/etc/passwd" };
  value["self"] = value;
  return value;
}

function isCircle(value: unknown): boolean {
  try {
    JSON.stringify(value, (_, inside: unknown) => (typeof inside === "bigint" ? "0" : inside));
    return false;
  } catch {
    return true;
  }
}

/** A value as the text of a script that makes it: it travels into the page with all that JSON would lose. */
export function sourceOf(value: unknown, seen: readonly object[] = []): string {
  if (value === undefined) return "undefined";
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value.length > 500) return `"x".repeat(${value.length})`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (seen.includes(value)) return "circle";
  if (value instanceof Map) return `new Map(${sourceOf([...value], [...seen, value])})`;
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Uint8Array) return `new Uint8Array(${value.length})`;
  const inside = (found: unknown) => sourceOf(found, [...seen, value]);
  if (Array.isArray(value)) {
    if (value.length > 1000) return `Array.from({ length: ${value.length} }, () => 0)`;
    return `[${value.map(inside).join(",")}]`;
  }
  const entries = Object.entries(value);
  if (entries.length > 1000)
    return `Object.fromEntries(Array.from({ length: ${entries.length} }, (_, i) => ["key-" + i, [[[[]]]]]))`;
  return `({${entries.map(([key, found]) => `[${JSON.stringify(key)}]: ${inside(found)}`).join(",")}})`;
}
