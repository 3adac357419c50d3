import type { Command } from "commander";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { fail } from "../../../native-models/failure.ts";
import { Unfinished } from "../unfinished.ts";

const script = fileURLToPath(new URL("../../../test/bench/index.ts", import.meta.url));

/** coppice bench: the repository's benchmarks, which compare Coppice with PyTorch and llama.cpp. */
export function addBench(program: Command): void {
  program
    .command("bench")
    .summary("run the benchmarks (in the repository only)")
    .description("Compares Coppice with PyTorch and llama.cpp, and writes docs/benchmarks.md.")
    .argument("[arguments...]", "the arguments of npm run bench")
    .allowUnknownOption()
    .helpOption(false)
    .action((args: string[]) => {
      if (!existsSync(script)) {
        fail({
          code: "bad-choice",
          option: "bench",
          reason: "the benchmarks are in the repository, not in the application",
        });
      }
      const { status } = spawnSync(process.execPath, [script, ...args], { stdio: "inherit" });
      if (status !== 0) throw new Unfinished("The benchmarks did not finish; see above.");
    });
}
