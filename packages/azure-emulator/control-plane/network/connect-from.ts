import net from "node:net";

type Options = net.NetConnectOpts & { readonly host?: string; readonly path?: string; localAddress?: string };

/**
 * Makes every later connection of this process to the emulator begin at a loopback address, by which services know from which network it
 * comes. Every client of Node connects by `Socket.connect`: http, undici's `fetch`, tls and tedious.
 */
export function connectFrom(localAddress: string): void {
  const { connect } = net.Socket.prototype;
  net.Socket.prototype.connect = function (this: net.Socket, ...given: unknown[]) {
    return connect.apply(this, withAddress(given, localAddress) as Parameters<typeof connect>);
  } as typeof connect;
}

/** The forms of the arguments: `net.connect` passes its own as one list whose first item is the options. */
function withAddress(given: unknown[], localAddress: string): unknown[] {
  const [first, second, ...rest] = given;
  if (Array.isArray(first)) {
    first[0] = from(first[0] as Options, localAddress);
    return given;
  }
  if (typeof first === "object" && first !== null)
    return [from(first as Options, localAddress), second, ...rest];
  const port = Number(first);
  if (typeof first === "string" && Number.isNaN(port)) return given;
  const host = typeof second === "string" ? second : undefined;
  return [
    from({ port, ...(host !== undefined && { host }) }, localAddress),
    ...(host === undefined ? [second, ...rest] : rest),
  ];
}

function from(options: Options, localAddress: string): Options {
  const { path, localAddress: own } = options;
  const host = options.host ?? "localhost";
  if (path || own || !/^(127\.|localhost$)/i.test(host)) return options;
  // The emulator listens on IPv4, and `localhost` may be IPv6 first.
  return { ...options, host: host.toLowerCase() === "localhost" ? "127.0.0.1" : host, localAddress };
}
