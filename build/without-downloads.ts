/**
 * COPPICE_WITHOUT_DOWNLOADS=1 builds packages that cannot download models, for offices that want none: each place that offers
 * downloads is replaced by its neighbour NAME.absent, so that nothing imports the rest.
 */
import { join } from "node:path";
import type { Plugin } from "vite";
import { root } from "./root.ts";

/** The window's calls, the command, the parts of the wizard's first step, and that of writing questions. */
const offered = [
  "main/handlers/downloads.ts",
  "main/cli/get-command.ts",
  "renderer/wizard/model/GetModel.svelte",
  "renderer/questions/GetWriter.svelte",
  "renderer/wizard/model/OfferedModel.svelte",
];

const absentFor = new Map(
  offered.map((path) => [join(root, path), join(root, path.replace(/\.(ts|svelte)$/, ".absent.$1"))]),
);

/** Whether the environment asks for such packages. */
export const isWithoutDownloads = (environment: NodeJS.ProcessEnv = process.env): boolean =>
  environment["COPPICE_WITHOUT_DOWNLOADS"] === "1";

/** The plugin for such a build; none for any other. */
export const downloadsPart = (isWithout = isWithoutDownloads()): Plugin[] =>
  isWithout
    ? [
        {
          name: "without-downloads",
          enforce: "pre",
          async resolveId(source, importer, options) {
            const found = await this.resolve(source, importer, { ...options, skipSelf: true });
            return absentFor.get(found?.id ?? "") ?? null;
          },
        },
      ]
    : [];
