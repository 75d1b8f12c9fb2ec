import { connect as connectTcp, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from "node:tls";
import { DEFAULT_CONNECTION, DEFAULT_TLS } from "../core/suite/defaults.ts";
import type { ConnectionPolicy, TlsMaterial, TlsPolicy } from "../core/suite/suite.ts";
import { openAddresses } from "./addresses.ts";
import { blameProxy, nameOf, openTunnel, type Proxy, readProxy } from "./proxy.ts";

/** How an endpoint is reached. */
export type Route = { readonly connection: ConnectionPolicy; readonly tls: TlsPolicy; readonly material: TlsMaterial };

export const USUAL_ROUTE: Route = {
  connection: DEFAULT_CONNECTION,
  tls: DEFAULT_TLS,
  material: { ca: undefined, cert: undefined, key: undefined },
};

/** Parts of the time that a connection took; undefined where there was no such part. */
export type ConnectPhases = { readonly dnsNs: number | undefined; readonly tlsNs: number | undefined };

/** Called once. Without an error, the socket is open: behind the proxy's tunnel, and with its TLS handshake done. */
export type Connected = (error: Error | null, socket: Socket | undefined, phases: ConnectPhases) => void;

export type Connector = {
  /** What the policy wants done once before the first connection: resolving the name. */
  readonly prepare: () => Promise<void>;
  /**
   * Opens a connection. The function that it returns gives the attempt up; nobody is called then.
   *
   * @param serverName the name of a request's own `host` header, for SNI; the suite's `server-name` wins over it.
   */
  readonly connect: (serverName: string | undefined, done: Connected) => () => void;
};

/**
 * Opens connections to one endpoint: DNS, TCP, proxy and TLS as the suite wants them. Without deadlines of its own. TLS
 * sessions are not resumed, so that every new connection does the same handshake and connect times are comparable.
 *
 * @throws {InputError} on a proxy that is no URL.
 */
export function openConnector(origin: string, route: Route): Connector {
  const url = new URL(origin);
  const isTls = url.protocol === "https:";
  const endpoint = { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port || (isTls ? 443 : 80)) };
  const proxy = route.connection.proxy === undefined ? undefined : readProxy(route.connection.proxy);
  const addresses = openAddresses((proxy ?? endpoint).host, route.connection.dns);
  const context = isTls ? contextOf(route.material) : undefined;
  const tlsOptions = (serverName: string | undefined): ConnectionOptions & { readonly highWaterMark: number } => ({
    servername: route.tls.serverName ?? serverName ?? (isIP(endpoint.host) === 0 ? endpoint.host : ""),
    ALPNProtocols: [route.connection.http === "2" ? "h2" : "http/1.1"],
    rejectUnauthorized: route.tls.verify,
    highWaterMark: 16 * 1024,
    ...(context === undefined ? {} : { secureContext: context }),
  });

  return {
    prepare: addresses.prepare,
    connect(serverName, done) {
      const beganNs = process.hrtime.bigint();
      const sinceNs = (fromNs: bigint) => Number(process.hrtime.bigint() - fromNs);
      let [dnsNs, tlsBeganNs] = [undefined as number | undefined, beganNs];
      let isOver = false;
      let open: Socket | undefined;
      const answer = (error: Error | null, socket?: Socket) => {
        if (isOver) return;
        isOver = true;
        if (error !== null) open?.destroy();
        done(error, socket, { dnsNs, tlsNs: isTls && error === null ? sinceNs(tlsBeganNs) : undefined });
      };
      /** The socket counts from here on; its errors after the answer are for whoever has it then. */
      const hold = (socket: Socket, blame: (error: Error) => Error = (error) => error): Socket => {
        open = socket;
        return socket.on("error", (error: Error) => {
          answer(blame(error));
          // A TLS alert is told and the socket left open: whoever has it would take what follows for the reason.
          socket.destroy(error);
        });
      };
      const dial = (to: { readonly port: number }, tls: ConnectionOptions | undefined, blame?: (error: Error) => Error): Socket => {
        const options = { host: addresses.next(), port: to.port, highWaterMark: 64 * 1024 };
        const socket = hold(tls === undefined ? connectTcp(options) : connectTls({ ...options, ...tls }), blame);
        socket.once("lookup", (error: Error | null) => {
          if (error === null) dnsNs ??= sinceNs(beganNs);
        });
        socket.once("connect", () => {
          tlsBeganNs = process.hrtime.bigint();
        });
        return socket.setNoDelay(true).setKeepAlive(true, 60_000);
      };

      if (proxy === undefined) {
        const socket = dial(endpoint, isTls ? tlsOptions(serverName) : undefined);
        socket.once(isTls ? "secureConnect" : "connect", () => answer(null, socket));
      } else {
        const way = dial(proxy, proxy.isTls ? proxyTls(proxy, route.material) : undefined, (error) => blameProxy(error, proxy));
        way.once(proxy.isTls ? "secureConnect" : "connect", () =>
          openTunnel(proxy, way, nameOf(endpoint), (error) => {
            if (error !== undefined || !isTls) return answer(error ?? null, way);
            tlsBeganNs = process.hrtime.bigint();
            // The host is only for the certificate's sake: the socket is there.
            const socket = hold(connectTls({ ...tlsOptions(serverName), socket: way, host: endpoint.host }));
            return socket.once("secureConnect", () => answer(null, socket));
          }),
        );
      }
      return () => {
        isOver = true;
        open?.destroy();
      };
    },
  };
}

/** Made once, because reading some hundred authorities takes longer than a handshake. Undefined: Node's own. */
function contextOf({ ca, cert, key }: TlsMaterial): SecureContext | undefined {
  if (ca === undefined && cert === undefined) return undefined;
  return createSecureContext({
    ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
    ...(cert === undefined ? {} : { cert, key }),
  });
}

const proxyTls = ({ host }: Proxy, { ca }: TlsMaterial): ConnectionOptions => ({
  servername: isIP(host) === 0 ? host : "",
  ALPNProtocols: ["http/1.1"],
  ...(ca === undefined ? {} : { ca: [...getCACertificates("default"), ca] }),
});
