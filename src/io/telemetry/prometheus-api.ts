import { type PromAnswer, type PromSeries, readNames, readSeries, readTime } from "../../core/telemetry/promql.ts";
import { getText } from "../http.ts";

/** A Prometheus server's HTTP API, or that of what speaks its language (Thanos, Mimir, VictoriaMetrics). Nothing throws. */
export type PrometheusApi = {
  /** Its own time, ms since 1970. */
  readonly time: () => Promise<PromAnswer<number>>;
  /** Names of the series with these labels that were there in the time between. */
  readonly names: (selector: string, fromMs: number, toMs: number) => Promise<PromAnswer<readonly string[]>>;
  readonly instant: (query: string, atMs: number) => Promise<PromAnswer<readonly PromSeries[]>>;
  readonly range: (query: string, fromMs: number, toMs: number, stepS: number) => Promise<PromAnswer<readonly PromSeries[]>>;
};

/** @param url as people write it: with a path if the API lies below one, with or without `/api/v1`. */
export function prometheusApi(url: string, timeoutS: number, signal: AbortSignal | undefined): PrometheusApi {
  const ask = async <T>(
    path: string,
    parameters: Readonly<Record<string, string>>,
    read: (status: number, text: string) => PromAnswer<T>,
  ): Promise<PromAnswer<T>> => {
    try {
      const { status, body } = await getText(urlOf(url, path, parameters), { timeoutS, ...(signal === undefined ? {} : { signal }) });
      return read(status, body);
    } catch (error) {
      return { kind: "useless", why: reasonOf(error, timeoutS) };
    }
  };
  return {
    time: () => ask("query", { query: "time()" }, readTime),
    names: (selector, fromMs, toMs) =>
      ask("label/__name__/values", { "match[]": selector, start: seconds(fromMs), end: seconds(toMs) }, readNames),
    instant: (query, atMs) => ask("query", { query, time: seconds(atMs) }, readSeries),
    range: (query, fromMs, toMs, stepS) =>
      ask("query_range", { query, start: seconds(fromMs), end: seconds(toMs), step: String(stepS) }, readSeries),
  };
}

const seconds = (ms: number): string => (Math.round(ms) / 1000).toFixed(3);

function urlOf(base: string, path: string, parameters: Readonly<Record<string, string>>): string {
  const url = new URL(base);
  url.hash = "";
  url.pathname = `${url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "")}/api/v1/${path}`;
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
  return url.href;
}

/** Why a source did not answer, a sentence's end for people. */
export function reasonOf(error: unknown, timeoutS: number): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return `no answer within ${timeoutS} s`;
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === "string" && !error.message.includes(code) ? `${code}: ${error.message}` : error.message || error.name;
}
