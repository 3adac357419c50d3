/** onnxruntime's licence and the notices of everything compiled into it: its npm packages contain neither, its wheel does. */
import { mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root.ts";
import { fillFromWheel } from "../electron/cached.ts";

/** For the version of the npm package. */
export const release = {
  version: "1.30.0",
  requirement: "onnxruntime==1.30.0",
  file: "onnxruntime-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl",
  sha256: "fa688e7891a6aa206636fe7372e27ee75fd17713289f6b4fc7b190e0a7de9328",
  platform: "manylinux_2_28_x86_64",
  python: "3.12",
} as const;

/** Downloaded if missing. Throws `Missing`. */
export function onnxruntimeTexts(): { readonly licence: string; readonly notices: string } {
  const folder = join(root, ".cache", "onnxruntime-notices");
  fillFromWheel(folder, release, "onnxruntime's licences", (work) => {
    const texts = join(work, "texts");
    mkdirSync(texts);
    for (const name of ["LICENSE", "ThirdPartyNotices.txt"])
      renameSync(join(work, "onnxruntime", name), join(texts, name));
    return texts;
  });
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  return { licence: read("LICENSE"), notices: read("ThirdPartyNotices.txt") };
}
