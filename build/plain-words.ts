/** Fails on phrases that read as if translated, in code, tests and documents: the field's own terms are on the right. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root.ts";

/** Each banned phrase, and what to write instead. */
const phrases: readonly (readonly [RegExp, string])[] = [
  [/\bway (back|forth)\b/i, "backward pass, forward pass"],
  [/\bgoes back\b/i, "backpropagates, returns"],
  [/\bwhole[- ]numbers\b/i, "int8, integers"],
  [/\b(left|out of) the range of numbers\b/i, "diverged (the loss is NaN)"],
  [/\bnumbers next to zero\b/i, "denormals"],
  [/\bwith all (their|its) power\b/i, "spinning"],
  [/\b(is|are|was|were|be|been) told\b/i, "reported, shown"],
  [/\bbeg[aiu]n anew\b/i, "start over"],
  [/\bmend(s|ed|ing)?\b/i, "fix, repair"],
  [/\bnumbers that stand out\b/i, "outliers"],
  [/\bcannot be (had|there)\b/i, "unavailable"],
  [/\bto be had\b/i, "available"],
];
/** The texts of the sample and of the study are data, whose words must not change; this file names what it bans. */
const exempt =
  /^(build\/sample\/|native-models\/sample\/|test\/build\/sample\/|test\/study\/documents\/|build\/plain-words\.ts$)/;

const listed = spawnSync("git", ["ls-files", "*.ts", "*.js", "*.svelte", "*.md"], {
  cwd: root,
  encoding: "utf8",
});
const found = listed.stdout.split("\n").flatMap((file) => {
  if (file === "" || exempt.test(file)) return [];
  return readFileSync(join(root, file), "utf8")
    .split("\n")
    .flatMap((line, index) =>
      phrases.flatMap(([phrase, instead]) => {
        const match = phrase.exec(line);
        return match ? [`${file}:${index + 1}: "${match[0]}"; write: ${instead}`] : [];
      }),
    );
});
for (const line of found) console.error(line);
process.exitCode = found.length > 0 || listed.status !== 0 ? 1 : 0;
