import { InputError } from "../../core/errors.ts";
import { redact } from "../../core/suite/secrets.ts";
import { type FailedRequest, isRateLimit, limitLiftedInS, pauseBeforeRetryS } from "./retry.ts";

export type Connection = {
  readonly token: string;
  readonly repository: { readonly owner: string; readonly name: string };
  readonly apiUrl: string;
  /** Waits; tests pass their own. */
  readonly pause?: (seconds: number) => Promise<void>;
};

/** One answer at most takes this long. */
const TIMEOUT_MS = 30_000;

/**
 * A client of GitHub's REST API that repeats what may be repeated (see {@link pauseBeforeRetryS}).
 *
 * The library is loaded here and not at the top: on loading it reads the event file, and would fail on a damaged one
 * before we can say so.
 */
export async function openClient({ token, apiUrl, pause = sleep }: Connection) {
  const { getOctokit } = await import("@actions/github");
  const client = getOctokit(token, { baseUrl: apiUrl, userAgent: "tailgate", log: SILENT });
  client.hook.wrap("request", async (send, options) => {
    for (let retries = 0; ; retries++) {
      try {
        return await send({ ...options, request: { ...options.request, signal: AbortSignal.timeout(TIMEOUT_MS) } });
      } catch (error) {
        const failed = failureOf(error);
        const pauseS = failed && pauseBeforeRetryS(failed, retries, Date.now() / 1000);
        if (pauseS === undefined) throw withoutToken(error, token);
        await pause(pauseS);
      }
    }
  });
  return client;
}

/**
 * What went wrong with a request, for people.
 *
 * @param doing completes "the token may not …": `write comments`.
 * @param permission the line of the job's `permissions` that allows it.
 */
export function requestError(error: unknown, doing: string, permission: string): unknown {
  const failed = failureOf(error);
  if (failed === undefined) return error;
  const { status } = failed;
  if (isRateLimit(failed)) {
    const inS = limitLiftedInS(failed, Date.now() / 1000);
    const when = inS === undefined ? "later" : `in ${Math.ceil(inS / 60)} min`;
    return new InputError(`GitHub's rate limit for this token is used up: could not ${doing}`, {
      hint: `run the job again ${when}`,
      cause: error,
    });
  }
  if (status === 401) {
    return new InputError(`GitHub does not accept the token: could not ${doing}`, { hint: "check the input github-token", cause: error });
  }
  if (status === 403 || status === 404) {
    const hint = `add \`${permission}\` to the job's permissions (a pull request from a fork has a read-only token whatever they say)`;
    return new InputError(`the token may not ${doing} (GitHub answered ${status})`, { hint, cause: error });
  }
  if (!failed.answered)
    return new InputError(`could not ${doing}: GitHub could not be reached`, { hint: "run the job again", cause: error });
  if (status >= 500) return new InputError(`could not ${doing}: GitHub answered ${status}`, { hint: "run the job again", cause: error });
  // What is wrong with the request will be wrong with it again, and only GitHub's own words say what it is.
  return new InputError(`could not ${doing}: GitHub answered ${status}: ${oneLine(failed.message)}`, { cause: error });
}

/** The HTTP status of a failed request; undefined for any other error. */
export const statusOf = (error: unknown): number | undefined => failureOf(error)?.status;

/** Whether the same question may be answered later: an outage, or a rate limit. */
export function isTemporary(error: unknown): boolean {
  const failed = failureOf(error);
  return failed !== undefined && (failed.status >= 500 || isRateLimit(failed));
}

/** The library's errors by their shape: its class is not exported by the package that we use. */
function failureOf(error: unknown): (FailedRequest & { readonly answered: boolean }) | undefined {
  if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return undefined;
  const { request, response, message } = error as Error & {
    request?: { method?: string; url?: string };
    response?: { headers?: FailedRequest["headers"] };
  };
  // What we send to GraphQL is a question, though it is sent by POST: asked again, it changes nothing.
  const isQuestion = request?.url?.endsWith("/graphql") ?? false;
  return {
    method: isQuestion ? "GET" : (request?.method ?? "GET"),
    status: error.status,
    headers: response?.headers ?? {},
    // The library puts the answer's own message first.
    message: response === undefined ? "" : message,
    answered: response !== undefined,
  };
}

/** Whatever answers at the address of the API may say back what it was sent, and its words are shown. */
function withoutToken(error: unknown, token: string): unknown {
  if (error instanceof Error) error.message = redact(error.message, [token]);
  return error;
}

const MAX_MESSAGE_LENGTH = 200;
const oneLine = (message: string): string => message.replaceAll(/\s+/g, " ").trim().slice(0, MAX_MESSAGE_LENGTH);

const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const nothing = (): void => undefined;
/** The library would warn on the console, where a job's log is not its business. */
const SILENT = { debug: nothing, info: nothing, warn: nothing, error: nothing };
