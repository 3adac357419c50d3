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
  const reported = (list: readonly OwnProcess[], unreported: readonly number[]) =>
    list.map((own) => ({ ...own, reported: !unreported.includes(own.processId) }));
  if (platform === "linux") {
    const family = linuxFamily(processes);
    const { sockets, unreported } = linuxSockets(family);
    return { checkedAt, processes: reported(family, unreported), sockets, refusedRequests };
  }
  const sockets = platform === "win32" ? await windowsSockets(processes) : null;
  const unreported = sockets === null ? processes.map(({ processId }) => processId) : [];
  return { checkedAt, processes: reported(processes, unreported), sockets: sockets ?? [], refusedRequests };
}
