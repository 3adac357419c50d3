/**
 * Opens GGUF models: one file, or the parts that llama.cpp's `gguf-split` makes, NAME-00001-of-00003.gguf and so on. The first part
 * has all metadata; each part has tensors of its own, its number and the number of parts.
 */
import { basename, dirname, join } from "node:path";
import { fail } from "../../failure.ts";
import type { Weight } from "../../weights.ts";
import { exists } from "../bytes.ts";
import { tensorSection } from "../tensor-file.ts";
import type { MetadataValue, TensorFile } from "../tensor-file.ts";
import { refuseContradictions } from "./contradictions.ts";
import { openPart } from "./part.ts";
import type { GgufPart } from "./part.ts";

/** More parts than any model has; each is an open file. */
const MOST_PARTS = 500;

const COUNT = "split.count";
const NUMBER = "split.no";
const TENSORS = "split.tensors.count";

/** The name of a part, as `gguf-split` writes it. */
const PART_NAME = /^(.+)-(\d{5})-of-(\d{5})\.gguf$/i;

/** Which part a file's name says it is, from 1; null for a whole model. */
export function partOfName(name: string): { stem: string; number: number; count: number } | null {
  const [, stem, number, count] = PART_NAME.exec(name) ?? [];
  return stem === undefined ? null : { stem, number: Number(number), count: Number(count) };
}

/**
 * A GGUF model by the path of its file, or of any of its parts. Throws `not-found`, `unreadable`, `corrupt-file`, `missing-part`,
 * `unsupported-format`.
 */
export function openGguf(path: string): TensorFile {
  const named = openPart(path);
  const opened = [named];
  try {
    const count = countOf(named);
    if (count === 1) return modelOf(path, [named]);
    const parts = partPaths(path, count).map((partPath, number) => {
      if (number === numberOf(named, count)) return named;
      if (!exists(partPath)) fail({ code: "missing-part", path: partPath, part: number + 1, parts: count });
      const part = openPart(partPath);
      opened.push(part);
      if (countOf(part) !== count || numberOf(part, count) !== number)
        part.file.corrupt("metadata", `it does not say that it is part ${number + 1} of ${count}`);
      return part;
    });
    return modelOf(path, parts);
  } catch (error) {
    for (const { file } of opened) file.close();
    throw error;
  }
}

/** The files of the GGUF model at a path: all existing parts if the path has the name of a part; otherwise only that file. */
export function ggufFiles(path: string): string[] {
  const count = Number(PART_NAME.exec(basename(path))?.[3] ?? 1);
  if (count <= 1 || count > MOST_PARTS) return [path];
  const parts = partPaths(path, count).filter(exists);
  return parts.length === 0 ? [path] : parts;
}

/** Parts as one model, with the metadata of the first. */
function modelOf(path: string, parts: readonly GgufPart[]): TensorFile {
  const [{ file: first, metadata }] = parts as [GgufPart];
  const tensors = new Map<string, Weight>();
  const unsupported = new Map<string, string>();
  for (const part of parts) {
    for (const [name, weight] of part.tensors) {
      if (tensors.has(name)) part.file.corrupt(tensorSection(name), "an earlier part has it too");
      tensors.set(name, weight);
    }
    for (const [name, type] of part.unsupported) unsupported.set(name, type);
  }
  const claimed = metadata.get(TENSORS);
  if (parts.length > 1 && typeof claimed === "number" && claimed !== tensors.size)
    first.corrupt(`metadata "${TENSORS}"`, `it is ${claimed}, but the parts have ${tensors.size} tensors`);
  refuseContradictions(first, metadata, tensors);
  const close = () => parts.forEach(({ file }) => file.close());
  const sizeBytes = parts.reduce((sum, { file }) => sum + file.sizeBytes, 0);
  return { path, format: "gguf", tensors, unsupported, metadata, sizeBytes, close };
}

/** How many parts the model has that a file belongs to, 1 for a whole one. */
function countOf({ file, metadata }: GgufPart): number {
  const count = metadata.get(COUNT) ?? 1;
  if (count === 0) return 1;
  return isBetween(count, 1, MOST_PARTS) ? count : refuse(file, COUNT, count, [1, MOST_PARTS]);
}

/** Which part a file is, from 0. */
function numberOf({ file, metadata }: GgufPart, count: number): number {
  const number = metadata.get(NUMBER) ?? 0;
  return isBetween(number, 0, count - 1) ? number : refuse(file, NUMBER, number, [0, count - 1]);
}

const isBetween = (value: MetadataValue, least: number, most: number): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= least && value <= most;

function refuse(
  file: GgufPart["file"],
  key: string,
  value: MetadataValue,
  [least, most]: readonly [number, number],
): never {
  const text = typeof value === "object" ? "a list" : String(value).slice(0, 100);
  return file.corrupt(`metadata "${key}"`, `it is ${text}, where a number from ${least} to ${most} must be`);
}

/** The paths of all parts of the model whose part is at `path`, even where that part was renamed. */
function partPaths(path: string, count: number): string[] {
  const name = basename(path);
  const stem = PART_NAME.exec(name)?.[1] ?? name.replace(/\.gguf$/i, "");
  const five = (number: number) => String(number).padStart(5, "0");
  return Array.from({ length: count }, (_, i) =>
    join(dirname(path), `${stem}-${five(i + 1)}-of-${five(count)}.gguf`),
  );
}
