import { main } from "../../bridge.ts";

/** Keeps data that was read under the name that the person gives it, even if it already had another name. */
export async function keepAs(folder: string, name: string): Promise<void> {
  const { id } = await main.dataSets.keep({ folder, name });
  await main.dataSets.rename({ id, name });
}
