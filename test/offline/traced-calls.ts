/** The internet sockets that a program opens, as the kernel is asked for them: strace on all its processes. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { leaves } from "../../main/services/network/address.ts";

/** Whether strace is here and may follow processes. */
export function canTrace(): boolean {
  return (
    spawnSync("strace", ["-f", "--seccomp-bpf", "-e", "trace=socket", "-o", "/dev/null", "true"]).status === 0
  );
}

/**
 * Writes a command at `path` that runs `program` with its arguments and all that it starts, the calls written to `trace`. It
 * keeps its process id: strace follows from outside.
 */
export function writeTracedCommand(path: string, program: string, trace: string): void {
  const calls = "trace=socket,connect,bind,sendto,sendmsg,sendmmsg";
  const options = `-D -f --seccomp-bpf -qq -e signal=none -e ${calls} -o '${trace}'`;
  writeFileSync(path, `#!/bin/sh\nexec strace ${options} '${program}' "$@"\n`, { mode: 0o755 });
}

export interface TracedCalls {
  /** Processes and threads that made any of the calls. */
  readonly threads: number;
  /** Sockets of all kinds that were opened. */
  readonly sockets: number;
  /** Calls with an internet address that is this computer's. */
  readonly local: string[];
  /** Those with another, a name server's too; and sockets for raw packets, which need none. */
  readonly leaving: string[];
}

/** What a trace tells. */
export function tracedCalls(trace: string): TracedCalls {
  const lines = trace.split("\n");
  const threads = new Set(lines.map((line) => /^(\d+)/.exec(line)?.[1]).filter((id) => id !== undefined));
  const local: string[] = [];
  const leaving: string[] = [];
  for (const line of lines) {
    const raw = /socket\(AF_(?:INET6?, SOCK_RAW|PACKET\b)[^)]*\)/.exec(line)?.[0];
    if (raw !== undefined && !/ = -1 /.test(line)) leaving.push(raw);
    const call = /\b(connect|bind|sendto|sendmsg|sendmmsg)\(.*sa_family=AF_INET/.exec(line)?.[1];
    if (call === undefined) continue;
    const [, host = "?"] = /(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]*)"/.exec(line) ?? [];
    const [, port = "?"] = /sin6?_port=htons\((\d+)\)/.exec(line) ?? [];
    const told = `${call} ${host}:${port}`;
    // To listen on every address is to be reached from elsewhere.
    const everywhere = call === "bind" && /^(?:0\.0\.0\.0|::)$/.test(host);
    (everywhere || leaves(`${host}:${port}`) ? leaving : local).push(told);
  }
  const sockets = lines.filter((line) => /\bsocket\(AF_/.test(line)).length;
  return { threads: threads.size, sockets, local, leaving };
}
