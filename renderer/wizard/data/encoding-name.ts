/** Familiar names of text encodings. */
import type { TextEncoding } from "../../../preload/contract/data/inspection.ts";

const NAMES: Partial<Record<TextEncoding, string>> = {
  macintosh: "Mac Roman",
  cp850: "DOS (CP850)",
  cp866: "DOS (CP866)",
  shift_jis: "Shift JIS",
  big5: "Big5",
};

/** The name of a file's encoding; undefined for Unicode, which is not a guess. */
export function encodingName(encoding: TextEncoding | undefined): string | undefined {
  if (encoding === undefined || encoding.startsWith("utf-")) return undefined;
  return (
    NAMES[encoding] ??
    encoding
      .replace(/^windows/, "Windows")
      .replace(/^(iso|koi|euc|gb)/, upperCase)
      .replace(/(jp|kr|r)$/, upperCase)
  );
}

const upperCase = (text: string) => text.toUpperCase();
