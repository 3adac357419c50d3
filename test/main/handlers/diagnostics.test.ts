import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Application } from "../../../main/application.ts";
import { applicationHandlers } from "../../../main/handlers/application.ts";
import { diagnosticsHandlers } from "../../../main/handlers/diagnostics.ts";
import { noLog } from "../../../main/log/log.ts";
import { PermittedPaths } from "../../../main/permitted-paths.ts";
import { servicesForTest } from "../services/services.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("a report is saved where the person chose, and can be shown there", async () => {
  const services = servicesForTest();
  const path = join(temporaryFolder(), "report.txt");
  const shown: string[] = [];
  const desktop = {
    state: () => ({ version: "1.0.0" }),
    chooseSave: () => Promise.resolve(path),
    show: (place: string) => void shown.push(place),
  };
  const application = {
    services,
    desktop,
    log: noLog,
    troubles: [],
    paths: new PermittedPaths(services),
  } as unknown as Application;
  const { prepareReport, saveReport } = diagnosticsHandlers(application);
  const { id } = await prepareReport({ run: null });
  expect(await saveReport({ id, sections: ["versions"] })).toBe(path);
  expect(readFileSync(path, "utf8")).toContain("1.0.0");
  await applicationHandlers(application).show({ path });
  expect(shown).toEqual([path]);
});
