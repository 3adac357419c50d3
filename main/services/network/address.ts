/** Whether `remote`, "host:port", is another computer: not this one, and not unconnected. */
export function leaves(remote: string): boolean {
  const host = remote
    .replace(/:(?:\d+|\*)$/, "")
    .replace(/^\[|\]$/g, "")
    .replace(/%.*$/, "");
  const nowhere = /^(?:0\.0\.0\.0|\*|::|(?:0:){7}0|(?:0:){5}ffff:0:0|::ffff:0\.0\.0\.0)$/i.test(host);
  const here = /^(?:127\.|::1$|(?:0:){7}1$|(?:0:){5}ffff:7f[0-9a-f]{2}:|::ffff:127\.)/i.test(host);
  return !nowhere && !here;
}
