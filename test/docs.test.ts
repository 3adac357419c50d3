/** What README.md and the guide say of commands, of the window and of formats is true. */
import type { Command } from "commander";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { coppice } from "../main/cli/program.ts";
import { EXTENSIONS } from "../preload/contract/data/data-files.ts";

const PAGES = ["README.md", "docs/guide/README.md", "docs/guide/installing.md"];
const read = (path: string) => readFileSync(path, "utf8");

const program = coppice(() => {
  throw new Error("no command is run here");
});
const commandOf = ({ commands }: Command, name: string | undefined) =>
  commands.find((command) => command.name() === name);
const optionsOf = ({ options }: Command) => options.map(({ long }) => long);

describe.each(PAGES)("%s", (page) => {
  const blocks = [...read(page).matchAll(/```[^\n]*\n([^]*?)```|`([^`]+)`/g)].map(
    ([, block, span]) => block ?? span!,
  );
  const lines = blocks.flatMap((block) => block.split("\n"));
  const commands = lines.flatMap((line) => /(?:^|\s|\\)coppice(?:\.exe")? ([^]*)/.exec(line)?.[1] ?? []);

  test("names commands that exist, with options that they have", () => {
    const wrong = commands.flatMap((text) => {
      const [first, second] = text.split(/\s+/);
      if (first === undefined || !/^[a-z]/.test(first)) return [];
      const command = commandOf(program, first);
      const inner = command && (commandOf(command, second) ?? command);
      if (!inner) return [`coppice ${text}`];
      const known = [...optionsOf(inner), ...optionsOf(program), "--help"];
      return (text.match(/--[a-z-]+/g) ?? [])
        .filter((option) => !known.includes(option))
        .map((o) => `${first} ${o}`);
    });
    expect(wrong).toEqual([]);
  });

  test("names options that some command has", () => {
    const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)];
    const all = commandsOf(program).flatMap(optionsOf);
    const others = ["--help", "--no-sandbox", "--appimage-extract-and-run", "--appimage-extract"];
    const more = [...others, "--remove-home", "--check", "--ignore-missing", "--purge"];
    const named = lines.flatMap((line) => line.match(/(?<![\w-])--[a-z][a-z-]+/g) ?? []);
    expect(named.filter((option) => !all.includes(option) && !more.includes(option))).toEqual([]);
  });
});

test("README.md, the guide and the data step name all formats of documents", () => {
  const pages = ["README.md", "docs/guide/README.md"].map(read);
  const names: Partial<Record<keyof typeof EXTENSIONS, RegExp>> = {
    text: /\bTXT\b/,
    markdown: /\bMarkdown\b/,
    jsonl: /\bJSONL\b/,
    picture: /\bPNG\b/,
  };
  for (const [format, extensions] of Object.entries(EXTENSIONS)) {
    const isNamed =
      names[format as keyof typeof EXTENSIONS] ?? new RegExp(`\\b${extensions[0]!.slice(1)}\\b`, "i");
    for (const page of pages) expect(page).toMatch(isNamed);
  }
  for (const page of [...pages, read("renderer/messages/en/data.ts"), read("renderer/messages/de/data.ts")])
    expect(page).toMatch(/\bTSV\b/);
});

test("what the guide quotes stands in the window", () => {
  const folders = ["renderer/messages/en", "preload/contract"];
  const window = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => read(join(folder, file))),
  );
  const names = read("main/services/settings/given-names.ts");
  const texts = [...window, names].join("\n").replace(/\$\{[^}]*(\{[^}]*\})?[^}]*\}/g, "…");
  const guide = read("docs/guide/README.md")
    .replace(/`[^`]*`/g, "")
    .replace(/\s+/g, " ");
  const quoted = [...guide.matchAll(/"([^"]+)"/g)].map(([, text]) => text!);
  expect(quoted.length).toBeGreaterThan(20);
  const parts = quoted.flatMap((text) => text.split(": "));
  const asWritten = parts.map((text) => text.replace(/\d+ MB from \S+$|\d+ corrections$/, "…"));
  expect(asWritten.filter((text) => !texts.includes(text))).toEqual([]);
});
