/* eslint-disable n/no-unsupported-features/node-builtins -- this file makes up for what is missing */
/** Polyfills for pdf.js on Electron 22's Node 16 (docs/decisions/0010-documents-in-the-reader.md). */
import { ReadableStream } from "node:stream/web";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";

/**
 * Installs them if missing: streams, and the clone of the messages between pdf.js and its worker, which here runs in the same
 * thread. A message port clones exactly; node:v8's deserialiser returns views of one buffer, which pdf.js reads at the wrong
 * offset.
 */
export function preparePdfRuntime(): void {
  globalThis.ReadableStream ??= ReadableStream as typeof globalThis.ReadableStream;
  globalThis.structuredClone ??= <T>(value: T): T => {
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(value);
    const received = receiveMessageOnPort(port2) as { message: T };
    port1.close();
    return received.message;
  };
}
