export const updates = {
  title: "Updates",
  impossible:
    "This package cannot update itself, because it was built without an update address and key. Install new versions over this one by hand; models and runs are kept.",

  whether: "Check for new versions",
  whetherAbout: (address: string) =>
    `Asks ${address} once a day while Coppice is open, and whenever it starts. Nothing is downloaded or installed automatically.`,
  off: "Off",
  tell: "Notify me when there is one",
  look: "Check for an update now",
  lookAbout: (address: string) =>
    `This connects to ${address} and nowhere else. It sends the version of Coppice and, as in any connection, this computer’s address.`,
  lookNow: "Check now",

  newest: (version: string, time: string) => `${version} is the newest version (checked at ${time}).`,
  found: (version: string) => `Coppice ${version} is available.`,
  show: "Show it",
  signed: (size: string) => `${size}, signed by the makers of this version.`,
  byHand:
    "Download it from where you got this version and install it over this one; models and runs are kept.",
  download: "Download",
  downloading: "Downloading",
  downloaded: (version: string) => `Coppice ${version} is downloaded and its signature is valid.`,
  install: "Install and restart",
  installTitle: (version: string) => `Install Coppice ${version} now?`,
  installText:
    "Coppice saves an active run, closes, replaces this version and opens again. The run is then paused; resume it in the library.",

  askedTimes: (count: number, address: string) =>
    count === 1 ? `1 request to ${address} for updates.` : `${count} requests to ${address} for updates.`,
  noAccount: "No account, no telemetry. Coppice checks for updates because you enabled that.",
};
