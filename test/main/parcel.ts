/** A parcel with the built-in sample's model, whole or put together wrongly, signed by a key of its own. */
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { signedBytes } from "../../main/home/parcel-seal.ts";
import { sample } from "../../main/services/models/sample.ts";
import { parcelPieces } from "../../main/trimming/export/parcel.ts";
import type { Passport } from "../../preload/contract/results/passport.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const NAMES = [
  "config.json",
  "generation_config.json",
  "model.safetensors",
  "tokenizer.json",
  "tokenizer_config.json",
];

/** The folder of the model's files, with a card. */
export function modelFolder(folder = temporaryFolder()): string {
  for (const name of NAMES) writeFileSync(join(folder, name), readFileSync(join(sample.model, name)));
  writeFileSync(join(folder, "README.md"), "# Clauses\n");
  return folder;
}

/** The passport of a folder's files. */
export function passportIn(folder: string, names: readonly string[] = [...NAMES, "README.md"]): Passport {
  return {
    coppice: "0.1.0",
    madeAt: "2026-11-30T10:00:00.000Z",
    model: { name: "Clauses", base: "sample", licence: "apache-2.0", unit: "block", units: 4, of: 8 },
    measured: {
      verdict: "with-care",
      headline: { kind: "right", now: { count: 78, of: 100 }, before: { count: 58, of: 100 } },
      perplexity: null,
      timesAsFast: 1.8,
    },
    data: [
      {
        name: "clauses",
        rowsHash: "5f0c",
        rows: { train: 400, valid: 50, test: 100 },
        masked: [{ kind: "name", places: 12, different: 5 }],
        files: [
          { name: "clauses.csv", sha256: "ab".repeat(32) },
          { name: "more.csv", sha256: null },
        ],
        moreFiles: 0,
      },
    ],
    files: names.map((name) => ({
      name,
      sizeBytes: statSync(join(folder, name)).size,
      sha256: createHash("sha256")
        .update(readFileSync(join(folder, name)))
        .digest("hex"),
    })),
  };
}

/** The bytes of a parcel: the files that `packed` names, with the passport's text, signed. */
export async function parcelBytes(
  folder: string,
  passport: unknown,
  packed = passport as Passport,
): Promise<Buffer> {
  const text = JSON.stringify(passport);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const head = signedBytes(text);
  const pieces: Uint8Array[] = [head, key, sign(null, head, privateKey)];
  const none = { key: "", signature: "", passport: JSON.stringify(packed) };
  let isHead = true;
  for await (const piece of parcelPieces(folder, none, () => {})) {
    if (!isHead) pieces.push(piece);
    isHead = false;
  }
  return Buffer.concat(pieces);
}
