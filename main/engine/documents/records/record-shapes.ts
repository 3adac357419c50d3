/** Names the shape of records as it is usually called, so that a person recognises their data. */
import type { FieldMapping } from "../../../../preload/contract/data/data.ts";
import type { RecordShape } from "../../../../preload/contract/data/inspection.ts";
import { isSpans } from "./answer-spans.ts";
import { columnFor, foldedName } from "./column-names.ts";
import { columnsOf } from "./guess-mapping.ts";
import { messagesOfTree } from "./message-trees.ts";
import type { Fields } from "../row.ts";

/** What a shape is recognised by. */
interface Seen {
  readonly mapping: FieldMapping;
  readonly columns: readonly string[];
  readonly records: readonly Fields[];
}

/** The shapes, the more specific ones first; a new shape is a new row. */
const SHAPES: readonly (readonly [RecordShape, (seen: Seen) => boolean])[] = [
  [
    "preference-pairs",
    ({ mapping, columns }) =>
      learnt(mapping) === columnFor("chosen", columns) && columnFor("rejected", columns) !== undefined,
  ],
  ["sharegpt", (seen) => hasMessagesWith(seen, "from")],
  ["openai-messages", (seen) => hasMessagesWith(seen, "role")],
  ["chatgpt", isTreeOfMessages],
  ["conversations", ({ mapping }) => mapping.kind === "conversations"],
  ["multiple-choice", ({ mapping }) => mapping.kind === "questions"],
  ["text", ({ mapping }) => mapping.kind === "text"],
  ["table", ({ mapping }) => mapping.kind === "table"],
  ["squad", ({ mapping, records }) => records.some((fields) => isSpans(fields[learnt(mapping) ?? ""]))],
  ["alpaca", (seen) => isNamed(seen, "instruction", "output")],
  ["prompt-completion", (seen) => isNamed(seen, "prompt", "completion")],
  ["prompt-response", (seen) => isNamed(seen, "prompt", "response")],
  ["question-answer", () => true],
];

/** The shape of records that are read by a mapping. */
export function shapeOf(mapping: FieldMapping, records: readonly Fields[]): RecordShape {
  const seen = { mapping, records, columns: columnsOf(records) };
  return SHAPES.find(([, is]) => is(seen))![0];
}

/** The column that a model learns to answer with. */
function learnt(mapping: FieldMapping): string | null {
  if (mapping.kind === "conversations") return mapping.messages;
  return mapping.kind === "examples" ? mapping.completion : null;
}

function hasMessagesWith({ mapping, records }: Seen, key: string): boolean {
  if (mapping.kind !== "conversations") return false;
  return records.some((fields) => {
    const value = fields[mapping.messages];
    const text = typeof value === "string" ? value : "";
    if (text !== "") return new RegExp(`^\\s*\\[\\s*\\{[^}]*"${key}"\\s*:`).test(text);
    const first: unknown = Array.isArray(value) ? value[0] : null;
    return typeof first === "object" && first !== null && Object.hasOwn(first, key);
  });
}

function isTreeOfMessages({ mapping, records }: Seen): boolean {
  if (mapping.kind !== "conversations") return false;
  return records.some((fields) => messagesOfTree(fields[mapping.messages]) !== null);
}

function isNamed({ mapping }: Seen, prompt: string, completion: string): boolean {
  return (
    mapping.kind === "examples" &&
    foldedName(mapping.completion) === completion &&
    mapping.prompt.some((column) => foldedName(column) === prompt)
  );
}
