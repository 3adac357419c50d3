/** Compressed RTF of messages ([MS-OXRTFCP] 2.1 and 3.1). */
import { BadDocument } from "../../bad-document.ts";

/** The initial content of the dictionary. */
const DICTIONARY =
  "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
const DICTIONARY_BYTES = 4096;
const [COMPRESSED, UNCOMPRESSED] = [0x75465a4c, 0x414c454d];
const HEADER_BYTES = 16;
/** Each two bytes give at most 17. */
const LARGEST_RATIO = 17;

/** Decompresses RTF. Throws `BadDocument`. */
export function decompressRtf(bytes: Buffer): Buffer {
  if (bytes.length < HEADER_BYTES) throw new BadDocument("damaged");
  const [rawBytes, type] = [bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  const content = bytes.subarray(HEADER_BYTES);
  if (type === UNCOMPRESSED) return content.subarray(0, rawBytes);
  if (type !== COMPRESSED) throw new BadDocument("damaged");
  return decompressed(content, Math.min(rawBytes, LARGEST_RATIO * content.length));
}

function decompressed(content: Buffer, longest: number): Buffer {
  const dictionary = Buffer.alloc(DICTIONARY_BYTES);
  let write = dictionary.write(DICTIONARY, "latin1");
  const out = Buffer.alloc(longest);
  let length = 0;
  const put = (byte: number): void => {
    if (length < longest) out[length++] = byte;
    dictionary[write] = byte;
    write = (write + 1) % DICTIONARY_BYTES;
  };
  for (let at = 0; at < content.length && length < longest;) {
    const control = content[at++]!;
    for (let bit = 0; bit < 8 && at < content.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(content[at++]!);
        continue;
      }
      if (at + 2 > content.length) return out.subarray(0, length);
      const token = content.readUInt16BE(at);
      at += 2;
      const offset = token >> 4;
      if (offset === write) return out.subarray(0, length);
      for (let i = 0; i < (token & 15) + 2; i++) put(dictionary[(offset + i) % DICTIONARY_BYTES]!);
    }
  }
  return out.subarray(0, length);
}
