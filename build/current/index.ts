/**
 * `npm run check:current`, before a release: outdated direct dependencies, unsupported Electron and Node releases, known
 * advisories. Fails on a finding that exceptions.json gives no reason for, on an exception without a finding, and if the
 * registry does not answer.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, dirname } from "node:path";
import electron from "electron/package.json" with { type: "json" };
import { z } from "zod";
import { release } from "../electron/release.ts";
import { root } from "../root.ts";
import {
  advisoryFindings,
  AuditReport,
  electronFindings,
  Exception,
  judge,
  nodeFindings,
  OutdatedReport,
  outdatedFindings,
  type Finding,
} from "./findings.ts";

const exceptions = z
  .array(Exception)
  .parse(JSON.parse(readFileSync(new URL("exceptions.json", import.meta.url), "utf8")));

const latestElectron = npm(["view", "electron", "dist-tags.latest"], z.string());
const outdated = npm(["outdated"], OutdatedReport);
if ("failure" in latestElectron || "failure" in outdated) {
  const { failure } = [latestElectron, outdated].find((answer) => "failure" in answer) as { failure: string };
  console.error(
    `The registry did not answer (${failure}). Nothing was checked: connect to the network and try again.`,
  );
  process.exit(1);
}
const audit = npm(["audit"], AuditReport);
if ("failure" in audit)
  console.log(`Known advisories were not checked: the registry did not answer npm audit (${audit.failure}).`);

const findings: Finding[] = [
  ...outdatedFindings(outdated.value),
  ...electronFindings([electron.version, release.electron], latestElectron.value),
  ...nodeFindings(process.versions.node, new Date()),
  ...("value" in audit ? advisoryFindings(audit.value) : []),
];
const { open, excepted, stale } = judge(findings, exceptions, [
  "outdated",
  "unsupported",
  ...("value" in audit ? (["advisory"] as const) : []),
]);

for (const { text, reason } of excepted) console.log(`– ${text}.\n  ${reason}`);
for (const { text } of open)
  console.log(`✗ ${text}. Update it, or give a reason in build/current/exceptions.json.`);
for (const { kind, about } of stale)
  console.log(
    `✗ The exception "${about}" (${kind}) matches nothing any more. Remove it from build/current/exceptions.json.`,
  );
console.log(
  `${findings.length} not current, ${excepted.length} with a reason; ${stale.length} exceptions without a finding.`,
);
process.exit(open.length + stale.length > 0 ? 1 : 0);

/**
 * What npm reports, or why it reports nothing: it exits with 1 for findings as for failures. It runs on this repository's Node,
 * because it ignores releases that do not support the Node it runs on.
 */
function npm<Report>(
  args: readonly string[],
  report: z.ZodType<Report>,
): { value: Report } | { failure: string } {
  const { stdout, stderr, error } = spawnSync("npm", [...args, "--json", "--fetch-retries=1"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"]}` },
    shell: process.platform === "win32",
  });
  if (error) return { failure: error.message };
  try {
    // npm outdated prints nothing if everything is current.
    return { value: report.parse(JSON.parse(stdout.trim() || "{}")) };
  } catch {
    const said = /"(?:summary|message)":\s*"([^"\n]+)"/.exec(stdout)?.[1];
    return { failure: said ?? stderr.trim().split("\n")[0] ?? "no answer" };
  }
}
