/** The little of Electron that the in-Electron tests use; its package, with its own types, is not a dependency yet. */
declare module "electron" {
  import type { UtilityHost } from "../../main/engine/launch.ts";

  interface UtilityProcess {
    readonly pid: number | undefined;
    readonly stdout: NodeJS.ReadableStream | null;
    readonly stderr: NodeJS.ReadableStream | null;
    postMessage(message: unknown): void;
    kill(): boolean;
    on(event: "message", listener: (message: never) => void): this;
    on(event: "exit", listener: (exitCode: number) => void): this;
  }

  export const app: UtilityHost["app"] & { whenReady(): Promise<void>; exit(exitCode: number): void };
  export const utilityProcess: {
    fork(
      entry: string,
      args: string[],
      options: { serviceName: string; stdio: "pipe"; execArgv?: string[]; env?: NodeJS.ProcessEnv },
    ): UtilityProcess;
  };
}
