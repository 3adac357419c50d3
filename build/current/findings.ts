/** Which parts of Coppice are not current, as the registry reports, and which of these findings an exception accepts. */
import { z } from "zod";

/** One part that is not current. */
export interface Finding {
  readonly kind: "outdated" | "unsupported" | "advisory";
  /** What an exception names: "typescript 7", "Electron 22", "GHSA-…". */
  readonly about: string;
  readonly text: string;
}

/** Why a finding is accepted. */
export const Exception = z.strictObject({
  kind: z.enum(["outdated", "unsupported", "advisory"]),
  about: z.string().min(1),
  reason: z.string().trim().min(20),
});
export type Exception = z.infer<typeof Exception>;

/** `npm outdated --json`. */
export const OutdatedReport = z.record(z.string(), z.object({ current: z.string(), latest: z.string() }));

/** The part of `npm audit --json` that is read. */
export const AuditReport = z.object({
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(
        z.union([
          z.string(), // the name of a dependency that has its own entry
          z.object({ name: z.string(), title: z.string(), url: z.string(), severity: z.string() }),
        ]),
      ),
    }),
  ),
});

/**
 * Direct dependencies with a newer release. A package whose latest tag is on an older release is current; one under another name
 * ("electron-22:electron@22.3.25") has that version on purpose.
 */
export function outdatedFindings(report: z.infer<typeof OutdatedReport>): Finding[] {
  return Object.entries(report)
    .filter(([name, { current, latest }]) => !name.includes(":") && isNewer(latest, current))
    .map(([name, { current, latest }]) => ({
      kind: "outdated",
      // An exception to a new release line holds until the next line; to an update within a line, until the next update.
      about: `${name} ${lineOf(latest) === lineOf(current) ? latest : lineOf(latest)}`,
      text: `${name} ${current} is installed, ${latest} is current`,
    }));
}

/** Electron supports its latest three majors. */
const ELECTRON_MAJORS = 3;

/** Versions of Electron whose major no longer gets security fixes, given the latest version. */
export function electronFindings(versions: readonly string[], latest: string): Finding[] {
  const oldest = majorOf(latest) - ELECTRON_MAJORS + 1;
  return versions
    .filter((version) => majorOf(version) < oldest)
    .map((version) => ({
      kind: "unsupported",
      about: `Electron ${majorOf(version)}`,
      text: `Electron ${version} is out of support: the oldest supported major is ${oldest}`,
    }));
}

/** When the long-term support of each Node release line ends (nodejs/Release, schedule.json). */
const nodeSupportEnds: Readonly<Record<number, string>> = {
  22: "2027-04-30",
  24: "2028-04-30",
  26: "2029-04-30",
};

/** A Node that is no long-term release, or whose support ended before `today`. */
export function nodeFindings(version: string, today: Date): Finding[] {
  const ends = nodeSupportEnds[majorOf(version)];
  if (ends !== undefined && today <= new Date(ends)) return [];
  const about = `Node ${majorOf(version)}`;
  const why = ends === undefined ? "is not a supported long-term release" : `was supported until ${ends}`;
  return [{ kind: "unsupported", about, text: `${about} ${why}` }];
}

/** Each known advisory about an installed package, once. */
export function advisoryFindings({ vulnerabilities }: z.infer<typeof AuditReport>): Finding[] {
  const advisories = Object.values(vulnerabilities).flatMap(({ via }) =>
    via.filter((cause) => typeof cause === "object"),
  );
  const byAddress = new Map(advisories.map((advisory) => [advisory.url, advisory]));
  return [...byAddress.values()].map(({ name, title, url, severity }) => ({
    kind: "advisory",
    about: url.split("/").at(-1)!,
    text: `${name}: ${title} (${severity}, ${url})`,
  }));
}

export interface Judgement {
  /** Findings without an exception. */
  readonly open: Finding[];
  /** Findings with one. */
  readonly excepted: (Finding & { readonly reason: string })[];
  /** Exceptions without a finding. */
  readonly stale: Exception[];
}

/** `kinds`: those that were checked; an exception of another kind is not stale. */
export function judge(
  findings: readonly Finding[],
  exceptions: readonly Exception[],
  kinds: readonly Finding["kind"][],
): Judgement {
  const matches = (a: { kind: string; about: string }, b: { kind: string; about: string }) =>
    a.kind === b.kind && a.about === b.about;
  const reasonFor = (finding: Finding) => exceptions.find((exception) => matches(exception, finding))?.reason;
  return {
    open: findings.filter((finding) => reasonFor(finding) === undefined),
    excepted: findings.flatMap((finding) => {
      const reason = reasonFor(finding);
      return reason === undefined ? [] : [{ ...finding, reason }];
    }),
    stale: exceptions.filter(
      (exception) =>
        kinds.includes(exception.kind) && !findings.some((finding) => matches(exception, finding)),
    ),
  };
}

const numbersOf = (version: string) => version.split("-")[0]!.split(".").map(Number);
const majorOf = (version: string) => numbersOf(version)[0]!;

/** The releases that keep their API: the major, or the minor before 1.0. */
const lineOf = (version: string) => version.split(".", majorOf(version) === 0 ? 2 : 1).join(".");

function isNewer(version: string, than: string): boolean {
  const [a, b] = [numbersOf(version), numbersOf(than)];
  const differing = a.findIndex((number, index) => number !== b[index]);
  return differing >= 0 && a[differing]! > (b[differing] ?? 0);
}
