/** A handed-on model: its passport changed and signed again, or the file's own numbers and bytes changed. */
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import type { Random } from "../../../native-models/random.ts";
import { signedBytes } from "../../../main/home/parcel-seal.ts";
import { readParcel } from "../../../main/trimming/export/parcel.ts";
import { chance } from "../draw.ts";
import { changedJson, jsonBytes } from "../json-values.ts";
import type { Json } from "../json-values.ts";
import type { FuzzedParser } from "../parser.ts";
import { bytesOf, changed, raw, u32 } from "../pieces.ts";
import type { Piece } from "../pieces.ts";

/** Always the same, so that the same input has the same bytes. */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});
const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" }).subarray(-32);

export const parcel: FuzzedParser = {
  name: "parcel",
  shortCount: 2000,
  make(random, isChanged) {
    const files = contents(random);
    const target = isChanged ? random.integer(2) : -1;
    const passport = passportOf(files);
    const text = jsonBytes(
      target === 0 ? changedJson(passport, random) : passport,
      random,
      target === 0,
    ).toString();
    const head = signedBytes(text);
    const pieces: Piece[] = [raw(head), raw(publicKey), raw(sign(null, head, privateKey))];
    for (const { content } of files) {
      const packed = deflateRawSync(content);
      const piece = packed.length < content.length ? packed : content;
      pieces.push(u32(piece.length), raw(piece));
    }
    return { "model.coppice": bytesOf(target === 1 ? changed(pieces, random) : pieces) };
  },
  parse: (folder) => readParcel(join(folder, "model.coppice"), null, () => {}),
};

interface Content {
  readonly name: string;
  readonly content: Buffer;
}

function contents(random: Random): Content[] {
  const bytes = (most: number) =>
    Buffer.from(Array.from({ length: 1 + random.integer(most) }, () => random.integer(256)));
  const named = ["README.md", "config.json", "tokenizer.json"].map((name) => ({ name, content: bytes(60) }));
  // All bytes of the weights are equal, so that their halves need not be put apart.
  named.push({ name: "model.safetensors", content: Buffer.alloc(1 + random.integer(60), 5) });
  return chance(random, 30) ? [...named, { name: "LICENSE", content: Buffer.alloc(300, "licence ") }] : named;
}

const passportOf = (files: readonly Content[]): Json => ({
  coppice: "0.1.0",
  madeAt: "2026-11-30T10:00:00.000Z",
  model: { name: "Clauses", base: "sample", licence: null, unit: "block", units: 4, of: 8 },
  measured: { verdict: "ready", headline: null, perplexity: 1.5, timesAsFast: null },
  data: [
    {
      name: "clauses",
      rowsHash: "5f",
      rows: { train: 4, valid: 5, test: 1 },
      masked: null,
      files: [{ name: "a.csv", sha256: null }],
      moreFiles: 0,
    },
  ],
  files: files.map(({ name, content }) => ({
    name,
    sizeBytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
  })),
});
