/** What a package is called. */
import type { Electron } from "../electron/choose.ts";

/** The names of one edition. The test edition shares none with the real one, so that it can never replace it. */
export interface Edition {
  /** Of packages and executables. */
  readonly name: string;
  readonly productName: string;
  readonly appId: string;
}

/** Nobody should be given an old Electron by mistake: what has the fallback inside is the test edition. */
export const editionOf = ({ isFallback }: Pick<Electron, "isFallback">): Edition =>
  isFallback
    ? { name: "coppice-test", productName: "Coppice-test", appId: "org.coppice.desktop.test" }
    : { name: "coppice", productName: "Coppice", appId: "org.coppice.desktop" };
