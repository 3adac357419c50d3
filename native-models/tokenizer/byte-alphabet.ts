/**
 * The alphabet of byte-level BPE (GPT-2, Radford et al. 2019): every byte as one printable character, so that a vocabulary of
 * bytes can be written as text. Bytes that are printable in Latin-1 map to themselves, the others to U+0100 and above.
 */
const PRINTABLE: readonly (readonly [number, number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

/** The character of each byte. */
export const CHARACTER_OF_BYTE: readonly string[] = alphabet();
const BYTE_OF_CHARACTER = new Map(CHARACTER_OF_BYTE.map((character, byte) => [character, byte]));
const toUtf8 = new TextEncoder();

/** The UTF-8 bytes of a text as characters of the alphabet. */
export function bytesAsCharacters(text: string): string {
  let result = "";
  for (const byte of toUtf8.encode(text)) result += CHARACTER_OF_BYTE[byte]!;
  return result;
}

/** The bytes of a token's characters; a token with any other character (an added one) is its own UTF-8. */
export function bytesOfCharacters(token: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of token) {
    const byte = BYTE_OF_CHARACTER.get(character);
    if (byte === undefined) return toUtf8.encode(token);
    bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}

function alphabet(): string[] {
  let other = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = PRINTABLE.some(([first, last]) => byte >= first && byte <= last);
    return String.fromCodePoint(printable ? byte : other++);
  });
}
