/** Ids to text: the bytes of each token, and the text made of them. */
import { bytesOfCharacters } from "./byte-alphabet.ts";
import { unsupportedTokenizer } from "./definition.ts";
import type { Definition, PipelineStep } from "./definition.ts";

/** How a tokenizer's ids become text. */
export interface TokenText {
  /** The UTF-8 bytes of an id, possibly part of a character; none for an id without a token. */
  tokenBytes(id: number): Uint8Array;
  isSpecial(id: number): boolean;
  /** Leading spaces of a whole text that encoding adds and decoding removes. */
  readonly leadingSpaces: number;
}

const BYTE_TOKEN = /^<0x([0-9A-Fa-f]{2})>$/;
const NOTHING = new Uint8Array(0);
const SPACE = 0x20;

/** Throws `unsupported-tokenizer` for a decoder that Coppice cannot run. */
export function tokenText(definition: Definition, special: ReadonlySet<number>): TokenText {
  const { vocabulary } = definition;
  const added = new Map(definition.addedTokens.map(({ id, content }) => [id, content]));
  const { bytesOf, leadingSpaces } = decoderOf(definition.decoders);
  return {
    tokenBytes: (id) => {
      const token = added.get(id) ?? vocabulary.textOf(id);
      return token === undefined ? NOTHING : bytesOf(token);
    },
    isSpecial: (id) => special.has(id),
    leadingSpaces,
  };
}

/**
 * The text of ids, as far as it is final. `push` returns the text that the id completes, never part of a character; `flush`
 * returns the rest, with U+FFFD for an incomplete character.
 */
export interface StreamDecoder {
  push(id: number): string;
  flush(): string;
}

/**
 * Text token by token; together it equals the result of `decode`. Special tokens are left out unless `skipSpecial` is false. With
 * `continues`, the text continues an earlier one, so its leading space is kept.
 */
export function streamDecoder(
  tokenizer: TokenText,
  { skipSpecial = true, continues = false }: { skipSpecial?: boolean; continues?: boolean } = {},
): StreamDecoder {
  // Without ignoreBOM the decoder would drop a U+FEFF that belongs to the text.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let spacesToDrop = continues ? 0 : tokenizer.leadingSpaces;
  return {
    push: (id) => {
      if (skipSpecial && tokenizer.isSpecial(id)) return "";
      let bytes = tokenizer.tokenBytes(id);
      while (spacesToDrop > 0 && bytes.length > 0) {
        if (bytes[0] !== SPACE) {
          spacesToDrop = 0;
        } else {
          bytes = bytes.subarray(1);
          spacesToDrop--;
        }
      }
      return decoder.decode(bytes, { stream: true });
    },
    flush: () => decoder.decode(),
  };
}

interface Decoder {
  bytesOf(token: string): Uint8Array;
  leadingSpaces: number;
}

/**
 * Decoders of byte-level BPE and SentencePiece. In a run of byte tokens that is not UTF-8, the invalid bytes become U+FFFD; the
 * reference replaces every byte of such a run. A first token of several spaces loses one; with `Metaspace` the reference removes
 * all of them.
 */
function decoderOf(steps: readonly PipelineStep[]): Decoder {
  if (steps.length === 0) unsupportedTokenizer("without a decoder");
  const replacements: [string, string][] = [];
  let byteLevel = false;
  let byteFallback = false;
  let leadingSpaces = 0;
  for (const step of steps) {
    switch (step.type) {
      case "ByteLevel":
        byteLevel = true;
        break;
      case "ByteFallback":
        byteFallback = true;
        break;
      case "Fuse":
        break;
      case "Replace":
        replacements.push(replacementOf(step));
        break;
      case "Strip":
        if (step["content"] !== " " || step["stop"] !== 0)
          unsupportedTokenizer("decoder Strip of other than leading spaces");
        leadingSpaces = Number(step["start"]);
        break;
      case "Metaspace":
        replacements.push([typeof step["replacement"] === "string" ? step["replacement"] : "▁", " "]);
        leadingSpaces = step["prepend_scheme"] === "never" || step["add_prefix_space"] === false ? 0 : 1;
        break;
      default:
        unsupportedTokenizer(`decoder ${step.type}`);
    }
  }
  if (byteLevel) return { bytesOf: bytesOfCharacters, leadingSpaces };
  const toUtf8 = new TextEncoder();
  const bytesOf = (token: string) => {
    const byte = byteFallback ? BYTE_TOKEN.exec(token) : null;
    if (byte) return Uint8Array.of(parseInt(byte[1]!, 16));
    return toUtf8.encode(replacements.reduce((text, [from, to]) => text.split(from).join(to), token));
  };
  return { bytesOf, leadingSpaces };
}

function replacementOf(step: PipelineStep): [string, string] {
  const pattern = (step["pattern"] as { String?: unknown } | undefined)?.String;
  const { content } = step;
  if (typeof pattern === "string" && typeof content === "string") return [pattern, content];
  return unsupportedTokenizer("decoder Replace with a regular expression");
}
