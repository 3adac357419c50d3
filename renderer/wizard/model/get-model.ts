/** Makes a model from the hub the one to start from. */
import type { WantedModel } from "../../../preload/contract/calls/downloads.ts";
import { toasts } from "../../components/toasts.svelte.ts";
import { t } from "../../messages/index.svelte.ts";
import { router } from "../../router.svelte.ts";
import { draft } from "../draft.svelte.ts";
import { downloads } from "./downloads.svelte.ts";
import { models } from "./models.svelte.ts";

/**
 * Downloads a model, and chooses it if the person is still choosing a model when it arrives. Otherwise it is only offered, because choosing
 * another model discards the plan and the data that was read.
 */
export async function getModel(wanted: WantedModel): Promise<void> {
  const before = draft.now?.model?.path;
  const found = await downloads.get(wanted);
  if (!found) return;
  models.add(found);
  const { path, name } = found;
  const choose = () => draft.chooseModel({ path, name });
  if (router.route.page === "model" && draft.now?.model?.path === before) return choose();
  toasts.show({
    title: t.downloads.arrived(name),
    stays: true,
    action: {
      label: t.downloads.use,
      run: () => {
        choose();
        router.go({ page: "model" });
      },
    },
  });
}
