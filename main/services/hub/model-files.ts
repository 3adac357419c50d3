/** Selects the files of a repository that make up a model: weights, configuration, tokenizer, licence. Never a program. */
import { z } from "zod";
import { fail } from "../../../native-models/failure.ts";
import { partOfName } from "../../../native-models/formats/gguf/read.ts";
import { ADAPTER_CONFIG } from "../../../native-models/formats/open.ts";
import { isReservedName } from "../home/file-name.ts";
import { isWholeGguf } from "../models/other-programs/place.ts";

/** An entry of a listing. `oid` is Git's SHA-1 of the file or of its pointer, `lfs.oid` the SHA-256 of a large file. */
export const ListedEntry = z.object({
  type: z.string(),
  path: z.string(),
  size: z.number().int().nonnegative(),
  oid: z.string(),
  lfs: z.object({ oid: z.string().regex(/^[0-9a-f]{64}$/), size: z.number().int().nonnegative() }).nullish(),
});
export type ListedEntry = z.infer<typeof ListedEntry>;

/** A file to download, by its plain name, with its size and checksum: large files have a SHA-256, others Git's SHA-1. */
export interface ModelFile {
  readonly name: string;
  /** Its path in the repository if it is in a folder: "Q4_K_M/model.gguf". */
  readonly path?: string | undefined;
  readonly sizeBytes: number;
  readonly checksum: { readonly kind: "sha256" | "git-sha1"; readonly hex: string };
}

/** A model that a repository offers. */
export interface ModelChoice {
  /** "safetensors", or the name of a GGUF file (the first of a split one), after the repository's folder: "Q4_K_M/model.gguf". */
  readonly name: string;
  readonly files: readonly ModelFile[];
  readonly sizeBytes: number;
}

/** The files other than weights. tokenizer.json has the vocabulary too, but other programs read the other files. */
const TEXT_FILES = [
  ...["config.json", "generation_config.json"],
  ...["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"],
  ...["vocab.json", "merges.txt", "tokenizer.model", "chat_template.jinja", "chat_template.json"],
];
const LICENCE = /^(LICEN[CS]E|COPYING|NOTICE)(\.(txt|md))?$/i;
const INDEX_FILE = "model.safetensors.index.json";
const SHARD = /^(model(?:\.safetensors)?-)\d{5}-of-(\d{5})\.safetensors$/;
const PICKLE = /\.(bin|pt|pth|ckpt|pkl|pickle)$/i;
/** A file name that is valid on every system, without a folder. */
const PLAIN_NAME = /^[A-Za-z0-9][\w .+()@=,-]{0,199}$/;
/** The largest vocabularies take 35 MB. */
const MOST_TEXT_BYTES = 256 * 2 ** 20;
const MOST_WEIGHT_BYTES = 2 ** 42;
const MOST_PARTS = 1000;

/** The models among a repository's entries. Failures: download-refused for a path that leads out of the repository, repository-refused. */
export function modelChoices(
  entries: readonly ListedEntry[],
  about: { readonly host: string; readonly repository: string },
): ModelChoice[] {
  const folders = new Map<string, Map<string, ModelFile>>([["", new Map()]]);
  for (const { type, path, size, oid, lfs } of entries) {
    if (leadsElsewhere(path))
      return fail({ code: "download-refused", ...about, file: path.slice(0, 200), reason: "unsafe-name" });
    if (type !== "file" || !path.split("/").every(isPlain)) continue;
    const checksum = lfs
      ? ({ kind: "sha256", hex: lfs.oid } as const)
      : ({ kind: "git-sha1", hex: oid } as const);
    if (checksum.kind === "git-sha1" && !/^[0-9a-f]{40}$/.test(oid)) continue;
    const at = path.lastIndexOf("/") + 1;
    const [folder, name] = [path.slice(0, at), path.slice(at)];
    const files = folders.get(folder) ?? new Map<string, ModelFile>();
    const place = folder === "" ? {} : { path };
    folders.set(folder, files.set(name, { name, ...place, sizeBytes: lfs?.size ?? size, checksum }));
  }
  const shared = [...folders.get("")!.values()].filter(({ name }) => LICENCE.test(name));
  const choices = [...folders].flatMap(([folder, files]) => {
    // A folder's model keeps the repository's licence, too.
    for (const licence of shared) if (!files.has(licence.name)) files.set(licence.name, licence);
    return choicesIn(folder, files, about);
  });
  if (choices.length > 0) return choices;
  const isAdapter = entries.some(({ path }) => path === ADAPTER_CONFIG);
  const isPickle = entries.some(({ path }) => PICKLE.test(path) && !path.includes("/"));
  const reason = isAdapter ? "adapter" : isPickle ? "pickle" : "no-model";
  return fail({ code: "repository-refused", ...about, reason });
}

