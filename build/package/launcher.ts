/**
 * The Linux launcher: a script under the application's name, with Electron's binary next to it. Chromium chooses its display
 * platform before any JavaScript runs, so a command's headless switch must be on the command line.
 */
import { chmodSync, existsSync, renameSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { editionOf } from "./edition.ts";
import type { AfterPack } from "./system.ts";

/** Electron's binary behind the launcher. */
export function electronBehind(executable: string): string {
  const behind = `${executable}-bin`;
  return existsSync(behind) ? behind : executable;
}

/** Replaces Electron's binary with the script. */
export const layLauncher: AfterPack = (_, electron, executable) => {
  const { productName } = editionOf(electron);
  const startsCommand = electron.isFallback ? displayOfItsOwn : noDisplay;
  renameSync(executable, `${executable}-bin`);
  writeFileSync(executable, launcher(basename(executable), productName, startsCommand));
  chmodSync(executable, 0o755);
};

/** The window's arguments are files and Chromium's switches; anything else is a command. */
const launcher = (name: string, productName: string, startsCommand: string) => `#!/bin/sh
# ${name}: its window, or a command for the terminal. "${name} --help" lists the commands.
unset NODE_OPTIONS # meant for other programs: Electron would only warn that it is ignored
here=$(dirname "$(readlink -f "$0")")
electron=$here/${name}-bin
command=
for word; do
  case $word in
    --help | -h | --version | -V | --json | --home | --home=*) command=yes ;;
    -* | *.[gG][gG][uU][fF] | *.[cC][oO][pP][pP][iI][cC][eE]) ;;
    *) command=yes ;;
  esac
done
if [ ! "$command" ]; then
  # Pages are shown in a sandbox or not at all. If it cannot be created, Chromium exits without a message that a person sees.
  [ "$(id -u)" = 0 ] || [ -u "$here/chrome-sandbox" ] || unshare --user --map-root-user true 2>/dev/null || {
    case $LANG in
      de*) reason="${sandboxDenied.de(productName)}" ;;
      *) reason="${sandboxDenied.en(productName)}" ;;
    esac
    echo "$reason" >&2
    zenity --error --text "$reason" 2>/dev/null || kdialog --error "$reason" 2>/dev/null || notify-send ${productName} "$reason" 2>/dev/null
    exit 1
  }
  exec "$electron" "$@"
fi
# A command shows no pages: it needs neither a display nor the sandbox for pages, which root cannot use, nor the zygote for it.
${startsCommand}
`;

/** Shown instead of opening a window without a sandbox. */
export const sandboxDenied = {
  en: (productName: string) =>
    `${productName} opens its window only in a sandbox, which this system does not allow. Install the deb or the rpm, which includes the permission.`,
  de: (productName: string) =>
    `${productName} öffnet sein Fenster nur in einer Sandbox, die dieses System nicht zulässt. Installieren Sie das deb- oder rpm-Paket, das die nötige Berechtigung enthält.`,
};

const noDisplay = `exec "$electron" --ozone-platform=headless --no-sandbox --no-zygote -- "$@"`;

/** Electron 22 ends with SIGTRAP on the headless platform: it gets an empty display of its own, which ends with it. */
const displayOfItsOwn = `[ "$DISPLAY" ] || {
  display='Xvfb -displayfd 1 -nolisten tcp & exec >/dev/null; while kill -0 "$1"; do sleep 1; done; kill $!'
  export DISPLAY=:$({ setsid sh -c "$display" sh $$ 2>/dev/null & } | head -n 1)
  [ "$DISPLAY" != : ] || { echo "Without a display, commands of this test edition need Xvfb." >&2; exit 1; }
}
exec "$electron" --no-sandbox --no-zygote -- "$@"`;
