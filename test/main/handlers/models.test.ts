import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Application } from "../../../main/application.ts";
import { modelsHandlers } from "../../../main/handlers/models.ts";
import { PermittedPaths } from "../../../main/permitted-paths.ts";
import { RECORD_FILE } from "../../../main/services/models/downloaded.ts";
import type { DownloadRecord } from "../../../main/services/models/downloaded.ts";
import { planWithSeed } from "../services/plan.ts";
import { servicesForTest } from "../services/services.ts";

test("a downloaded model that is removed is unloaded first, unless a run needs it", async () => {
  const services = servicesForTest();
  const folder = join(services.home.models, "someone", "small");
  const path = join(folder, "small.gguf");
  const file = { name: "small.gguf", sizeBytes: 4, checksum: { kind: "sha256", hex: "" } } as const;
  const record: DownloadRecord = {
    host: "hub",
    repository: "someone/small",
    commit: "c0ffee",
    licence: null,
    choice: "small.gguf",
    files: [file],
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, "GGUF");
  writeFileSync(join(folder, RECORD_FILE), JSON.stringify(record));
  const unloaded: [path: string, wasThere: boolean][] = [];
  const loadedModels = {
    unload: (paths: string[], remove: () => Promise<void>) => {
      unloaded.push([paths[0]!, existsSync(paths[0]!)]);
      return remove();
    },
  };
  const paths = new PermittedPaths(services);
  const { remove } = modelsHandlers({ services, paths, loadedModels } as unknown as Application);

  const plan = planWithSeed(1);
  const { id } = services.runs.create({ ...plan, model: { ...plan.model, path } }, { name: "waiting" });
  await expect(remove({ path })).rejects.toMatchObject({ failure: { code: "bad-choice" } });
  expect(unloaded).toEqual([]);
  services.runs.cancel(id);
  await remove({ path });
  expect(unloaded).toEqual([[path, true]]);
  expect(existsSync(folder)).toBe(false);
});
