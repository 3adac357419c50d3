/** The tokenizer of a model folder in the Hugging Face layout. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "../failure.ts";
import { recordOf, unsupportedTokenizer } from "./definition.ts";
import { tokenizerFromFiles, tokenName } from "./from-files.ts";
import type { Tokenizer } from "./from-files.ts";

/** The largest vocabularies (262,144 entries) take about 35 MB. */
const LARGEST_FILE_BYTES = 256 * 2 ** 20;
const DEEPEST_JSON = 64;

/**
 * Reads tokenizer.json and, if present, tokenizer_config.json, special_tokens_map.json, chat_template.jinja and the
 * end-of-sequence ids of generation_config.json and config.json. Throws `not-found`, `unreadable`, `corrupt-file`,
 * `unsupported-tokenizer`.
 */
export async function tokenizerFromFolder(folder: string): Promise<Tokenizer> {
  const path = join(folder, "tokenizer.json");
  const json = await readJson(path);
  if (json === undefined) {
    if ((await readText(join(folder, "tokenizer.model"))) !== null)
      unsupportedTokenizer("tokenizer.model alone");
    return fail({ code: "not-found", path, what: "tokenizer" });
  }
  const record = async (name: string) => recordOf(await readJson(join(folder, name)));
  const config = (await record("tokenizer_config.json")) ?? {};
  const map = (await record("special_tokens_map.json")) ?? {};
  const generation = await record("generation_config.json");
  const model = await record("config.json");
  const template = await readText(join(folder, "chat_template.jinja"));
  // The exported configuration is self-contained: the other two files are not written.
  const named = Object.fromEntries(Object.entries(map).filter(([key]) => tokenName(config[key]) === null));
  return tokenizerFromFiles({
    path,
    files: {
      "tokenizer.json": json,
      "tokenizer_config.json": {
        ...config,
        ...named,
        ...(template === null ? {} : { chat_template: template }),
      },
    },
    eosIds: [generation, model].flatMap((file) => idsOf(file?.["eos_token_id"])),
  });
}

/** `eos_token_id` is one id or a list of them. */
function idsOf(value: unknown): number[] {
  return (Array.isArray(value) ? value : [value]).filter((id) => Number.isInteger(id)) as number[];
}

async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  if (text === null) return undefined;
  const depth = nesting(text);
  if (depth > DEEPEST_JSON) {
    fail({
      code: "corrupt-file",
      path,
      section: "JSON",
      reason: `it is nested more than ${DEEPEST_JSON} deep`,
    });
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    const reason = `it is not valid JSON: ${(error as Error).message.slice(0, 200)}`;
    return fail({ code: "corrupt-file", path, section: "JSON", reason });
  }
}

/** The text of a file, or null if it does not exist. */
async function readText(path: string): Promise<string | null> {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE_BYTES) {
      fail({ code: "corrupt-file", path, section: "size", reason: `it has ${size} bytes` });
    }
    return await readFile(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    if (code === "EACCES" || code === "EPERM" || code === "EISDIR") {
      return fail({ code: "unreadable", path, reason: { code: "system", detail: message } });
    }
    throw error;
  }
}

/** The nesting depth of a JSON text's brackets. Later steps parse JSON recursively, and a deep text would overflow the stack. */
function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = endOfString(text, at);
        break;
      case 0x5b:
      case 0x7b:
        deepest = Math.max(deepest, ++depth);
        break;
      case 0x5d:
      case 0x7d:
        depth--;
    }
  }
  return deepest;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== 0x22) at += text.charCodeAt(at) === 0x5c ? 2 : 1;
  return at;
}
