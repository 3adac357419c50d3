/** What is opened from outside or dropped: a model to start from, one that somebody handed on, or a run from another computer. */
import { isParcel } from "../../preload/contract/results/parcel-name.ts";
import { main } from "../bridge.ts";
import { fileName } from "../file-name.ts";
import { router } from "../router.svelte.ts";
import { incoming } from "./incoming.svelte.ts";
import { received } from "./received.svelte.ts";

export const listenToOpened = (): (() => void) => main.application.opened(({ path }) => open(path));

/** Opens anything; a model becomes that of a new draft. */
export async function open(path: string): Promise<void> {
  if (await openNoModel(path)) return;
  const { draft } = await import("./draft.svelte.ts");
  await draft.begin();
  draft.chooseModel({ path, name: fileName(path) });
  router.go({ page: "model" });
}

/** Opens what is no model to start from; false if it may be one. */
export async function openNoModel(path: string): Promise<boolean> {
  if (isParcel(path)) void received.look(path);
  else if (await main.runs.isElsewhere({ path })) void incoming.take(path);
  else return false;
  return true;
}
