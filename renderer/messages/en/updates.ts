export const updates = {
  title: "Updates",
  impossible:
    "This package cannot update itself: it was made without an address and a key for updates. Install new versions over this one by hand; models and runs stay.",

  whether: "Look for new versions",
  whetherAbout: (address: string) =>
    `Asks ${address} once a day while Coppice is open. Nothing is downloaded or installed by itself.`,
  off: "Off",
  tell: "Tell me when there is one",
  look: "Look for an update now",
  lookAbout: (address: string) =>
    `This goes to the network: it asks ${address}, and nobody else. Told there are the version of Coppice and, as in any connection, this computer’s address.`,
  lookNow: "Look now",

  newest: (version: string, time: string) => `${version} is the newest version (asked at ${time}).`,
  found: (version: string) => `Coppice ${version} is there.`,
  show: "Show it",
  signed: (size: string) => `${size}, signed by those who made this version.`,
  byHand: "Get it where this version came from and install it over this one; models and runs stay.",
  download: "Download",
  downloading: "Downloading",
  downloaded: (version: string) => `Coppice ${version} lies on this computer and is what was signed.`,
  install: "Install and restart",
  installTitle: (version: string) => `Install Coppice ${version} now?`,
  installText:
    "Coppice saves what runs, closes, puts the new version in the place of this one and opens again. A run in progress is paused then: resume it in the library.",

  askedTimes: (count: number, address: string) =>
    count === 1 ? `1 request to ${address} for updates.` : `${count} requests to ${address} for updates.`,
  noAccount: "No account, no telemetry. It looks for updates because you switched that on.",
};
