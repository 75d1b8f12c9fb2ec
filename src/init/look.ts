import { InputError } from "../core/errors.ts";
import {
  FIRST_QUESTIONS,
  furtherQuestions,
  type Heard,
  type Hearing,
  kserveModel,
  type Question,
  spokenProtocols,
} from "../core/init/endpoint.ts";
import { endpointClass } from "../core/record/endpoint-class.ts";
import { type Answers, keyOf, listen } from "../io/init/listen.ts";
import { type Address, joinPath, readAddress } from "../io/load/address.ts";
import { explain, isTimeout } from "../io/load/failure.ts";

/** A running endpoint, and what it was asked. */
export type Looked = {
  readonly heard: Hearing;
  /** Every question so far with what came of it: one GET each. */
  readonly answers: Answers;
  /** The URL that a question was sent to. */
  readonly urlOf: (question: Question) => string;
};

/**
 * Asks a running endpoint what it is: five GETs at once, then at most five more that follow from the answers.
 *
 * @param model whose inputs to ask for; undefined: the first that the endpoint names.
 * @param known what an earlier look heard, which is not asked again.
 * @throws {InputError} if the URL is none, or nothing answers there.
 */
export async function lookAtEndpoint(
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  model: string | undefined,
  signal: AbortSignal,
  known: Answers = new Map(),
): Promise<Looked> {
  const address = readAddress(endpoint, headers);
  const urlOf = ({ path, port }: Question): string => {
    if (port === undefined) return address.base.origin + joinPath(address.base, path);
    return `http://${address.base.hostname}:${port}${path}`;
  };
  const answers = new Map<string, Heard | Error>(known);
  const askAll = async (questions: readonly Question[]) => {
    const fresh = questions.filter((question) => !answers.has(keyOf(question)));
    for (const [key, answer] of await listen(fresh, urlOf, address.headers, signal)) answers.set(key, answer);
  };
  const heard: Hearing = (question) => {
    const answer = answers.get(keyOf(question));
    return answer instanceof Error ? undefined : answer;
  };
  await askAll(FIRST_QUESTIONS);
  refuseSilence(answers, address);
  refuseStrangers(answers, Object.keys(headers).length > 0);
  await askAll(furtherQuestions(heard, { model, isNear: !endpointClass(endpoint).endsWith("public") }));
  // A name that was not known before the answers.
  const first = model ?? spokenProtocols(heard).find(({ protocol }) => protocol === "kserve-v2")?.models[0];
  if (first !== undefined && spokenProtocols(heard).some(({ protocol }) => protocol === "kserve-v2")) await askAll([kserveModel(first)]);
  return { heard, answers, urlOf };
}

/** @throws {InputError} where not one question was answered. */
function refuseSilence(answers: Answers, { base }: Address): void {
  const errors = [...answers.values()].filter((answer) => answer instanceof Error);
  const [first] = errors;
  if (first === undefined || errors.length < answers.size) return;
  const what = isTimeout(first) ? `no answer from ${base.host} in time` : explain(first, base.origin).sentence;
  throw new InputError(`the endpoint cannot be looked at: ${what}`, {
    hint: "start it, check the URL, or leave --endpoint out to go by the files of the repository alone",
  });
}

/** @throws {InputError} where every answer is that somebody unknown may not ask. */
function refuseStrangers(answers: Answers, isKnown: boolean): void {
  const statuses = [...answers.values()].flatMap((answer) => (answer === undefined || answer instanceof Error ? [] : [answer.status]));
  if (!statuses.every((status) => status === 401 || status === 403)) return;
  throw new InputError(`the endpoint answers ${[...new Set(statuses)].join(" and ")} to everything`, {
    hint: isKnown
      ? "is the value of the header right?"
      : 'tell who you are: --header "authorization: Bearer ${env:API_TOKEN}", with API_TOKEN in the environment',
  });
}
