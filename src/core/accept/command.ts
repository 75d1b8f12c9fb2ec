import { plainLine } from "../report/plain.ts";
import { type Largest, readLargest } from "./largest.ts";
import { spokenLines } from "./spoken-lines.ts";
import { readTarget, type Target } from "./target.ts";

/** One line of a comment that begins with `/tailgate`. */
export type Command =
  | {
      readonly kind: "accept";
      readonly targets: readonly Target[];
      readonly largest: Largest;
      /** The last day on which it holds, UTC: `2026-12-31`. */
      readonly until: string | undefined;
      /** One line of at most {@link LONGEST_REASON} characters, never empty. */
      readonly reason: string;
    }
  /** Takes back what was accepted of the targets: `of` says whether of both halves of a gate, or of its limit only. */
  | { readonly kind: "withdraw"; readonly targets: readonly Target[]; readonly of: "all" | "limit" }
  /** `text` is the line as written, cut; `isWithdrawal` where that much could be read. */
  | {
      readonly kind: "unreadable";
      readonly text: string;
      readonly problem: string;
      readonly hint: string;
      readonly isWithdrawal: boolean;
    };

/** The form to write, for every message that needs one. */
const ACCEPT_FORM = "/tailgate accept METRIC up to 30%: REASON";

const LONGEST_REASON = 500;
/** One of a comment's lines; more than a target list, a date and a reason can need. */
const LONGEST_LINE = 2_000;
/** Commands that are read of one comment; the rest becomes one that cannot be read. */
const MOST_COMMANDS = 20;

/**
 * The commands of a comment in their order. Only a line that its writer says is one ({@link spokenLines}); what is not
 * understood is a value too, since a person who wrote `/tailgate` meant something by it.
 */
export function readCommands(body: string): readonly Command[] {
  const lines = spokenLines(body)
    .map(({ text, belowQuote }) => ({ text: plainLine(text, LONGEST_LINE).replace(/\s+/g, " "), belowQuote }))
    .filter(({ text }) => /^\/tailgate(?!\w)/i.test(text));
  const commands = lines
    .slice(0, MOST_COMMANDS)
    .map(({ text, belowQuote }) =>
      belowQuote
        ? unreadable(text, "it stands right below a quoted line, which takes it into the quote", "leave an empty line above it")
        : readLine(text),
    );
  const next = lines[MOST_COMMANDS];
  if (next === undefined) return commands;
  // Among those that are not read may be one that takes an acceptance back.
  const rest = unreadable(next.text, `only ${MOST_COMMANDS} commands of a comment are read`, "write the others in another comment");
  return [...commands, { ...rest, isWithdrawal: true }];
}

type Unreadable = Extract<Command, { kind: "unreadable" }>;

const unreadable = (text: string, problem: string, hint: string): Unreadable => ({
  kind: "unreadable",
  text: plainLine(text, 120),
  problem,
  hint,
  isWithdrawal: /^\/tailgate withdraw/i.test(text),
});

function readLine(text: string): Command {
  const [, verb = "", rest = ""] = /^\/tailgate ?([^\s:]*) ?(.*)$/i.exec(text) ?? [];
  if (text.endsWith("…") && text.length >= LONGEST_LINE)
    return unreadable(text, `it is longer than ${LONGEST_LINE} characters`, "write a shorter reason");
  if (/^accept$/i.test(verb)) return readAccept(text, rest);
  if (/^withdraw$/i.test(verb)) return readWithdraw(text, rest);
  return unreadable(
    text,
    verb === "" ? "it says nothing to do" : `"${plainLine(verb, 40)}" is no command`,
    "known are accept and withdraw",
  );
}

/**
 * `[limit of] TARGET[, TARGET…] up to SIZE [until DATE]: REASON`. No name, size or date holds a colon, and the last
 * `up to` is the one before the size, whatever a scenario is called.
 */
function readAccept(text: string, rest: string): Command {
  const fail = (problem: string, hint: string): Unreadable => unreadable(text, problem, hint);
  const colon = rest.indexOf(":");
  const head = (colon === -1 ? rest : rest.slice(0, colon)).trim();
  const reason = colon === -1 ? "" : rest.slice(colon + 1).trim();
  const [, named, size = "", until] = /^(.+) (?:up|down) to (.+?)(?: until (.*))?$/i.exec(head) ?? [];
  if (named === undefined) return fail("it does not say how much", `write it like ${ACCEPT_FORM}`);
  const { of, targets, mistake } = readTargets(named);
  if (mistake !== undefined) return fail(mistake.problem, mistake.hint);
  const largest = readLargest(size, of, targets);
  if ("problem" in largest) return fail(largest.problem, largest.hint);
  if (until !== undefined && !isDate(until)) return fail(`"${plainLine(until, 40)}" is no date`, "write it like until 2026-12-31");
  if (!/[\p{L}\p{N}]/u.test(reason)) return fail("it gives no reason", `write one after a colon, on the same line: ${ACCEPT_FORM}`);
  if (reason === "REASON") return fail("REASON is the place for a reason", "write yours there");
  const length = Array.from(reason).length;
  if (length > LONGEST_REASON) return fail(`its reason has ${length} characters`, `write at most ${LONGEST_REASON}`);
  return { kind: "accept", targets, largest, until, reason };
}

/** `[limit of] TARGET[, TARGET…]`, or nothing for everything; whatever follows a colon is a reason that nobody needs. */
function readWithdraw(text: string, rest: string): Command {
  const named = (rest.split(":")[0] ?? "").trim();
  if (named === "") return { kind: "withdraw", targets: [{ path: undefined, metric: "*" }], of: "all" };
  const { of, targets, mistake } = readTargets(named);
  if (mistake !== undefined) return unreadable(text, mistake.problem, mistake.hint);
  return { kind: "withdraw", targets, of: of === "limit" ? "limit" : "all" };
}

function readTargets(text: string) {
  const [, limit, list = ""] = /^(limit of )?(.*)$/i.exec(text) ?? [];
  const read = list.split(",").map((part) => readTarget(part.trim()));
  const mistake = read.find((target) => isMistake(target));
  const targets = read.filter((target): target is Target => !isMistake(target));
  return { of: limit === undefined ? ("regression" as const) : ("limit" as const), targets, mistake };
}

const isMistake = (target: ReturnType<typeof readTarget>): target is Exclude<typeof target, Target> => "problem" in target;

/** A day that exists. */
const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00.000Z`);
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
};
