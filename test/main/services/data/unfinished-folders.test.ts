import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openServices, openServicesToRead } from "../../../../main/services/open.ts";
import { unfinishedFolder } from "../../../../main/services/data/unfinished-folders.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { servicesForTest } from "../services.ts";

test("what a killed program was reading is removed by the next one that writes, not by one that reads beside it", () => {
  const folder = temporaryFolder();
  const services = openServices(folder);
  const { datasets } = services.home;
  writeFileSync(join(unfinishedFolder(datasets), "train.json"), "{}");
  mkdirSync(join(datasets, "hire"));
  openServicesToRead(folder).close();
  expect(readdirSync(datasets)).toHaveLength(2);
  services.close();

  servicesForTest(folder);
  expect(readdirSync(datasets)).toEqual(["hire"]);
});
