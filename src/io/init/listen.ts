import type { Heard, Question } from "../../core/init/endpoint.ts";
import { ask } from "../ask.ts";
import { USUAL_ROUTE } from "../connector.ts";

/** What was heard, by {@link keyOf}; an error is that of the connection, or of the deadline. */
export type Answers = ReadonlyMap<string, Heard | Error>;

const DEADLINE_S = 4;

export const keyOf = ({ path, port }: Question): string => `${port ?? ""} ${path}`;

/**
 * Asks all questions at once, one GET each, with a deadline of four seconds. Never fails: an error is an answer too.
 *
 * @param urlOf where a question goes.
 */
export async function listen(
  questions: readonly Question[],
  urlOf: (question: Question) => string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Answers> {
  const heard = questions.map(async (question): Promise<readonly [string, Heard | Error]> => {
    // Another port is another program: what authorizes us here is none of its business.
    const sent = question.port === undefined ? headers : {};
    try {
      const { status, body } = await ask(urlOf(question), USUAL_ROUTE, { timeoutS: DEADLINE_S, headers: sent, signal });
      return [keyOf(question), { status, body }];
    } catch (error) {
      return [keyOf(question), error as Error];
    }
  });
  return new Map(await Promise.all(heard));
}
