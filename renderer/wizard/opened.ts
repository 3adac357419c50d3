/** A model file opened from outside becomes the model to start from; one that somebody handed on is shown first. */
import { isParcel } from "../../preload/contract/results/parcel-name.ts";
import { main } from "../bridge.ts";
import { fileName } from "../file-name.ts";
import { router } from "../router.svelte.ts";
import { received } from "./received.svelte.ts";

export function listenToOpened(): () => void {
  return main.application.opened(async ({ path }) => {
    if (isParcel(path)) return received.look(path);
    const { draft } = await import("./draft.svelte.ts");
    await draft.begin();
    draft.chooseModel({ path, name: fileName(path) });
    router.go({ page: "model" });
  });
}
