import { join } from "node:path";
import { undiciVersion } from "../../../src/io/http.ts";
import { latencies, numberIn, type Peer } from "./peer.ts";

/** The HTTP client under our engine with nothing around it: what a request costs at least. */
export const bareUndici: Peer = {
  name: "undici dispatch, nothing else",
  program: "node",
  version: () => undiciVersion,
  command(_program, load, request) {
    if (load.kind === "open") throw new Error("bare undici has no schedule");
    return [process.execPath, join(import.meta.dirname, "bare-undici-process.ts"), JSON.stringify({ load, request })];
  },
  read: ({ stdout }) => ({ requests: numberIn(stdout, /(\d+)/), latencyMs: latencies(() => undefined), hid: "" }),
};
