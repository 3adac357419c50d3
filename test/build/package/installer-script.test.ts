import { mkdirSync, readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { installerScript } from "../../../build/package/windows/installer-script.ts";
import { backupsOf } from "../../../main/database/migrate.ts";
import { openServices } from "../../../main/services/open.ts";
import { Token } from "../../../main/services/hub/token.ts";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const secrets = {
  isAvailable: () => true,
  encrypt: (text: string) => Buffer.from(text),
  decrypt: (bytes: Uint8Array) => Buffer.from(bytes).toString(),
};

test("the uninstaller removes everything that Coppice makes in its home, by name", async () => {
  const folder = temporaryFolder();
  const services = openServices(folder);
  await new Token(folder, secrets).set("hf_0123456789");
  mkdirSync(backupsOf(services.home.database), { recursive: true });
  const names = readdirSync(folder);
  services.close();
  expect(names).toEqual(expect.arrayContaining(["coppice.db", "coppice.db-wal", "hub-token", "writer.json"]));
  const script = installerScript();
  const removal = script.slice(0, script.indexOf("!macroend"));
  for (const name of names) {
    expect(removal).toContain(`Delete "\${HOME}\\${name}"`);
    expect(removal).toContain(`RMDir /r "\${HOME}\\${name}"`);
  }
  expect(script.slice(removal.length)).toContain("!insertmacro removeHomeParts");
});
