/** Sockets on Windows: `netstat -ano` prints a line per socket, with its process id last. */
import { execFile } from "node:child_process";
import { win32 } from "node:path";
import type { OpenSocket } from "../../../preload/contract/calls/settings.ts";
import type { OwnProcess } from "./own-process.ts";
import { leaves } from "./address.ts";

/** The system's own netstat: Windows looks for a bare name in the working folder first, where a downloaded program may be. */
export const netstatIn = (systemRoot = "C:\\Windows") => win32.join(systemRoot, "System32", "netstat.exe");

/** The internet sockets of these processes; null if netstat does not answer. */
export async function windowsSockets(processes: readonly OwnProcess[]): Promise<OpenSocket[] | null> {
  const text = await new Promise<string | null>((resolve) =>
    execFile(
      netstatIn(process.env.SystemRoot),
      ["-ano"],
      { windowsHide: true, timeout: 10_000 },
      (error, output) => resolve(error ? null : output),
    ),
  );
  return text === null ? null : netstatSockets(text, processes);
}

/** The lines of netstat that belong to these processes. */
export function netstatSockets(text: string, processes: readonly OwnProcess[]): OpenSocket[] {
  const own = new Set(processes.map(({ processId }) => processId));
  return text.split(/\r?\n/).flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const [protocol = "", local, remote] = fields;
    const processId = Number(fields[fields.length - 1]);
    if (!/^(?:TCP|UDP)$/.test(protocol) || local === undefined || remote === undefined) return [];
    if (!own.has(processId)) return [];
    return [{ processId, protocol: protocol.toLowerCase(), local, remote, leavesComputer: leaves(remote) }];
  });
}
