/** PDFium (Chromium's PDF library, as WebAssembly): opening documents, and passing values through its memory. */
import { readFileSync } from "node:fs";
import { init } from "@embedpdf/pdfium";
import type { WrappedPdfiumModule } from "@embedpdf/pdfium";
import { bundledFile } from "../files/bundled-file.ts";

interface Wasm {
  compile(bytes: Uint8Array): Promise<object>;
  instantiate(module: object, imports: object): Promise<object>;
  readonly RuntimeError: new () => Error;
}

/** Node has it, but its types do not. */
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: Wasm };

/** A rectangle in points, y from the bottom. */
export interface Box {
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly top: number;
}

/** Why a document could not be opened. */
export class PdfRefusal extends Error {
  readonly isProtected: boolean;

  constructor(isProtected: boolean) {
    super(isProtected ? "protected by a password" : "damaged");
    this.isProtected = isProtected;
  }
}

/** FPDF_GetLastError */
const PASSWORD_ERROR = 4;
const SECURITY_ERROR = 5;

/** Whether PDFium gave up on what it was reading: it ran out of memory or stack, or hit a trap. */
export function isPdfiumFailure(error: unknown): boolean {
  return error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
}

let compiled: Promise<object> | undefined;

/** A document in its own instance of PDFium, so that whatever a damaged document does to the memory ends with it. */
export class PdfDocument {
  readonly api: WrappedPdfiumModule;
  readonly handle: number;
  /** Memory for results: 16 doubles. */
  readonly #scratch: number;

  private constructor(api: WrappedPdfiumModule, handle: number) {
    this.api = api;
    this.handle = handle;
    this.#scratch = api.pdfium.wasmExports.malloc(128);
  }

  /** Throws `PdfRefusal`. */
  static async open(bytes: Uint8Array): Promise<PdfDocument> {
    const api = await newPdfium();
    const address = api.pdfium.wasmExports.malloc(bytes.length);
    if (address === 0) throw new PdfRefusal(false);
    memoryOf(api).set(bytes, address);
    const handle = api.FPDF_LoadMemDocument(address, bytes.length, "");
    const error = handle === 0 ? api.FPDF_GetLastError() : 0;
    if (handle === 0) throw new PdfRefusal(error === PASSWORD_ERROR || error === SECURITY_ERROR);
    return new PdfDocument(api, handle);
  }

  get pageCount(): number {
    return this.api.FPDF_GetPageCount(this.handle);
  }

  /** Calls `use` with the handle of a page, `index` from 0; undefined if the page is damaged. */
  withPage<T>(index: number, use: (page: number) => T): T | undefined {
    const page = this.api.FPDF_LoadPage(this.handle, index);
    if (page === 0) return undefined;
    try {
      return use(page);
    } finally {
      this.api.FPDF_ClosePage(page);
    }
  }

  /** The 32-bit floats that a call writes to addresses it is given; undefined if the call returns false. */
  floats(count: number, call: (...addresses: number[]) => boolean): number[] | undefined {
    return this.#results(count, 4, "float", call);
  }

  /** The doubles that a call writes. */
  doubles(count: number, call: (...addresses: number[]) => boolean): number[] | undefined {
    return this.#results(count, 8, "double", call);
  }

  /** The 32-bit integers that a call writes. */
  integers(count: number, call: (...addresses: number[]) => boolean): number[] | undefined {
    return this.#results(count, 4, "i32", call);
  }

  #results(
    count: number,
    size: number,
    type: "float" | "double" | "i32",
    call: (...addresses: number[]) => boolean,
  ): number[] | undefined {
    const addresses = Array.from({ length: count }, (_, i) => this.#scratch + i * size);
    if (!call(...addresses)) return undefined;
    return addresses.map((address) => this.api.pdfium.getValue(address, type));
  }

  /** At most `length` bytes that a call writes; the call returns their number. */
  bytes(length: number, call: (address: number) => number): Buffer {
    const address = this.api.pdfium.wasmExports.malloc(length);
    try {
      const written = Math.min(length, call(address));
      return Buffer.from(memoryOf(this.api).subarray(address, address + written));
    } finally {
      this.api.pdfium.wasmExports.free(address);
    }
  }

  /** The bounding box that a call writes, with its sides in PDFium's order. */
  box(call: (left: number, bottom: number, right: number, top: number) => boolean): Box | undefined {
    const found = this.floats(4, (left, bottom, right, top) => call(left!, bottom!, right!, top!));
    if (!found) return undefined;
    const [left, bottom, right, top] = found as [number, number, number, number];
    return { left, bottom, right, top };
  }

  close(): void {
    this.api.FPDF_CloseDocument(this.handle);
  }
}

/** PDFium's memory; it moves when it grows. */
export function memoryOf({ pdfium }: WrappedPdfiumModule): Uint8Array {
  return (pdfium as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8;
}

/** A new instance; the code is compiled once. */
async function newPdfium(): Promise<WrappedPdfiumModule> {
  const path = bundledFile("@embedpdf/pdfium/pdfium.wasm");
  const module = await (compiled ??= WebAssembly.compile(readFileSync(path)));
  const api = await init({
    print: () => {},
    printErr: () => {},
    instantiateWasm: (imports: object, done: (instance: object) => void) => {
      void WebAssembly.instantiate(module, imports).then(done);
      return {};
    },
  } as never);
  api.PDFiumExt_Init();
  return api;
}
