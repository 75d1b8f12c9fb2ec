import { formatDuration } from "../../core/decide/duration.ts";
import type { SoFar, Tick } from "../../core/record/so-far.ts";
import { plainLine } from "../../core/report/plain.ts";
import { fitLine, tickParts } from "./progress-line.ts";

export type Progress = {
  /** A new step begins: `steady · head · block 3`; what stands before the first dot is the scenario. */
  readonly phase: (text: string) => void;
  /** `soFar` is asked only where it is shown. */
  readonly tick: (tick: Tick, soFar: () => SoFar) => void;
  /** A line that stays, in no group. */
  readonly note: (text: string) => void;
  /** Leaves the terminal clean for what is printed next. May be called twice, and work may go on after it. */
  readonly done: () => void;
};

/** As much of stderr as is needed here. */
export type ProgressStream = { readonly write: (text: string) => unknown; readonly columns?: number };

/**
 * `live`: a person watches a terminal, escape sequences may be written. `actions`: a log of GitHub Actions, which folds
 * groups. `log`: any other log, or a pipe.
 */
export type ProgressKind = "live" | "actions" | "log";

/**
 * Shows what the run is doing. In a terminal, one line that keeps changing. In a log, a plain line of what is going on at
 * most every ten seconds (in GitHub Actions every five, each scenario in a group of its own), and one at the end of each
 * scenario. A step that reports nothing, like waiting for an endpoint, is shown again with the time it has taken.
 *
 * @param options.now a monotonic clock in milliseconds.
 */
export function openProgress(stream: ProgressStream, options: { readonly kind: ProgressKind; readonly now: () => number }): Progress {
  const { kind, now } = options;
  const intervalMs = INTERVAL_MS[kind];
  let text = "";
  let begunMs = 0;
  let ticked = false;
  let scenario: { readonly name: string; readonly begunMs: number } | undefined;
  let inGroup = false;
  let beat: ReturnType<typeof setInterval> | undefined;
  let shownMs = Number.NEGATIVE_INFINITY;
  let onScreen = false;

  const closeGroup = () => {
    if (inGroup) stream.write("::endgroup::\n");
    inGroup = false;
  };
  const show = (parts: readonly string[]) => {
    shownMs = now();
    onScreen = true;
    if (kind === "live") return void stream.write(CLEAR + fitLine([text, ...parts], (stream.columns || 80) - 1));
    if (kind === "actions" && scenario !== undefined && !inGroup) {
      stream.write(`::group::${scenario.name}\n`);
      inGroup = true;
    }
    stream.write(`${[text, ...parts].join("  ")}\n`);
  };
  /** A terminal shows what is next instead. */
  const endScenario = () => {
    closeGroup();
    if (kind !== "live" && scenario !== undefined) stream.write(`${scenario.name} · ended after ${elapsed(scenario.begunMs)}\n`);
    scenario = undefined;
  };
  const elapsed = (sinceMs: number) => formatDuration(Math.round((now() - sinceMs) / 1000));
  const remind = () => {
    if (!ticked && now() - shownMs >= SILENCE_MS * 0.9) show([elapsed(begunMs)]);
  };
  return {
    phase: (next) => {
      text = plainLine(next, 200);
      begunMs = now();
      ticked = false;
      const name = nameOf(text);
      const isNew = name !== scenario?.name;
      if (isNew) endScenario();
      scenario ??= name === undefined ? undefined : { name, begunMs };
      beat ??= setInterval(remind, SILENCE_MS).unref();
      // A group begins with its scenario, however short that is.
      if (kind === "live" || now() - shownMs >= intervalMs || (kind === "actions" && isNew)) show([]);
    },
    tick: (tick, soFar) => {
      ticked = true;
      if (now() - shownMs >= intervalMs) show(tickParts(tick, soFar()));
    },
    note: (line) => {
      closeGroup();
      stream.write(`${kind === "live" ? CLEAR : ""}${plainLine(line, 1000)}\n`);
      if (kind === "live" && text !== "") show([]);
    },
    done: () => {
      clearInterval(beat);
      beat = undefined;
      endScenario();
      if (kind === "live" && onScreen) stream.write(CLEAR);
      onScreen = false;
      shownMs = Number.NEGATIVE_INFINITY;
    },
  };
}

const INTERVAL_MS: Readonly<Record<ProgressKind, number>> = { live: 100, actions: 5_000, log: 10_000 };
/** A step that has said nothing for so long is shown again. */
const SILENCE_MS = 10_000;

/** Undefined for a step that belongs to no scenario. */
const nameOf = (text: string): string | undefined => (text.includes(SEPARATOR) ? text.split(SEPARATOR)[0] : undefined);
const SEPARATOR = " · ";

/** Back to the first column, and erase the line. */
const CLEAR = "\r\u001B[2K";
