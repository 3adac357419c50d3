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
  writeFileSync(join(setAside(datasets, join(datasets, "gone")), "rows", "train.jsonl"), "{}");
  openServicesToRead(folder).close();
  expect(readdirSync(datasets)).toHaveLength(3);
  services.close();

  servicesForTest(folder);
  expect(readdirSync(datasets)).toEqual(["hire"]);
});
