/** What crosses between main in Node (electron-in-node.ts), the test that holds its windows (launch.ts) and a window's page. */

/** Page → main, as the preload script asks for it. */
export type FromPage =
  | { readonly type: "invoke"; readonly id: number; readonly channel: string; readonly input: unknown }
  | { readonly type: "send"; readonly channel: string; readonly input: unknown }
  | { readonly type: "post"; readonly port: number; readonly channel: string; readonly input: unknown }
  | { readonly type: "port"; readonly port: number; readonly data: unknown };

/** Main → page. */
export type ToPage =
  | { readonly type: "reply"; readonly id: number; readonly value: unknown }
  | { readonly type: "refusal"; readonly id: number; readonly message: string }
  | { readonly type: "notify"; readonly channel: string; readonly payload: unknown }
  | { readonly type: "port"; readonly port: number; readonly data: unknown };

/** Main → test. */
export type FromMain =
  | { readonly type: "switch"; readonly name: string; readonly value: string }
  | { readonly type: "load"; readonly window: number; readonly url: string; readonly preload: string }
  | { readonly type: "resize"; readonly window: number; readonly width: number; readonly height: number }
  | { readonly type: "deliver"; readonly window: number; readonly message: ToPage }
  | { readonly type: "answer"; readonly id: number; readonly value?: unknown; readonly error?: string };

/** Test → main; a question is answered under its id. */
export type ToMain =
  | { readonly type: "loaded"; readonly window: number }
  | { readonly type: "closed"; readonly window: number }
  | {
      readonly type: "sent";
      readonly window: number;
      readonly url: string;
      readonly isMainFrame: boolean;
      readonly message: FromPage;
    }
  | { readonly type: "request"; readonly id: number; readonly url: string; readonly method: string }
  | { readonly type: "evaluate"; readonly id: number; readonly source: string; readonly argument: unknown };

/** The answer to a request; null if it is refused. */
export type Served = {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
} | null;
