/** Libraries that every Windows 10 has, as far as the packages' binaries import them. */

/** Those that programs cannot start without. */
const imported = [
  ...["advapi32", "crypt32", "dbghelp", "dhcpcsvc", "dwrite", "gdi32", "iphlpapi", "kernel32", "msimg32"],
  ...["msvcrt", "ntdll", "ole32", "oleaut32", "rpcrt4", "secur32", "setupapi", "shell32", "shlwapi"],
  ...["uiautomationcore", "user32", "userenv", "version", "winhttp", "winmm", "ws2_32"],
  ...["d3d12", "dxgi", "cfgmgr32"],
].map((name) => `${name}.dll`);

/** Whether Windows has a library that a binary imports. `api-ms-win-…` are names for parts of its own libraries. */
export const windowsHas = (library: string) =>
  library.startsWith("api-ms-win-") || library === "winspool.drv" || imported.includes(library);

/** Looked for only when first called: Windows' libraries for screens, media and devices; the program that loads an addon. */
export const foundWhenCalled = (library: string) =>
  windowsHas(library) ||
  library === "node.exe" ||
  library === "bthprops.cpl" ||
  [
    ...["bluetoothapis", "comctl32", "comdlg32", "d3d11", "d3d9", "dwmapi", "dxva2", "hid", "imm32", "mf"],
    ...["mfplat", "mfreadwrite", "ncrypt", "oleacc", "pdh", "powrprof", "propsys", "urlmon", "usp10"],
    ...["uxtheme", "winusb", "wtsapi32"],
    "directml", // in Windows since 10.0.18362; only its provider calls it, which is not used
  ].some((name) => library === `${name}.dll`);
