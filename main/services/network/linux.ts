/** Sockets on Linux: a process's descriptors refer to them by inode, /proc/<pid>/net lists their addresses (proc(5)). */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { OpenSocket } from "../../../preload/contract/calls/settings.ts";
import type { OwnProcess } from "./own-process.ts";
import { leaves } from "./address.ts";

const protocols = ["tcp", "tcp6", "udp", "udp6"];

/** These processes and all their descendants; `proc` is where the process file system is mounted. */
export function linuxFamily(processes: readonly OwnProcess[], proc = "/proc"): OwnProcess[] {
  const family = new Map(processes.map((own) => [own.processId, own]));
  const others = readdirSync(proc)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ processId: Number(name), ...statusOf(`${proc}/${name}`) }));
  for (let size = -1; size !== family.size;) {
    size = family.size;
    for (const { processId, name, parent } of others) {
      if (family.has(parent) && !family.has(processId)) family.set(processId, { processId, name });
    }
  }
  return [...family.values()];
}

/**
 * The internet sockets of these processes. `unreported`: processes whose sockets are unknown, because this account may not read their
 * descriptors (a sandboxed process hides them) and their network namespace has sockets.
 */
export function linuxSockets(
  processes: readonly OwnProcess[],
  proc = "/proc",
): { sockets: OpenSocket[]; unreported: number[] } {
  const sockets: OpenSocket[] = [];
  const unreported: number[] = [];
  for (const { processId } of processes) {
    const inNetwork = protocols.flatMap((protocol) =>
      table(`${proc}/${processId}/net/${protocol}`, protocol),
    );
    const inodes = inodesOf(`${proc}/${processId}/fd`);
    if (inodes === null) {
      if (inNetwork.length > 0) unreported.push(processId);
      continue;
    }
    for (const { inode, protocol, local, remote } of inNetwork) {
      if (inodes.has(inode))
        sockets.push({ processId, protocol, local, remote, leavesComputer: leaves(remote) });
    }
  }
  return { sockets, unreported };
}

/** The inodes of a process's sockets; null if they may not be read, empty if the process has ended. */
function inodesOf(folder: string): Set<string> | null {
  const inodes = new Set<string>();
  try {
    for (const descriptor of readdirSync(folder)) {
      const inode = /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${descriptor}`))?.[1];
      if (inode !== undefined) inodes.add(inode);
    }
  } catch (error) {
    return ["EACCES", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "") ? null : inodes;
  }
  return inodes;
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return ""; // closed since it was listed
  }
}

function table(path: string, protocol: string) {
  return textOf(path)
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const fields = line.trim().split(/\s+/);
      const [, local, remote] = fields;
      const inode = fields[9];
      if (local === undefined || remote === undefined || inode === undefined) return [];
      return [{ protocol, local: linuxAddress(local), remote: linuxAddress(remote), inode }];
    });
}

/** "0100007F:1F90" → "127.0.0.1:8080": four-byte words in the processor's byte order (little-endian). */
export function linuxAddress(text: string): string {
  const [address = "", port = ""] = text.split(":");
  const bytes = (address.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)),
  );
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((bytes[2 * index]! << 8) | bytes[2 * index + 1]!).toString(16),
  );
  return `${bytes.length === 4 ? bytes.join(".") : `[${groups.join(":")}]`}:${parseInt(port, 16)}`;
}

function statusOf(folder: string): { name: string; parent: number } {
  const status = textOf(`${folder}/status`);
  return {
    name: /^Name:\t(.*)$/m.exec(status)?.[1] ?? "",
    parent: Number(/^PPid:\t(\d+)$/m.exec(status)?.[1] ?? -1),
  };
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // no such protocol here, or the process has ended
  }
}
