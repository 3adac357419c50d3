import { main } from "../../bridge.ts";

/** Keeps data that was read under the name that a person gives it, whether it had another or not. */
export async function keepAs(folder: string, name: string): Promise<void> {
  const { id } = await main.dataSets.keep({ folder, name });
  await main.dataSets.rename({ id, name });
}
