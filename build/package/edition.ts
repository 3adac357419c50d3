/** The names of a package. */
import type { Electron } from "../electron/choose.ts";

/** The names of one edition. The test edition shares none with the real one, so it can never replace it. */
export interface Edition {
  /** Of packages and executables. */
  readonly name: string;
  readonly productName: string;
  readonly appId: string;
}

/** A package with the fallback inside is the test edition, so that nobody gets an old Electron by mistake. */
export const editionOf = ({ isFallback }: Pick<Electron, "isFallback">): Edition =>
  isFallback
    ? { name: "coppice-test", productName: "Coppice-test", appId: "org.coppice.desktop.test" }
    : { name: "coppice", productName: "Coppice", appId: "org.coppice.desktop" };
