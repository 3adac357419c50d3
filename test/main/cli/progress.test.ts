import { describe, expect, test } from "vitest";
import { Progress } from "../../../main/cli/progress.ts";
import { tableText } from "../../../main/cli/table.ts";
import { Terminal } from "../../../main/cli/terminal.ts";
import type { Phase, RunEvent } from "../../../preload/contract/runs/run.ts";

function terminalFor({ isTTY = false, json = false, columns = 80 } = {}) {
  const written: string[] = [];
  const output = { write: (text: string) => written.push(text), isTTY, columns };
  const terminal = new Terminal({ json, output, errors: output, environment: {} });
  return { terminal, text: () => written.join("") };
}
const progress = (phase: Phase, fraction: number, secondsLeft: number | null = null): RunEvent => ({
  event: "progress",
  phase,
  done: 1,
  total: 2,
  fraction,
  secondsLeft,
});
// eslint-disable-next-line no-control-regex
const plain = (text: string) => text.replace(/\u001b\[\d*m/g, "");

describe("Progress in a pipe", () => {
  test("is one line per phase and per tenth", () => {
    const { terminal, text } = terminalFor();
    const shown = new Progress(terminal);
    for (let step = 0; step <= 100; step++) shown.show(progress("tune", step / 100, 600 - step));
    expect(text().trimEnd().split("\n")).toHaveLength(11);
    expect(text()).toMatch(/^ {2}0% {2}Fine-tuning the whole model \(about 10 min left\)$/m);
  });
});

test("Reports of damaged and repaired files stay on the screen", () => {
  const { terminal, text } = terminalFor();
  new Progress(terminal).show({ event: "damaged", what: "save" });
  expect(text()).toBe("  The newest save is damaged. The previous one is used.\n");
});

describe("Progress on a terminal", () => {
  test("overwrites its line, and keeps finished results above it", () => {
    const { terminal, text } = terminalFor({ isTTY: true });
    const shown = new Progress(terminal);
    shown.show({ event: "phase", phase: "score", round: 2 });
    shown.show(progress("score", 0.25, 720));
    shown.show({ event: "dropped", round: 2, units: [3, 7], kept: [0, 1, 2] });
    const lines = plain(text()).split("\r\u001b[K");
    expect(lines).toContain(
      `${"━".repeat(4)}${"─".repeat(12)}  25% Round 2: finding what is needed least · about 12 min left`,
    );
    expect(lines).toContain(`  round 2: cut blocks 3 and 7, 3 left\n`);
    shown.end();
    expect(text().endsWith("\r\u001b[K")).toBe(true);
  });

  test("fits a narrow terminal", () => {
    const { terminal, text } = terminalFor({ isTTY: true, columns: 40 });
    new Progress(terminal).show(progress("heal", 0.5, 60));
    expect(plain(text()).replace("\r\u001b[K", "").length).toBeLessThanOrEqual(40);
  });
});

test("Progress for a program is each event as it is", () => {
  const { terminal, text } = terminalFor({ json: true, isTTY: true });
  const event = progress("tune", 0.5);
  new Progress(terminal).show(event);
  expect(text()).toBe(`${JSON.stringify(event)}\n`);
});

test.each([20, 0])("A status line stays on one row of a terminal with %i columns", (columns) => {
  const { terminal, text } = terminalFor({ isTTY: true, columns });
  terminal.status(terminal.colours.green("12 of 340 passages, 31 questions, 120 an hour, 5 h left"));
  const shown = { 20: "12 of 340 passages,", 0: "12 of 340 passages, 31 questions, 120 an hour, 5 h left" }[
    columns
  ];
  expect(text()).toBe(`\r\u001b[K${terminal.colours.green(shown!)}`);
});

test("A table right-aligns figures and omits empty columns", () => {
  const rows = [
    ["tuned", "30", "", "87.0%"],
    ["trimmed", "5", "", "9.1%"],
  ];
  expect(tableText(["", "blocks", "off domain", "right"], rows)).toEqual([
    "          blocks   right",
    "tuned         30   87.0%",
    "trimmed        5    9.1%",
  ]);
});

test("Names from files neither break a table's lines nor command the terminal", () => {
  const { terminal, text } = terminalFor({ isTTY: true });
  const [header, row] = tableText(["run", "state"], [["A\nB", "\u001b[2J done"]], "left");
  for (const line of [header!, row!]) terminal.say(line);
  terminal.say(`${terminal.colours.dim("of")} \u001b]0;title\u0007`);
  terminal.fail("There is no\nfile.");
  expect(text()).toBe(
    "run   state\nA B    [2J done\n\u001b[2mof\u001b[22m \\u001b]0;title\\u0007\nThere is no file.\n",
  );
});
