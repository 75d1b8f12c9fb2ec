import { formatDuration } from "../../core/report/duration.ts";
import { plainLine } from "../../core/report/plain.ts";

/** How far the current stretch of load is. */
export type Tick = {
  readonly elapsedS: number;
  readonly durationS: number;
  readonly offered: number;
  readonly inFlight: number;
  readonly ok: number;
  readonly failed: number;
};

export type Progress = {
  /** A new step begins: `steady · head · block 3`; what stands before the first dot is the scenario. */
  readonly phase: (text: string) => void;
  readonly tick: (tick: Tick) => void;
  /** Leaves the terminal clean for what is printed next. May be called twice, and work may go on after it. */
  readonly done: () => void;
};

/** As much of stderr as is needed here. */
export type ProgressStream = { readonly write: (text: string) => unknown; readonly columns?: number };

/**
 * Shows what the run is doing: one line that keeps changing where a person watches a terminal, otherwise (a CI log, a
 * pipe) a plain line at most every ten seconds, of what is going on then, and one at the end of each scenario. A step
 * that reports nothing, like waiting for an endpoint, is shown again with the time it has taken.
 *
 * @param options.tty whether escape sequences may be written: the caller has looked at the stream, CI and NO_COLOR.
 * @param options.now a monotonic clock in milliseconds.
 */
export function openProgress(stream: ProgressStream, options: { readonly tty: boolean; readonly now: () => number }): Progress {
  const { tty, now } = options;
  const intervalMs = tty ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let text = "";
  let begunMs = 0;
  let scenario: { readonly name: string; readonly begunMs: number } | undefined;
  let beat: ReturnType<typeof setInterval> | undefined;
  let shownMs = Number.NEGATIVE_INFINITY;
  let onScreen = false;

  const show = (line: string) => {
    shownMs = now();
    onScreen = true;
    stream.write(tty ? `${CLEAR}${shorten(line, (stream.columns || 80) - 1)}` : `${line}\n`);
  };
  /** A terminal shows what is next instead. */
  const endScenario = () => {
    if (!tty && scenario !== undefined) stream.write(`${scenario.name} · ended after ${elapsed(scenario.begunMs)}\n`);
    scenario = undefined;
  };
  const elapsed = (sinceMs: number) => formatDuration(Math.round((now() - sinceMs) / 1000));
  const remind = () => {
    if (now() - shownMs >= SILENCE_MS * 0.9) show(`${text}  ${elapsed(begunMs)}`);
  };
  return {
    phase: (next) => {
      text = plainLine(next, 200);
      begunMs = now();
      const name = nameOf(text);
      if (name !== scenario?.name) endScenario();
      scenario ??= name === undefined ? undefined : { name, begunMs };
      beat ??= setInterval(remind, SILENCE_MS).unref();
      if (tty || now() - shownMs >= intervalMs) show(text);
    },
    tick: (tick) => {
      if (now() - shownMs >= intervalMs) show(`${text}  ${describe(tick)}`);
    },
    done: () => {
      clearInterval(beat);
      beat = undefined;
      endScenario();
      if (tty && onScreen) stream.write(CLEAR);
      onScreen = false;
      shownMs = Number.NEGATIVE_INFINITY;
    },
  };
}

const LIVE_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;
/** A step that has said nothing for so long is shown again. */
const SILENCE_MS = 10_000;

/** Undefined for a step that belongs to no scenario. */
const nameOf = (text: string): string | undefined => (text.includes(SEPARATOR) ? text.split(SEPARATOR)[0] : undefined);
const SEPARATOR = " · ";

/** Back to the first column, and erase the line. */
const CLEAR = "\r\u001B[2K";

function describe({ elapsedS, durationS, offered, inFlight, ok, failed }: Tick): string {
  const rate = elapsedS > 0 ? `${(offered / elapsedS).toFixed(1)}/s` : "–";
  const elapsed = `${Math.min(elapsedS, durationS).toFixed(0)}/${durationS.toFixed(0)} s`;
  return [elapsed, rate, `${inFlight} in flight`, `${ok} ok`, `${failed} failed`].join("  ");
}

/** A line that wraps could not be erased again. */
function shorten(line: string, width: number): string {
  const characters = Array.from(line);
  return characters.length <= width ? line : `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
}
