/// <reference types="vite/client" />
/** The Vitest files that also run inside utilityProcess: the engine's own, unless they start Node child processes. */
export const suites: Record<string, () => Promise<unknown>> = import.meta.glob([
  "../native-models/**/*.test.ts",
  "../main/engine/**/*.test.ts",
  "!../main/engine/process/host.test.ts", // main.ts runs its checks over utilityProcess itself
  "!../main/engine/saved-run/run-lock.test.ts",
  "!../native-models/runtime/no-telemetry.test.ts",
  "!../native-models/formats/{atomic,*-hostile}.test.ts",
]);
