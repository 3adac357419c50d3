/** Files in Linux packages besides the application: desktop entries, and an AppImage's start script. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import manifest from "../../../package.json" with { type: "json" };
import { root } from "../../root.ts";
import { editionOf, type Edition } from "../edition.ts";
import type { AfterPack } from "../system.ts";

const templates = join(root, "build", "package", "linux");
const written = join(root, "out", "package");

/** Writes them, and returns where each belongs, in fpm's form: SOURCE=TARGET. */
export function desktopFiles(edition: Edition): string[] {
  const { name, appId } = edition;
  mkdirSync(written, { recursive: true });
  const metainfo = join(written, "metainfo.xml");
  writeFileSync(metainfo, filled("metainfo.xml", edition));
  // Plasma runs a menu entry only if its file is executable.
  const menu = join(written, "service-menu.desktop");
  writeFileSync(menu, filled("service-menu.desktop", edition), { mode: 0o755 });
  return [
    `${metainfo}=/usr/share/metainfo/${appId}.metainfo.xml`,
    `${menu}=/usr/share/kio/servicemenus/${name}.desktop`,
    `${join(root, "LICENSE")}=/usr/share/doc/${name}/copyright`,
  ];
}

/**
 * Adds AppRun next to the executable. It replaces electron-builder's own, which starts the application without a sandbox if user
 * namespaces are denied.
 */
export const addAppRun: AfterPack = ({ appOutDir }, electron) => {
  writeFileSync(join(appOutDir, "AppRun"), filled("AppRun", editionOf(electron)), { mode: 0o755 });
};

function filled(template: string, { name, productName, appId }: Edition): string {
  const { homepage } = manifest;
  const values: Readonly<Record<string, string>> = { executable: name, productName, appId, homepage };
  const text = readFileSync(join(templates, template), "utf8");
  return text.replace(/\$\{([a-zA-Z]+)\}/g, (macro, key: string) => values[key] ?? macro);
}
