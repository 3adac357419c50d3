/** Why a file cannot be read or written: codes, declared by their English words. */
import { inWords } from "./codes.ts";
import type { CodesOf, Said } from "./codes.ts";

const KINDS = { folder: "a folder", pipe: "a named pipe", socket: "a socket", device: "a device" };

const FILE_REASONS = {
  "read-only": "the file system is read-only",
  busy: "another program holds it open",
  "no-reading": "this account may not read it",
  "no-using": "this account may not use it",
  "no-writing": "this account may not write there",
  "no-folder": "its folder does not exist",
  "folder-is-file": "its folder is a file",
  folder: "it is a folder",
  "not-empty": "it is not empty",
  "too-large": "the file would be too large for this file system",
  "long-name": "its name is too long",
  "disk-error": "the disk reports an error",
  "link-circle": "its links form a circle",
  "link-to-nothing": "it is a link to something missing",
  "link-to-above": "it is a link to a folder that it is in",
  "too-many-open": "too many files are open",
  "nul-name": "its name contains a NUL character",
  "name-not-utf-8": "its name is not in UTF-8; rename it",
  "no-file": ({ kind }: { kind: keyof typeof KINDS }) => `it is ${KINDS[kind]}, not a file`,
  "not-regular": "it is not a regular file",
  neither: "it is neither a file nor a folder",
  "model-inside": ({ file }: { file: string }) => `it is a folder; choose the model in it, ${file}`,
  "cut-short": "it was cut short while it was in use",
  "taken-by-file": "there is a file of that name",
  "file-above": "a part of the path is a file",
  "no-folder-there": "no folder can be made there",
  /** What the system says, in its words. */
  system: ({ detail }: { detail: string }) => detail,
};
export type FileReasons = CodesOf<typeof FILE_REASONS>;
export type FileReason = Said<FileReasons>;

export const fileReasonText = (reason: FileReason): string => inWords<FileReasons>(FILE_REASONS, reason);

const OF_ERRNO = { EROFS: "read-only", EBUSY: "busy" } as const; // on Windows, a program such as Excel opens a file for itself alone

/** The reason for the system's error about a file. `own`: by errno, what differs between reading and writing. */
export function fileReasonOf(
  { code = "", message }: { readonly code?: string; readonly message: string },
  own: Readonly<Record<string, FileReason>>,
): FileReason {
  const reasons: Readonly<Record<string, FileReason>> = { ...OF_ERRNO, ...own };
  return reasons[code] ?? { code: "system", detail: message };
}
