/** The reference tokenizer's ids (test/reference/tokenizer-ids.py) and the tokenizers that they belong to. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { tokenizerFromFiles } from "../../../native-models/tokenizer.ts";
import type { Tokenizer, TokenizerFiles } from "../../../native-models/tokenizer.ts";

interface Row {
  document: number[];
  prompt?: number[];
  decoded?: string;
}

interface Reference {
  name: string;
  folder: string;
  changes: Record<string, unknown>;
  /** Null where the reference refuses the file. */
  rows: Row[] | null;
}

const { texts, tokenizers } = JSON.parse(
  readFileSync(new URL("reference-ids.json", import.meta.url), "utf8"),
) as { texts: string[]; tokenizers: Reference[] };

export const references = tokenizers.map(({ rows, ...reference }) => ({
  ...reference,
  rows: rows?.map(({ document, prompt = document, decoded }, index) => {
    const text = texts[index]!;
    return { text, document, prompt, decoded: decoded ?? text };
  }),
}));

export const shared = fileURLToPath(new URL("../../../../shared", import.meta.url));
export const hasShared = existsSync(`${shared}/tokenizers`);
export const withoutShared = "needs the folder ../shared beside the repository";

/** The folder of a tokenizer in ../shared by its name. */
export function folderOf(name: string): string {
  const folder = `${shared}/tokenizers/${name}`;
  return existsSync(folder) ? folder : `${shared}/models/${name}`;
}

/** The two files of a tokenizer in ../shared. */
export function filesOf(
  name: string,
): TokenizerFiles & { "tokenizer.json": { model: Record<string, unknown> } } {
  const read = (file: string): unknown => JSON.parse(readFileSync(`${folderOf(name)}/${file}`, "utf8"));
  return {
    "tokenizer.json": read("tokenizer.json") as { model: Record<string, unknown> },
    "tokenizer_config.json": existsSync(`${folderOf(name)}/tokenizer_config.json`)
      ? read("tokenizer_config.json")
      : {},
  };
}

/** The tokenizer that a reference's ids come from. */
export function tokenizerOf({
  folder,
  changes,
}: {
  folder: string;
  changes: Record<string, unknown>;
}): Tokenizer {
  const files = filesOf(folder);
  if (Object.keys(changes).length === 0) return tokenizerFromFiles({ path: folder, files });
  const json = files["tokenizer.json"];
  const model = { ...json.model, ...(changes["model"] as object) };
  // The configuration names added tokens, which a change may have taken away.
  const changed = { "tokenizer.json": { ...json, ...changes, model }, "tokenizer_config.json": {} };
  return tokenizerFromFiles({ path: folder, files: changed });
}
