/// <reference types="vite/client" />
/** The Vitest files that also run inside utilityProcess: the engine's own, unless they start Node child processes. */
export const suites: Record<string, () => Promise<unknown>> = import.meta.glob([
  "../native-models/**/*.test.ts",
  "../main/{documents,engines,trimming}/**/*.test.ts",
  "!../main/trimming/plan/**", // main's own
  "!../main/engines/process/host.test.ts", // main.ts runs its checks over utilityProcess itself
  "!../main/trimming/journal/run-lock.test.ts",
  "!../native-models/runtime/no-telemetry.test.ts",
  "!../native-models/formats/{atomic,*-hostile}.test.ts",
]);
