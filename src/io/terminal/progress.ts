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
  /** A new step begins: `steady · head · block 3`. */
  readonly phase: (text: string) => void;
  readonly tick: (tick: Tick) => void;
  /** Leaves the terminal clean for what is printed next. May be called twice, and work may go on after it. */
  readonly done: () => void;
};

/** As much of stderr as is needed here. */
export type ProgressStream = { readonly write: (text: string) => unknown; readonly columns?: number };

/**
 * Shows what the run is doing: one line that keeps changing where a person watches a terminal, otherwise (a CI log, a
 * pipe) a plain line at most every ten seconds, of what is going on then.
 *
 * @param options.tty whether escape sequences may be written: the caller has looked at the stream, CI and NO_COLOR.
 * @param options.now a monotonic clock in milliseconds.
 */
export function openProgress(stream: ProgressStream, options: { readonly tty: boolean; readonly now: () => number }): Progress {
  const { tty, now } = options;
  const intervalMs = tty ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS;
  let text = "";
  let shownMs = Number.NEGATIVE_INFINITY;
  let onScreen = false;

  const show = (line: string) => {
    shownMs = now();
    onScreen = true;
    stream.write(tty ? `${CLEAR}${shorten(line, (stream.columns ?? 80) - 1)}` : `${line}\n`);
  };
  return {
    phase: (next) => {
      text = plainLine(next, 200);
      if (tty || now() - shownMs >= intervalMs) show(text);
    },
    tick: (tick) => {
      if (now() - shownMs >= intervalMs) show(`${text}  ${describe(tick)}`);
    },
    done: () => {
      if (tty && onScreen) stream.write(CLEAR);
      onScreen = false;
      shownMs = Number.NEGATIVE_INFINITY;
    },
  };
}

const LIVE_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 10_000;

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
