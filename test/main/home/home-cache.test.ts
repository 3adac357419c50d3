import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { markUsed, newWorkFolder } from "../../../main/home/home-cache.ts";
import { openServices } from "../../../main/services/open.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A home that is closed, to which files are added; `left` says which of them are there after it was opened again. */
function closedHome() {
  const services = openServices(temporaryFolder());
  services.close();
  const { home } = services;
  const added: string[] = [];
  return {
    home,
    add(path: string): string {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, "text of a document");
      added.push(path);
      return path;
    },
    left(): string[] {
      openServices(home.folder).close();
      return added.filter((path) => existsSync(path)).map((path) => path.slice(home.folder.length + 1));
    },
  };
}

/** Makes it look as if it was last used long ago. */
function age(path: string): string {
  utimesSync(path, 1, 1);
  return path;
}

test("opening a home removes what killed programs worked with, and leaves those of running ones", () => {
  const { home, add, left } = closedHome();
  const mine = newWorkFolder(home);
  const dead = spawnSync(process.execPath, ["-e", ""]).pid;
  add(join(mine, "test.jsonl"));
  add(join(home.cache, `working-${dead}-aB3dE6`, "test.jsonl"));
  add(join(home.models, ".2b-round-3.0123456789ab.unfinished", "model.safetensors"));
  add(join(home.models, "2b-round-3", "model.safetensors"));
  add(join(home.models, "owner.partial", "name", "model.safetensors"));
  add(join(home.cache, "recognised", "0123", "1.txt"));
  expect(left()).toEqual([
    join("cache", basename(mine), "test.jsonl"),
    join("models", "2b-round-3", "model.safetensors"),
    join("models", "owner.partial", "name", "model.safetensors"),
    join("cache", "recognised", "0123", "1.txt"),
  ]);
});

test("opening a home removes chat weights that were not used for long, and unfinished ones", () => {
  const { home, add, left } = closedHome();
  const weights = (name: string, file: string) => add(join(home.cache, name, "int8", file));
  const unfinished = ".weights.bin.0123456789ab.unfinished";
  const [used, unused, again] = ["0", "1", "2"].map((digit) => `int8-${digit.repeat(16)}`) as [
    string,
    string,
    string,
  ];
  weights(used, "weights.bin");
  age(weights(used, unfinished));
  weights(used, unfinished.replace("0", "f"));
  weights(unused, "weights.bin");
  weights(again, "weights.bin");
  age(join(home.cache, unused));
  markUsed(age(join(home.cache, again)));
  markUsed(join(home.cache, "int8-3333333333333333"));
  expect(left()).toEqual([
    join("cache", used, "int8", "weights.bin"),
    join("cache", used, "int8", unfinished.replace("0", "f")),
    join("cache", again, "int8", "weights.bin"),
  ]);
});

test("opening a home removes the text of scanned documents that were not read for long", () => {
  const { home, add, left } = closedHome();
  for (const key of ["0123", "4567"]) add(join(home.recognised, key, "1.json"));
  age(join(home.recognised, "4567"));
  expect(left()).toEqual([join("cache", "recognised", "0123", "1.json")]);
});
