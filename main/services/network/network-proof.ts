/** The application's current network sockets, as the operating system reports them. */
import type { NetworkProof } from "../../../preload/contract/calls/settings.ts";
import { linuxFamily, linuxSockets } from "./linux.ts";
import type { OwnProcess } from "./own-process.ts";
import { windowsSockets } from "./windows.ts";

/** Lists the sockets of these processes and, if the system reports them, of their descendants. */
export async function proveOffline(
  processes: readonly OwnProcess[],
  refusedRequests: number,
  platform: NodeJS.Platform = process.platform,
): Promise<NetworkProof> {
  const checkedAt = new Date().toISOString();
  const told = (list: readonly OwnProcess[], untold: readonly number[]) =>
    list.map((own) => ({ ...own, told: !untold.includes(own.processId) }));
  if (platform === "linux") {
    const family = linuxFamily(processes);
    const { sockets, untold } = linuxSockets(family);
    return { checkedAt, processes: told(family, untold), sockets, refusedRequests };
  }
  const sockets = platform === "win32" ? await windowsSockets(processes) : null;
  const untold = sockets === null ? processes.map(({ processId }) => processId) : [];
  return { checkedAt, processes: told(processes, untold), sockets: sockets ?? [], refusedRequests };
}
