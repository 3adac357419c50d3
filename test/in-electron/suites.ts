/// <reference types="vite/client" />
/**
 * The Vitest files that also run inside utilityProcess: those of parts that load native code or move memory and messages across processes,
 * unless they start Node child processes. What computes in plain JavaScript does the same in Node.
 */
export const suites: Record<string, () => Promise<unknown>> = import.meta.glob([
  "../native-models/{runtime,graph,inference,training,webgpu}/**/*.test.ts",
  "../main/engines/**/*.test.ts",
  "../main/trimming/{run,chat,devices,journal,methods,training}/**/*.test.ts",
  "!../main/engines/process/host.test.ts", // main.ts runs its checks over utilityProcess itself
  "!../main/trimming/journal/run-lock.test.ts",
  "!../native-models/runtime/no-telemetry.test.ts",
]);
