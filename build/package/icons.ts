/** The application's icons in out/icons, drawn from renderer/icon.svg: PNGs for Linux, an .ico for Windows. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Resvg } from "@resvg/resvg-js";
import type { Plugin } from "vite";
import { root } from "../root.ts";

const drawing = readFileSync(join(root, "renderer", "icon.svg"), "utf8");

/** Their paths: `folder`/SIZExSIZE.png as electron-builder expects, `ico` for Windows. */
export const icons = {
  folder: join(root, "out", "icons"),
  ico: join(root, "out", "icons", "icon.ico"),
} as const;

const pngSizes = [16, 24, 32, 48, 64, 96, 128, 256, 512, 1024];
const icoSizes = [16, 24, 32, 48, 64, 128, 256];

/** At this size and below, fine lines blur: the rings are removed, and the rest fills the square. */
const SMALL = 32;
const small = drawing
  .replace('viewBox="0 0 256 256"', 'viewBox="8 8 240 240"')
  .replace("<rect", "<style>.fine { display: none } .shoots { stroke-width: 17 }</style>\n  <rect");

/** Writes icon.png next to the bundle; window.ts shows it in a window's frame. */
export const windowIcon = (): Plugin => ({
  name: "window-icon",
  generateBundle() {
    this.emitFile({ type: "asset", fileName: "icon.png", source: png(128) });
  },
});

/** Draws all icons. */
export function makeIcons(): void {
  mkdirSync(icons.folder, { recursive: true });
  for (const size of pngSizes) writeFileSync(join(icons.folder, `${size}x${size}.png`), png(size));
  writeFileSync(icons.ico, ico(icoSizes.map((size) => ({ size, image: png(size) }))));
}

/** The icon as a PNG file, `size` pixels wide and high. */
export function png(size: number): Buffer {
  const svg = size <= SMALL ? small : drawing;
  return new Resvg(svg, { fitTo: { mode: "width", value: size } }).render().asPng();
}

/** An .ico file with PNG images, at most 256 pixels wide (supported since Windows Vista). */
export function ico(images: readonly { readonly size: number; readonly image: Buffer }[]): Buffer {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2); // an icon, not a cursor
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, image }, index) => {
    const at = 6 + 16 * index;
    header.writeUInt8(size % 256, at); // 0 means 256
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4); // planes
    header.writeUInt16LE(32, at + 6); // bits per pixel
    header.writeUInt32LE(image.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += image.length;
  });
  return Buffer.concat([header, ...images.map(({ image }) => image)]);
}

if (import.meta.main) makeIcons();
