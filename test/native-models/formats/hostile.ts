import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Opened } from "./open-each.ts";
import { temporaryFolder } from "./fixtures.ts";

/** A file that a person could be sent: how it is made at a path, and the failure that opening or reading it must give. */
export interface HostileFile {
  title: string;
  write: (path: string) => void;
  expected: object;
}

/**
 * One test a file. All are opened in one process of their own, which must live to the end, take under 5 s for each and never
 * more than 500 MB above its beginning.
 */
export function refuseEach(extension: string, files: HostileFile[]): void {
  const folder = temporaryFolder();
  const paths = files.map((_, i) => join(folder, `${i}${extension}`));
  let results: Opened[] | undefined;
  const openAll = () => {
    files.forEach(({ write }, i) => write(paths[i]!));
    const script = join(import.meta.dirname, "open-each.ts");
    const output = execFileSync(process.execPath, ["--expose-gc", script], {
      input: JSON.stringify(paths),
      encoding: "utf8",
    });
    return JSON.parse(output) as Opened[];
  };

  test.each(files.map(({ title, expected }, index) => ({ title, expected, index })))(
    "$title",
    ({ expected, index }) => {
      results ??= openAll();
      const { failure, milliseconds } = results[index]!;
      expect(failure).toMatchObject({ path: paths[index], ...expected });
      expect(milliseconds).toBeLessThan(5000);
    },
  );

  test("none of them takes 500 MB more memory", () => {
    results ??= openAll();
    const memoryBytes = results.reduce((sum, opened) => sum + opened.memoryBytes, 0);
    expect(memoryBytes).toBeLessThan(500e6);
  });
}
