/** The body of a request, within limits. What a request says of its type means nothing here: a body is JSON, or refused. */
import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { parsedJson } from "../../../native-models/formats/parsed-json.ts";
import { Refused, refuseRequest } from "./refused.ts";

export const MOST_BODY_BYTES = 4 * 2 ** 20;
const DEEPEST = 64;

/** The JSON of a body as `schema` has it. Throws `Refused`. */
export async function readBody<Schema extends z.ZodType>(
  request: IncomingMessage,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = await readText(request);
  if (isDeeper(text)) refuseRequest(`The JSON is nested more than ${DEEPEST} deep.`);
  const value = parsedJson(text);
  if (value === undefined) refuseRequest("The body is not JSON.");
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues as [z.core.$ZodIssue];
  return refuseRequest(`${path.length > 0 ? `${path.join(".")}: ` : ""}${message}`);
}

async function readText(request: IncomingMessage): Promise<string> {
  const { "content-length": announced, "content-encoding": encoding } = request.headers;
  if (encoding !== undefined)
    throw new Refused(415, "unsupported_encoding", "The body may not be compressed.");
  if (Number(announced ?? 0) > MOST_BODY_BYTES) refuseSize();
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BODY_BYTES) refuseSize();
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function refuseSize(): never {
  throw new Refused(413, "request_too_large", `The body has more than ${MOST_BODY_BYTES} bytes.`);
}

/** Whether brackets outside strings are nested too deep, found before anything recursive reads them. */
function isDeeper(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (isText && character === "\\") at++;
    else if (character === '"') isText = !isText;
    else if (!isText && (character === "{" || character === "[") && ++depth > DEEPEST) return true;
    else if (!isText && (character === "}" || character === "]")) depth--;
  }
  return false;
}
