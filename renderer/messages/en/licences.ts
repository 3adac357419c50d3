export const licences = {
  title: "Licences",
  about: "The components of Coppice and the terms under which they may be used and shared.",
  back: "Back to the settings",
  show: "Show licences",
  works: (count: number) => `${count} components`,
  find: "Find a component",
  nothing: (words: string) => `No component has “${words}” in its name or licence.`,
  chromium: "Chromium, which displays this window, has its own list in a file beside the application.",
  showChromium: "Show that file",
  missing: "This build has no list of licences. Packages always include it.",
};
