/** Removes downloaded and received models from this computer; a run that was made from one reports it missing if it needs it again. */
import { existsSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { dirname, sep } from "node:path";
import { fail } from "../../../native-models/failure.ts";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { remove } from "../../../native-models/formats/atomic.ts";
import { pathInside } from "../../../native-models/formats/path-inside.ts";
import { PRECISIONS } from "../../../native-models/inference/precision.ts";
import type { Home } from "../../home/home.ts";
import { chatCacheFolder } from "../chat/chat-engine.ts";
import { bytesOf } from "../home/kept-folders.ts";
import { downloadedModels, downloadName } from "../models/downloaded.ts";
import { RECEIVED, receivedModels } from "../models/received-models.ts";
import type { TrimServices } from "./trim-services.ts";

type Places = Pick<Home, "models" | "cache">;

/** States in which a run still reads its model. */
const UNFINISHED = ["queued", "running", "paused"];

/**
 * Removes a received model, or a downloaded one, damaged or not, by its path, and the chat weights that were made from it. Returns the freed bytes. Failures:
 * bad-choice for any other model, and while a run needs it; unwritable. `unloaded` calls what removes its files while the model is not
 * loaded: Windows cannot remove files that a program has open.
 */
export async function removeDownloaded(
  { home, runs }: { readonly home: Places & Home; readonly runs: TrimServices["runs"] },
  path: string,
  unloaded: (act: () => Promise<void>) => Promise<void> = (act) => act(),
): Promise<number> {
  const downloaded = downloadedModels(home).map((one) => ({ ...one, name: downloadName(one.record) }));
  const received = receivedModels(home).map((one) => ({ ...one, folder: one.path }));
  const model = [...downloaded, ...received].find((one) => one.path === path);
  if (!model) return refuseChoice({ code: "not-downloaded", path });
  const run = runs
    .list()
    .find(({ id, state }) => UNFINISHED.includes(state) && runs.get(id).plan.model.path === path);
  if (run) return refuseChoice({ code: "model-needed", model: model.name, run: run.name });
  const caches = existsSync(path)
    ? PRECISIONS.map((precision) => chatCacheFolder(home, path, precision))
    : []; // the file of a damaged model may be gone
  const bytes = await bytesOf([model.folder, ...caches]);
  await unloaded(async () => {
    // The record goes last: while it is there, this can be tried again.
    for (const folder of [...caches, model.folder]) await remove(folder);
  });
  await rmdir(dirname(model.folder)).catch(() => {}); // the publisher's folder, if nothing else is in it
  return bytes;
}

/** Throws `model-removed` if a run's model was downloaded by Coppice and is gone. */
export function requireDownloaded({ models }: Pick<Home, "models">, path: string): void {
  if (existsSync(path)) return;
  const [owner, folder, file] = pathInside(models, path)?.split(sep) ?? [];
  if (!owner || !folder || owner === RECEIVED) return;
  // as `finishedFolder` names it
  const [name, ...choice] = folder.replace(/@[0-9a-f]{7}(?:-\d+)?$/, "").split("--");
  const chosen = choice.length > 0 && { file: choice.join("/") + (file === undefined ? "" : ".gguf") };
  fail({ code: "model-removed", path, repository: `${owner}/${name}`, ...chosen });
}
