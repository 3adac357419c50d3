/** A JSON schema with the places of its parts, which references point to. */
import { refuse } from "./refusal.ts";

export type SchemaObject = Readonly<Record<string, unknown>>;

/** A schema inside a document; each place has one. */
export interface Located {
  readonly schema: SchemaObject | boolean;
  /** A JSON pointer (RFC 6901) as a fragment: #/properties/name. */
  readonly place: string;
}

/** Values are read recursively; real schemas have a depth of 20. */
const DEEPEST = 2100;

/** References are followed only within the document: nothing is ever fetched. */
export class SchemaDocument {
  readonly root: Located;
  readonly #document: unknown;
  readonly #located = new Map<string, Located>();
  #anchors: Map<string, string> | undefined;

  constructor(document: unknown) {
    if (isDeeperThan(DEEPEST, document)) refuse("#", "schema", "too-large");
    this.#document = document;
    this.root = this.#at("#", document);
  }

  /** The schema that a keyword of another contains, by the steps that lead to it. */
  inside({ schema, place }: Located, ...steps: readonly (string | number)[]): Located {
    let value: unknown = schema;
    for (const step of steps) value = ownValue(value, String(step));
    return this.#at([place, ...steps.map((step) => escaped(String(step)))].join("/"), value);
  }

  /** What a `$ref` refers to. */
  referred(from: Located, reference: unknown): Located {
    if (typeof reference !== "string") return refuse(from.place, "$ref", "value");
    const fragment = reference.startsWith("#") ? decoded(reference.slice(1)) : null;
    if (fragment === null || this.#isInAnother(from.place)) return refuse(from.place, "$ref", "reference");
    if (fragment === "") return this.root;
    if (!fragment.startsWith("/")) {
      const place = (this.#anchors ??= anchorsIn(this.#document)).get(fragment);
      return place === undefined ? refuse(from.place, "$ref", "reference") : this.referred(from, place);
    }
    let value = this.#document;
    const steps = fragment.slice(1).split("/");
    for (const step of steps) value = ownValue(value, unescaped(step));
    if (value === undefined) return refuse(from.place, "$ref", "reference");
    return this.#at(`#/${steps.join("/")}`, value);
  }

  /** Whether a place is in a document inside this one. */
  #isInAnother(place: string): boolean {
    let value: unknown = this.#document;
    const steps = place.split("/").slice(1);
    return steps.some((step) => isDocument((value = ownValue(value, unescaped(step)))));
  }

  #at(place: string, schema: unknown): Located {
    const known = this.#located.get(place);
    if (known) return known;
    if (typeof schema !== "boolean" && !isObject(schema)) return refuse(place, "schema", "value");
    const located = { schema, place };
    this.#located.set(place, located);
    return located;
  }
}

export const isObject = (value: unknown): value is SchemaObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function ownValue(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.prototype.hasOwnProperty.call(value, key)
    ? (value as SchemaObject)[key]
    : undefined;
}

/** Whether a schema has an id of its own: then it is another document, which references inside it start from. */
function isDocument(value: unknown): boolean {
  const id = ownValue(value, "$id");
  return typeof id === "string" && !id.startsWith("#");
}

const unescaped = (step: string) => step.replace(/~1/g, "/").replace(/~0/g, "~");

const escaped = (step: string) => step.replace(/~/g, "~0").replace(/\//g, "~1");

function isDeeperThan(most: number, document: unknown): boolean {
  let level = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > most) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

function decoded(fragment: string): string | null {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return null;
  }
}

/** The places of `$anchor`s, and of ids of earlier drafts that are fragments. */
function anchorsIn(document: unknown): Map<string, string> {
  const anchors = new Map<string, string>();
  const waiting: [string, unknown][] = [["#", document]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [place, value] = next;
    if (typeof value !== "object" || value === null) continue;
    for (const key of ["$anchor", "$id", "id"]) {
      const name = ownValue(value, key);
      if (typeof name === "string" && (key === "$anchor" || name.startsWith("#")))
        anchors.set(name.replace(/^#/, ""), place);
    }
    for (const [key, inner] of Object.entries(value)) waiting.push([`${place}/${escaped(key)}`, inner]);
  }
  return anchors;
}
