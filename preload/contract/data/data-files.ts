/** What a data file's name indicates: its format, and its split. */
import type { DataFormat, SplitName } from "./data.ts";

/** File extensions, in lower case, the usual one first; the content decides in the end (main/documents/formats.ts). */
export const EXTENSIONS: Readonly<Record<DataFormat, readonly [string, ...string[]]>> = {
  jsonl: [".jsonl", ".ndjson"],
  json: [".json"],
  csv: [".csv", ".tsv"],
  parquet: [".parquet"],
  text: [".txt"],
  markdown: [".md", ".markdown"],
  pdf: [".pdf"],
  docx: [".docx", ".docm", ".dotx", ".dotm"],
  doc: [".doc"],
  odt: [".odt", ".ott"],
  rtf: [".rtf"],
  html: [".html", ".htm", ".xhtml", ".mhtml", ".mht"],
  epub: [".epub"],
  pptx: [".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"],
  odp: [".odp", ".otp"],
  eml: [".eml"],
  msg: [".msg"],
  xml: [".xml", ".nxml"],
  picture: [".png", ".jpg", ".jpeg", ".tif", ".tiff"],
  xlsx: [".xlsx", ".xlsm", ".xltx", ".xltm"],
  xls: [".xls", ".xlt"],
  ods: [".ods", ".ots"],
};

const ofDocuments = Object.values(EXTENSIONS).filter((extensions) => extensions !== EXTENSIONS.picture);

/** All of them except those of pictures, which are read only with text recognition. */
export const supportedExtensions: readonly string[] = ofDocuments.flat();

/** The usual ones of these formats, as a sentence names them. */
export const usualExtensions: readonly string[] = ofDocuments.map(([usual]) => usual);

/** Archives of documents, and compressed single documents. */
export const CONTAINERS = [".zip", ".gz"];

/** Whether a file's name indicates an archive of documents or one compressed document: "letters.zip", "rows.jsonl.gz". */
export const isContainerFile = (path: string): boolean => CONTAINERS.includes(extensionOf(path));

/** Whether the names in an archive show that it is itself a document, such as a DOCX file, rather than a collection of documents. */
export function isDocumentArchive(names: readonly string[]): boolean {
  return names.some((name) => name === "[Content_Types].xml" || name === "mimetype");
}

/** A file name's extension, in lower case with the dot; empty if there is none. */
export function extensionOf(path: string): string {
  return /[^/\\](\.[^./\\]*)$/.exec(path)?.[1]?.toLowerCase() ?? "";
}

/** Whether a file's name indicates that it can be read. */
export function isDataFile(path: string): boolean {
  return supportedExtensions.includes(extensionOf(path));
}

/** Whether a file belongs to a program and not to a person: it is hidden, or Word's lock file of an open document ("~$letter.docx"). */
export function isOfPrograms(name: string): boolean {
  return /^(?:\.|~\$|__MACOSX$)/.test(name);
}

/** Whether a file's name is that of a picture, whose text can be recognised. */
export function isPicture(path: string): boolean {
  return EXTENSIONS.picture.includes(extensionOf(path));
}

/**
 * Beginnings of names, as whole words: "test_sft.jsonl" and "Test data.csv" are test; "testimony.txt", "Training Brandschutz.docx" and
 * "Test- und Laborbefunde.docx" are not.
 */
const beginning = (words: string) =>
  new RegExp(`^(?:${words})(?!\\p{L}|- | (?!dat(?:a|en)(?!\\p{L}))\\p{L})`, "iu");

const BEGINNINGS: Record<SplitName, RegExp> = {
  train: beginning("train|training"),
  valid: beginning("valid|validation|validierung|val|dev"),
  test: beginning("test"),
  offDomain: beginning("off[-_ ]?domain"),
};

/** The splits by name, in the order in which they are read. */
export const SPLITS = Object.keys(BEGINNINGS) as SplitName[];

/** A value for each split, in that order. */
export function bySplit<Value>(valueOf: (split: SplitName) => Value): Record<SplitName, Value> {
  return Object.fromEntries(SPLITS.map((split) => [split, valueOf(split)])) as Record<SplitName, Value>;
}

/** The split that a file's name begins with. */
export function splitOf(name: string): SplitName | undefined {
  return SPLITS.find((split) => BEGINNINGS[split].test(name));
}

/** The split that a folder's whole name denotes; undefined for "Test- und Laborbefunde", which contains documents. */
export function splitOfFolder(name: string): SplitName | undefined {
  return SPLITS.find((split) => BEGINNINGS[split].exec(name)?.[0] === name);
}

/** Whether a file's name indicates nothing but its split: "train.jsonl". */
export function isOnlySplit(name: string): boolean {
  return splitOfFolder(name.replace(/\.[^.]*$/, "")) !== undefined;
}
