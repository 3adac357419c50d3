import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sample } from "../../main/services/models/sample.ts";
import { shortSampleTrim } from "../faults/short-sample.ts";
import { coppice } from "../main/cli/command.ts";
import { name, unpacked, whyNot, zip } from "./windows-package.ts";
import { Wine, wine64, windowsPath, type Ended } from "./wine.ts";

const reason = whyNot || (wine64 ? undefined : "wine64 is not there (on Debian: apt-get install wine64)");

/** What a command answers: its last event. */
const answer = ({ events, errors }: Pick<Ended, "events" | "errors">) => {
  const done = events.find(({ event }) => event === "done");
  if (!done) throw new Error(errors);
  return done;
};

describe.skipIf(reason)(`The command line on Windows, under wine${reason ? `: ${reason}` : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "coppice-windows-cli-"));
  let program: string;
  let wine: Wine;
  beforeAll(async () => {
    program = unpacked(zip!);
    wine = await new Wine().open();
  });
  afterAll(() => {
    wine.close();
    for (const made of [program, folder]) rmSync(made, { recursive: true, force: true });
  });

  /** By the launcher for the console. */
  const onWindows = (...args: string[]) =>
    wine.run(join(program, "bin", `${name}.exe`), args, {
      COPPICE_HOME: windowsPath(join(folder, "windows")),
    });
  const here = (...args: string[]) => coppice(join(folder, "here"), args);

  test("prints its version and exits with 0", async () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(await onWindows("--version")).toMatchObject({ code: 0, output: `${version}\n` });
  });

  test("receives its arguments unchanged, and returns its exit code through the launcher", async () => {
    for (const word of ["wörds with spaces", 'a "quote"', "back\\slash\\"]) {
      const { code, errors } = await onWindows(word);
      expect(code).toBe(2);
      expect(errors).toContain(`'${word}'`);
    }
  });

  test("inspects a model as on this system", async () => {
    const windows = answer(await onWindows("inspect", windowsPath(sample.model), "--json"));
    const linux = answer(await here("inspect", sample.model, "--json"));
    expect(windows.model).toEqual({ ...(linux.model as object), path: windowsPath(sample.model) });
  });

  test("generates the same text as on this system, by the native decoder", async () => {
    const words = ["generate", "--model", "sample", "--prompt", "What does the shop sell?", "--json"];
    const [windows, linux] = [answer(await onWindows(...words)), answer(await here(...words))];
    expect(windows).toMatchObject({ text: linux.text, reason: linux.reason, tokens: linux.tokens });
    expect(linux.text).not.toBe("");
    expect([windows.isNative, linux.isNative]).toEqual([true, true]);
  });

  test("trims to the same model as on this system", async () => {
    const words = [...shortSampleTrim(folder), "--threads", "1"];
    const paths = words.map((word) => (word.startsWith(folder) ? windowsPath(word) : word));
    const [windows, linux] = [answer(await onWindows(...paths)), answer(await here(...words))];
    expect(decisions(windows)).toEqual(decisions(linux));
    const weights = (output: string) => readFileSync(join(output, "model.safetensors"));
    const trimmed = weights(String(windows.output).slice(2).replaceAll("\\", "/"));
    expect(trimmed.equals(weights(String(linux.output)))).toBe(true);
  });

  test("says in a sentence what is wrong", async () => {
    const notThere = await onWindows("inspect", windowsPath(join(folder, "nothing.gguf")));
    expect(notThere.code).toBe(1);
    expect(notThere.errors).toContain("nothing.gguf");
    const con = join(folder, "CON.gguf");
    writeFileSync(con, "GGUF");
    expect((await onWindows("inspect", windowsPath(con))).code).toBe(1);
  });
});

/** What was cut at each depth, and how well each does. */
function decisions(done: Record<string, unknown>) {
  const { metrics } = done as { metrics: { depths: Record<string, unknown>[] } };
  return metrics.depths.map(({ keptIndices, accuracy, answerNll }) => ({ keptIndices, accuracy, answerNll }));
}
