/** The ids of the reference tokenizers (test/lab/reference/tokenizer-ids.py) and the tokenizers that they belong to. */
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

/** Which tokenizer: a folder's, with parts of its tokenizer.json replaced. */
export type Changed = Pick<Reference, "folder" | "changes">;

/** The reference's ids in `file`, and the tokenizers in the folders that `folderOf` gives by name. */
export function referenceTokenizers(file: URL, folderOf: (name: string) => string) {
  const { texts, tokenizers } = JSON.parse(readFileSync(file, "utf8")) as {
    texts: string[];
    tokenizers: Reference[];
  };
  const references = tokenizers.map(({ rows, ...reference }) => ({
    ...reference,
    rows: rows?.map(({ document, prompt = document, decoded }, index) => {
      const text = texts[index]!;
      return { text, document, prompt, decoded: decoded ?? text };
    }),
  }));

  /** The two files of a tokenizer. */
  function filesOf(name: string): TokenizerFiles & { "tokenizer.json": { model: Record<string, unknown> } } {
    const read = (file: string): unknown => JSON.parse(readFileSync(`${folderOf(name)}/${file}`, "utf8"));
    return {
      "tokenizer.json": read("tokenizer.json") as { model: Record<string, unknown> },
      "tokenizer_config.json": existsSync(`${folderOf(name)}/tokenizer_config.json`)
        ? read("tokenizer_config.json")
        : {},
    };
  }

  /** The tokenizer that a reference's ids come from. */
  function tokenizerOf({ folder, changes }: Changed): Tokenizer {
    const files = filesOf(folder);
    if (Object.keys(changes).length === 0) return tokenizerFromFiles({ path: folder, files });
    const json = files["tokenizer.json"];
    const model = { ...json.model, ...(changes["model"] as object) };
    // The configuration names added tokens, which a change may have taken away.
    const changed = { "tokenizer.json": { ...json, ...changes, model }, "tokenizer_config.json": {} };
    return tokenizerFromFiles({ path: folder, files: changed });
  }

  return { references, filesOf, tokenizerOf };
}

/** The folder of one of the tests' own tokenizers (test/lab/reference/tokenizer-fixtures.py). */
export const folderOf = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

export const { references, filesOf, tokenizerOf } = referenceTokenizers(
  new URL("reference-ids.json", import.meta.url),
  folderOf,
);
