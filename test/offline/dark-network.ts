/** A network that leads nowhere (Linux's network namespaces), so that a test shows what would have left the computer. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const script = join(import.meta.dirname, "dark-network.sh");

/** The prefix of a command to run it there; or why that is unavailable here. */
export function darkNetwork(): { prefix: string[] } | { absent: string } {
  if (process.platform !== "linux") return { absent: "this system has no network namespaces" };
  const [user, group] = [process.getuid!(), process.getgid!()];
  const enter = ["unshare", "--net", "sh", script];
  const prefix =
    user === 0
      ? enter
      : // As the administrator of a user namespace, and then as oneself again: Chromium's sandbox wants no administrator.
        [
          ...["unshare", "--user", "--map-root-user", ...enter.slice(1)],
          ...["unshare", "--user", `--map-user=${user}`, `--map-group=${group}`],
        ];
  const { status, stderr, error } = spawnSync(prefix[0]!, [...prefix.slice(1), "true"], { encoding: "utf8" });
  if (status === 0) return { prefix };
  return { absent: error?.message ?? stderr.trim().split("\n").at(-1) ?? "unshare failed" };
}

/** Packets that programs have sent to other computers, of those that run in this network; null outside of a dark one. */
export function packetsSent(): number | null {
  const line = /^\s*dark:(.*)$/m.exec(readFileSync("/proc/self/net/dev", "utf8"))?.[1];
  // Eight columns of what came in, then bytes and packets that went out.
  return line === undefined ? null : Number(line.trim().split(/\s+/)[9]);
}
