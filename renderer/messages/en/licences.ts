export const licences = {
  title: "Licences",
  about: "What Coppice is made with, and the words it may be used and passed on under.",
  back: "Back to the settings",
  show: "Show the licences",
  works: (count: number) => `${count} works`,
  find: "Find a work",
  nothing: (words: string) => `No work has “${words}” in its name or licence.`,
  chromium: "Chromium, which draws this window, has a list of its own: a file beside the application.",
  showChromium: "Show that file",
  missing: "This copy was built without its list of licences; packages always have it.",
};
