/** Around all journeys: where the network is a dark one, not one packet may have been sent to another computer. */
import { packetsSent } from "../offline/dark-network.ts";

export default function countPackets(): () => void {
  const before = packetsSent();
  return () => {
    if (before === null) return;
    const sent = packetsSent()! - before;
    console.log(`${sent} packets were sent to other computers during the journeys.`);
    if (sent > 0) process.exitCode = 1;
  };
}