/** The models among the files of one folder, by name; `folder` is empty or ends with a slash. */
function choicesIn(
  folder: string,
  files: ReadonlyMap<string, ModelFile>,
  about: { readonly host: string; readonly repository: string },
): ModelChoice[] {
  const names = [...files.keys()];
  const licences = names.filter((name) => LICENCE.test(name));
  const choices: ModelChoice[] = [];
  const offer = (name: string, wanted: readonly string[]) => {
    const chosen = wanted.flatMap((one) => files.get(one) ?? []);
    const distinct = new Set(chosen.map((file) => file.name.toLowerCase()));
    const tooLarge = chosen.find(({ name: one, sizeBytes }) => sizeBytes > mostBytes(one));
    if (tooLarge !== undefined)
      return fail({ code: "download-refused", ...about, file: tooLarge.name, reason: "too-large" });
    if (chosen.length < wanted.length || distinct.size < chosen.length) return;
    const sizeBytes = chosen.reduce((sum, file) => sum + file.sizeBytes, 0);
    choices.push({ name: folder + name, files: chosen, sizeBytes });
  };

  const weights = safetensorsOf(names);
  const isWhole = !files.has(ADAPTER_CONFIG); // other programs would apply the adapter
  if (weights !== null && isWhole && files.has("config.json") && files.has("tokenizer.json"))
    offer("safetensors", [...weights, ...TEXT_FILES.filter((name) => files.has(name)), ...licences]);
  for (const name of names) {
    const part = partOfName(name);
    if (part?.number === 1 && part.count <= MOST_PARTS)
      offer(name, [...partsOf(`${part.stem}-`, part.count, ".gguf"), ...licences]);
    else if (isWholeGguf(name)) offer(name, [name, ...licences]);
  }
  return choices;
}

/** Whether a part of a path is a valid name on every system. */
const isPlain = (name: string) => PLAIN_NAME.test(name) && !isReservedName(name) && !/[ .]$/.test(name);

/** Whether a path leads out of the repository; no real hub lists such a path. */
function leadsElsewhere(path: string): boolean {
  return (
    path === "" ||
    // eslint-disable-next-line no-control-regex
    /[\\\0-\x1f\x7f]|^\/|^[A-Za-z]:/.test(path) ||
    path.split("/").some((part) => part === ".." || part === "." || part === "")
  );
}

const mostBytes = (name: string) =>
  /\.(safetensors|gguf)$/i.test(name) ? MOST_WEIGHT_BYTES : MOST_TEXT_BYTES;

/** A single file, or all shards with their index; null if neither is complete. */
function safetensorsOf(names: readonly string[]): string[] | null {
  if (names.includes("model.safetensors")) return ["model.safetensors"];
  const [, before, of] = SHARD.exec(names.find((name) => SHARD.test(name)) ?? "") ?? [];
  const count = Number(of ?? 0);
  if (before === undefined || count === 0 || count > MOST_PARTS || !names.includes(INDEX_FILE)) return null;
  return [INDEX_FILE, ...partsOf(before, count, ".safetensors")];
}

function partsOf(before: string, count: number, after: string): string[] {
  const number = (value: number) => String(value).padStart(5, "0");
  return Array.from(
    { length: count },
    (_, index) => `${before}${number(index + 1)}-of-${number(count)}${after}`,
  );
}
