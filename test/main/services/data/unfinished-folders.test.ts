import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices, openServicesToRead } from "../../../../main/services/open.ts";
import { setAside, unfinishedFolder } from "../../../../main/services/data/unfinished-folders.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

test("what a killed program was reading or deleting is removed by the next one that writes, not by one that reads beside it", () => {
  const folder = temporaryFolder();
  const services = openServices(folder);
  const { datasets } = services.home;
  writeFileSync(join(unfinishedFolder(datasets), "train.json"), "{}");
  for (const name of ["hire", "gone"]) mkdirSync(join(datasets, name));
  const [gone] = setAside(datasets, [join(datasets, "gone")]);
  writeFileSync(join(gone!, "rows", "train.jsonl"), "{}");
  openServicesToRead(folder).close();
  expect(readdirSync(datasets)).toHaveLength(3);
  services.close();

  servicesForTest(folder);
  expect(readdirSync(datasets)).toEqual(["hire"]);
});

test("if one of a data set's folders cannot be set aside, all keep their names", () => {
  const datasets = temporaryFolder();
  for (const name of ["first", "second"]) mkdirSync(join(datasets, name));
  writeFileSync(join(datasets, "first", "train.jsonl"), "{}");
  const folders = ["first", "missing", "second"].map((name) => join(datasets, name)); // renaming one that is missing fails
  expect(() => setAside(datasets, folders)).toThrow();
  expect(readdirSync(datasets).sort()).toEqual(["first", "second"]);
  expect(readdirSync(join(datasets, "first"))).toEqual(["train.jsonl"]);
});
