/** System libraries that the application loads: sonames for rpm, Debian's and Ubuntu's package names for deb. */

/** Ubuntu 24.04 and Debian 13 renamed some (64-bit time); either name works. */
const libraries: Readonly<Record<string, string>> = {
  "libasound.so.2": "libasound2t64 | libasound2",
  "libatk-1.0.so.0": "libatk1.0-0t64 | libatk1.0-0",
  "libatk-bridge-2.0.so.0": "libatk-bridge2.0-0t64 | libatk-bridge2.0-0",
  "libatspi.so.0": "libatspi2.0-0t64 | libatspi2.0-0",
  "libcairo.so.2": "libcairo2",
  "libcups.so.2": "libcups2t64 | libcups2",
  "libdbus-1.so.3": "libdbus-1-3",
  "libdrm.so.2": "libdrm2",
  "libexpat.so.1": "libexpat1",
  "libgbm.so.1": "libgbm1",
  "libgcc_s.so.1": "libgcc-s1",
  "libgio-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
  "libglib-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
  "libgobject-2.0.so.0": "libglib2.0-0t64 | libglib2.0-0",
  "libgtk-3.so.0": "libgtk-3-0t64 | libgtk-3-0",
  "libnspr4.so": "libnspr4",
  "libnss3.so": "libnss3",
  "libnssutil3.so": "libnss3",
  "libpango-1.0.so.0": "libpango-1.0-0",
  "libsmime3.so": "libnss3",
  "libstdc++.so.6": "libstdc++6 (>= 8)",
  "libX11.so.6": "libx11-6",
  "libX11-xcb.so.1": "libx11-xcb1", // opened at run time; Chromium exits without it
  "libxcb.so.1": "libxcb1",
  "libXcomposite.so.1": "libxcomposite1",
  "libXdamage.so.1": "libxdamage1",
  "libXext.so.6": "libxext6",
  "libXfixes.so.3": "libxfixes3",
  "libxkbcommon.so.0": "libxkbcommon0",
  "libXrandr.so.2": "libxrandr2",
};

/** The deb's dependencies. onnxruntime determines the C library's version. */
export const debDepends: readonly string[] = ["libc6 (>= 2.28)", ...new Set(Object.values(libraries))];

/** For notifications, and for opening a folder or an address. */
export const debRecommends: readonly string[] = ["libnotify4", "xdg-utils"];

/** The rpm's requirements: sonames, which every distribution provides. util-linux is for after-install.sh. */
export const rpmRequires: readonly string[] = [
  "libc.so.6(GLIBC_2.28)(64bit)",
  ...Object.keys(libraries).map((soname) => `${soname}()(64bit)`),
  "util-linux",
  "xdg-utils",
];
