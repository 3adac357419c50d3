/** What the application's processes have open to the network: asked of the system, not remembered. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { NetworkProof, OpenSocket } from "../../preload/contract/calls/settings.ts";

export interface OwnProcess {
  processId: number;
  name: string;
}

/** Lists the sockets of these processes; null where this system does not tell. */
export function proveOffline(processes: readonly OwnProcess[], refusedRequests: number): NetworkProof {
  const sockets =
    process.platform === "linux"
      ? processes.flatMap(linuxSockets)
      : process.platform === "win32"
        ? windowsSockets(processes)
        : null;
  return { checkedAt: new Date().toISOString(), processes: [...processes], sockets, refusedRequests };
}

const protocols = ["tcp", "tcp6", "udp", "udp6"];

/** A process's descriptors name its sockets by inode; /proc/<pid>/net has the addresses of all in its network. */
function linuxSockets({ processId, name }: OwnProcess): OpenSocket[] {
  const inodes = new Set<string>();
  const folder = `/proc/${processId}/fd`;
  try {
    for (const descriptor of readdirSync(folder)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${descriptor}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch {
    return []; // it ended meanwhile
  }
  return protocols.flatMap((protocol) =>
    linesOf(`/proc/${processId}/net/${protocol}`).flatMap((line): OpenSocket[] => {
      const fields = line.trim().split(/\s+/);
      const [, local, remote] = fields;
      if (local === undefined || remote === undefined || !inodes.has(fields[9]!)) return [];
      const far = linuxAddress(remote);
      return [
        { process: name, protocol, local: linuxAddress(local), remote: far, leavesComputer: leaves(far) },
      ];
    }),
  );
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, "utf8").split("\n").slice(1);
  } catch {
    return []; // no such protocol here, or the process ended
  }
}

/** "0100007F:1F90" → "127.0.0.1:8080": words of four bytes, each in the processor's order (little-endian). */
export function linuxAddress(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  );
  const host =
    bytes.length === 4
      ? bytes.join(".")
      : Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16)).join(
          ":",
        );
  return `${host}:${parseInt(port, 16)}`;
}

/** Whether the other end is another computer: neither nothing yet nor this one. */
export function leaves(remote: string): boolean {
  const host = remote.replace(/:\d+$|:\*$/, "").replace(/^\[|\]$/g, "");
  const nowhere = /^(?:0\.0\.0\.0|\*|::|(?:0:){7}0)$/.test(host);
  const here = /^(?:127\.|::1$|(?:0:){7}1$|(?:0:){5}ffff:7f)/.test(host);
  return !nowhere && !here;
}

/** `netstat -ano` has a line a socket, the process's id last. */
function windowsSockets(processes: readonly OwnProcess[]): OpenSocket[] | null {
  let text: string;
  try {
    text = execFileSync("netstat", ["-ano"], { encoding: "utf8", windowsHide: true });
  } catch {
    return null;
  }
  const names = new Map(processes.map(({ processId, name }) => [processId, name]));
  return text.split(/\r?\n/).flatMap((line): OpenSocket[] => {
    const fields = line.trim().split(/\s+/);
    const [protocol, local, remote] = fields;
    const owner = names.get(Number(fields.at(-1)));
    if (!protocol || !/^(TCP|UDP)$/.test(protocol) || !local || !remote || owner === undefined) return [];
    return [
      {
        process: owner,
        protocol: protocol.toLowerCase(),
        local,
        remote,
        leavesComputer: protocol === "TCP" && leaves(remote),
      },
    ];
  });
}
