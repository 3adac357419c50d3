/** What pdf.js needs of JavaScript that Electron 22's Node 16 does not have yet (docs/decisions/0010-documents-in-the-reader.md). */
import { ReadableStream } from "node:stream/web";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";

/**
 * Puts it in place where it is missing: streams, and the clone of the messages between pdf.js and its worker, which runs in the
 * same thread here. A message port clones exactly; what node:v8 deserialises is views of one buffer, which pdf.js reads from
 * the wrong place.
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
