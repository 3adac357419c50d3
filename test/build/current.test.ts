/** What `npm run check:current` makes of the registry's reports. */
import { expect, test } from "vitest";
import {
  advisoryFindings,
  electronFindings,
  Exception,
  judge,
  nodeFindings,
  outdatedFindings,
} from "../../build/current/findings.ts";

test("a new release line is a finding with its number, an update within a line with its version", () => {
  const report = {
    typescript: { current: "6.0.3", latest: "7.0.2" },
    electron: { current: "45.4.1", latest: "45.5.0" },
    zod: { current: "4.9.0", latest: "4.10.0" },
    kysely: { current: "0.28.19", latest: "0.29.9" },
  };
  expect(outdatedFindings(report).map(({ about }) => about)).toEqual([
    "typescript 7",
    "electron 45.5.0",
    "zod 4.10.0",
    "kysely 0.29",
  ]);
});

test("a package whose latest tag is on an older release, or that is pinned under another name, is current", () => {
  const report = {
    vitest: { current: "5.1.1", latest: "4.1.12" },
    svelte: { current: "5.57.3", latest: "5.57.3" },
    "electron-22:electron@22.3.25": { current: "22.3.25", latest: "45.5.0" },
  };
  expect(outdatedFindings(report)).toEqual([]);
});

test("Electron's latest three majors are supported", () => {
  const unsupported = electronFindings(["45.4.1", "43.9.0", "42.1.0", "22.3.25"], "45.5.0");
  expect(unsupported.map(({ about }) => about)).toEqual(["Electron 42", "Electron 22"]);
});

test("a long-term Node is supported until its last day, and an odd one never", () => {
  expect(nodeFindings("24.21.0", new Date("2028-04-29"))).toEqual([]);
  expect(nodeFindings("24.21.0", new Date("2028-05-01"))).toMatchObject([{ about: "Node 24" }]);
  expect(nodeFindings("25.1.0", new Date("2026-01-01"))).toMatchObject([{ about: "Node 25" }]);
});

test("an advisory is listed once, however many packages it affects", () => {
  const advisory = {
    name: "got",
    title: "It follows redirects to sockets",
    url: "https://github.com/advisories/GHSA-pfrx-2q88-qq97",
    severity: "moderate",
  };
  const report = {
    vulnerabilities: { got: { via: [advisory] }, other: { via: ["got"] }, third: { via: [advisory] } },
  };
  expect(advisoryFindings(report).map(({ about }) => about)).toEqual(["GHSA-pfrx-2q88-qq97"]);
});

test("a finding without a reason and a reason without a finding are both reported", () => {
  const findings = outdatedFindings({
    typescript: { current: "6.0.3", latest: "7.0.2" },
    zod: { current: "4.0.0", latest: "4.1.0" },
  });
  const reason = "The linter cannot read it yet.";
  const exceptions = [
    { kind: "outdated", about: "typescript 7", reason },
    { kind: "outdated", about: "vite 9", reason },
    { kind: "advisory", about: "GHSA-pfrx-2q88-qq97", reason },
  ] as const;
  const { open, excepted, stale } = judge(findings, exceptions, ["outdated", "unsupported"]);
  expect(open.map(({ about }) => about)).toEqual(["zod 4.1.0"]);
  expect(excepted.map(({ about }) => about)).toEqual(["typescript 7"]);
  // Nobody asked for advisories, so nobody knows whether that one is gone.
  expect(stale.map(({ about }) => about)).toEqual(["vite 9"]);
});

test("an exception needs a reason", () => {
  const given = (reason: string) =>
    Exception.safeParse({ kind: "outdated", about: "vite 9", reason }).success;
  expect([given("  "), given("later"), given("Its plugins do not support it yet.")]).toEqual([
    false,
    false,
    true,
  ]);
});
