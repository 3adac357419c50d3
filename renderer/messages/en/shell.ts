export const shell = {
  skip: "Skip to content",
  mainNavigation: "Main",
  library: "Library",
  newModel: "New model",
  compare: "Compare",
  chat: "Chat",
  settings: "Settings",
  localOnly: "Local only",
  localOnlyLong: "Local only: nothing leaves this computer",
  requests: (count: number) => (count === 1 ? "1 network request" : `${count} network requests`),
  pageFailed: "This page could not be shown.",
  again: "Try again",
};
