/** A model file opened from outside becomes the model to start from. */
import { main } from "../bridge.ts";
import { fileName } from "../file-name.ts";
import { router } from "../router.svelte.ts";

export function listenToOpened(): () => void {
  return main.application.opened(async ({ path }) => {
    const { draft } = await import("./draft.svelte.ts");
    await draft.begin();
    draft.chooseModel({ path, name: fileName(path) });
    router.go({ page: "model" });
  });
}
