/**
 * `node uninstaller.ts INSTALLER`: extracts the uninstaller from an installer made by makensis, as if the installer had been
 * started to write it. electron-builder uses wine only for this.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inflateRawSync } from "node:zlib";

/** NSIS's first header: flags, 0xDEADBEEF, "NullsoftInst", length of the header, length of all from here on. */
const SIGNATURE = Buffer.from("efbeadde4e756c6c736f6674496e7374", "hex");
const HEADER_BYTES = 28;
const COMPRESSED = 0x80000000;

/** The uninstaller inside `installer`: the same program, followed by its own data. Throws if there is none. */
function uninstallerOf(installer: Buffer): Buffer {
  const programBytes = endOfProgram(installer);
  const data = installer.subarray(programBytes);
  if (!isFirstHeader(data)) throw new Error("not an installer that NSIS made");
  // Blocks: their length, and a bit for compression. The uninstaller's starts with a first header.
  for (let at = HEADER_BYTES; at + 4 <= data.length;) {
    const word = data.readUInt32LE(at);
    const length = word % COMPRESSED;
    const block = data.subarray(at + 4, at + 4 + length);
    if (length === 0 || block.length < length) break;
    const contents = word >= COMPRESSED ? inflateRawSync(block) : block;
    if (isFirstHeader(contents)) return Buffer.concat([installer.subarray(0, programBytes), contents]);
    at += 4 + length;
  }
  throw new Error("no uninstaller in it");
}

const isFirstHeader = (data: Buffer) => data.subarray(4, 4 + SIGNATURE.length).equals(SIGNATURE);

/** The end of the sections of a Windows program. */
function endOfProgram(program: Buffer): number {
  const coff = program.readUInt32LE(0x3c) + 4;
  const sections = coff + 20 + program.readUInt16LE(coff + 16);
  const ends = Array.from({ length: program.readUInt16LE(coff + 2) }, (_, index) => {
    const section = sections + 40 * index;
    return program.readUInt32LE(section + 16) + program.readUInt32LE(section + 20);
  });
  return Math.max(...ends);
}

if (import.meta.main) {
  const [installer = ""] = process.argv.slice(2);
  const uninstaller = join(dirname(installer), `${basename(installer, "exe")}__uninstaller.exe`);
  writeFileSync(uninstaller, uninstallerOf(readFileSync(installer)));
}
