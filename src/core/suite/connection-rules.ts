import type { Mistake } from "./mistake.ts";
import { factsOf } from "./protocol-facts.ts";
import { asList, asMapping, asQuantity, type Mapping } from "./raw.ts";

/** What in `connection`, `tls` and `retry` contradicts itself or the rest of the target. */
export function connectionRules(target: Mapping): readonly Mistake[] {
  return [...reuseRules(asMapping(target["connection"]), target["protocol"]), ...tlsRules(target), ...retryRules(target)];
}

function reuseRules(connection: Mapping, protocol: unknown): readonly Mistake[] {
  const { reuse } = connection;
  const needed = factsOf(protocol)?.http;
  const written = connection["http"];
  const http = needed ?? written;
  if (needed !== undefined && written !== undefined && written !== needed && written !== Number(needed)) {
    const message = `protocol ${String(protocol)} needs HTTP/${needed}`;
    return [{ path: ["target", "connection", "http"], at: "value", message, hint: "leave it out" }];
  }
  const useless = (key: string, message: string, hint: string): readonly Mistake[] =>
    Object.hasOwn(connection, key) ? [{ path: ["target", "connection", key], at: "key", message, hint }] : [];
  if (reuse === "new") {
    const once = "with reuse: new a connection serves one request";
    return [...useless("requests-each", once, "leave it out, or write reuse: keep-alive"), ...useless("streams", once, "leave it out")];
  }
  const isOne = http === undefined || http === "1.1" || http === 1.1;
  return isOne ? useless("streams", "HTTP/1.1 has no streams", 'leave it out, or add http: "2"') : [];
}

function tlsRules(target: Mapping): readonly Mistake[] {
  const tls = asMapping(target["tls"]);
  const has = (key: string) => Object.hasOwn(tls, key);
  const mistake = (key: string, message: string, hint: string): Mistake => ({ path: ["target", "tls", key], at: "key", message, hint });
  const mistakes: Mistake[] = [];
  if (has("key") && !has("cert")) mistakes.push(mistake("key", "a key without its certificate", "add cert: certs/client.pem"));
  if (has("cert") && !has("key")) mistakes.push(mistake("cert", "a certificate without its key", "add key: certs/client.key"));
  if (has("ca") && (tls["verify"] === "no" || tls["verify"] === false))
    mistakes.push(mistake("ca", "with verify: no nobody looks at authorities", "remove verify: no, or leave ca out"));
  const { endpoint } = target;
  if (typeof endpoint === "string" && /^http:\/\//i.test(endpoint) && Object.keys(tls).length > 0) {
    mistakes.push({
      path: ["target", "tls"],
      at: "key",
      message: "the endpoint is plain http, where there are no certificates",
      hint: "write https:// in target.endpoint, or leave tls out",
    });
  }
  return mistakes;
}

function retryRules(target: Mapping): readonly Mistake[] {
  const retry = asMapping(target["retry"]);
  const mistakes: Mistake[] = [];
  const [backoff, most] = [asQuantity(retry["backoff"], "duration", 0.1), asQuantity(retry["max-backoff"], "duration", 5)];
  if (backoff !== undefined && most !== undefined && backoff > most) {
    const key = Object.hasOwn(retry, "max-backoff") ? "max-backoff" : "backoff";
    mistakes.push({
      path: ["target", "retry", key],
      at: "value",
      message: "the longest wait (max-backoff) is shorter than the first (backoff)",
      hint: "raise max-backoff or lower backoff",
    });
  }
  const { status } = asMapping(target["check"]);
  const accepted = typeof status === "number" ? [status] : asList(status);
  for (const [i, cause] of asList(retry["on"]).entries()) {
    if (typeof cause !== "number" || !accepted.includes(cause)) continue;
    mistakes.push({
      path: ["target", "retry", "on", i],
      at: "value",
      message: `target.check accepts status ${cause}, so it is never sent again`,
      hint: "remove it here or there",
    });
  }
  return mistakes;
}
