import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice } from "./command.ts";

const scriptFor = async (shell: string) => (await coppice(temporaryFolder(), ["completions", shell])).output;

const hasBash = spawnSync("bash", ["--version"]).status === 0;

test.runIf(hasBash)("bash completes commands, their options and values from the words before", async () => {
  const script = join(temporaryFolder(), "completions.bash");
  writeFileSync(script, await scriptFor("bash"));
  const completed = (...words: string[]) => {
    const line = words.map((word) => `"${word}"`).join(" ");
    const run = `source "${script}"; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _coppice; echo "\${COMPREPLY[*]}"`;
    return spawnSync("bash", ["-c", run], { encoding: "utf8" }).stdout.trim().split(" ");
  };
  expect(completed("coppice", "in")).toEqual(["inspect"]);
  expect(completed("coppice", "--home", "x", "questions", "w")).toEqual(["write"]);
  expect(completed("coppice", "runs", "--d")).toEqual(["--delete"]);
  expect(completed("coppice", "runs", "x", "--js")).toEqual(["--json"]);
  expect(completed("coppice", "generate", "--device", "web")).toEqual(["webgpu"]);
  expect(completed("coppice", "completions", "")).toEqual(
    expect.arrayContaining(["bash", "zsh", "fish", "powershell"]),
  );
});

test.each([
  ["zsh", /bashcompinit[^]*_coppice\(\)/],
  ["fish", /^complete -c coppice -n '__fish_seen_subcommand_from generate' -l device -x -a 'cpu .*'$/m],
  ["powershell", /^ {4}'generate:--device' = @\('cpu', /m],
])("%s has its own script", async (shell, parts) => {
  expect(await scriptFor(shell)).toMatch(parts);
});
