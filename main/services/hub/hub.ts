/** The hub that models are downloaded from, and the addresses that it may lead to. */
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";

export interface Hub {
  /** Without a slash at its end: "https://huggingface.co". */
  readonly address: string;
  /** The name that a person sees before anything is requested: "huggingface.co". */
  readonly host: string;
  /** Whether an address may be requested: the hub's, or one of the servers that store its files. */
  allows(url: string): boolean;
  /** Whether an address is the hub's own: only the hub may receive a person's token. */
  isItself(url: string): boolean;
}

const DEFAULT_ADDRESS = "https://huggingface.co";
/** The domains of the hub's own servers, its file stores among them. */
const STORES = ["huggingface.co", "hf.co"];

/** The hub, or the mirror that HF_ENDPOINT names. HTTPS; HTTP only on this computer. Failure: bad-choice. */
export function hubOf(environment: Readonly<Record<string, string | undefined>> = process.env): Hub {
  const named = environment["HF_ENDPOINT"] || DEFAULT_ADDRESS;
  const address = parsed(named);
  const isPlain =
    address !== null &&
    /^\/*$/.test(address.pathname) &&
    address.search + address.hash + address.username + address.password === "";
  if (!isPlain || (address.protocol !== "https:" && !isHere(address)))
    return refuseChoice({ code: "hub-address", address: named });
  const { origin, host, hostname } = address;
  const domains = [hostname, ...STORES];
  return {
    address: origin,
    host,
    isItself: (url) => parsed(url)?.origin === origin,
    allows: (url) => {
      const other = parsed(url);
      if (other === null || other.username + other.password !== "") return false;
      if (other.origin === origin) return true;
      return (
        other.protocol === "https:" &&
        other.port === "" &&
        domains.some((domain) => other.hostname === domain || other.hostname.endsWith(`.${domain}`))
      );
    },
  };
}

const isHere = ({ protocol, hostname }: URL) => protocol === "http:" && hostname === "127.0.0.1";

function parsed(url: string): URL | null {
  try {
    return new URL(url);
  } catch {
    return null;
  }
}
