import fc from "fast-check";

/**
 * Properties draw the same cases on every machine, so that a check says something about the change and not about luck;
 * FAST_CHECK_SEED=N draws others. The search for the smallest counterexample ends after a while: it blocks the thread,
 * and no timeout of the runner would stop it.
 */
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_122), interruptAfterTimeLimit: 20_000 });
