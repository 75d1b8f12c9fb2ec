import { dirname, join } from "node:path";
import { referencedFiles, scenarioDigests, suiteDigest } from "./core/suite/digest.ts";
import { parseSuite } from "./core/suite/parse.ts";
import { resolveEnvironment } from "./core/suite/secrets.ts";
import type { Suite, TlsMaterial } from "./core/suite/suite.ts";
import { readTlsMaterial } from "./tls-material.ts";

/** A suite with all that it refers to, ready to be planned. */
export type LoadedSuite = {
  readonly file: string;
  /** With every `${env:NAME}` replaced: holds secrets, never printed or stored. */
  readonly suite: Suite;
  readonly secrets: readonly string[];
  readonly digest: string;
  /** By the name of the scenario. */
  readonly scenarioDigests: ReadonlyMap<string, string>;
  /** Contents of the payload files and traces, by the path that the suite names. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Contents of the TLS files. No part of the digest: a renewed certificate is not another workload. */
  readonly tls: TlsMaterial;
};

/** Files as the loader sees them. Both throw an InputError with a sentence for a file that cannot be read. */
export type FilePorts = {
  readonly readText: (path: string, what: string) => Promise<string>;
  readonly readBytes: (path: string, what: string) => Promise<Uint8Array>;
};

/**
 * Reads a suite, its payload files and traces, its TLS files and the environment it names; `not needed` leaves
 * `${env:NAME}` as it is and TLS files unread, for a caller that sends nothing.
 *
 * @param change what a caller makes of the suite before anything else is made of it.
 * @throws {InputError} with file:line:column for everything that a person has to mend.
 */
export async function loadSuite(
  file: string,
  overrides: readonly string[],
  environment: Readonly<Record<string, string | undefined>> | "not needed",
  ports: FilePorts,
  change: (suite: Suite) => Suite = (suite) => suite,
): Promise<LoadedSuite> {
  const written = parseSuite(await ports.readText(file, "suite"), file, overrides);
  const parsed = { ...written, suite: change(written.suite) };
  const { suite, secrets } = environment === "not needed" ? { suite: parsed.suite, secrets: [] } : resolveEnvironment(parsed, environment);
  const files = await readPayloadFiles(file, parsed.suite, ports);
  const tls = environment === "not needed" ? NO_MATERIAL : await readTlsMaterial(file, parsed, ports.readText);
  // Digests are taken before secrets are filled in: they are public, and a rotated token is not another workload.
  const digests = { digest: suiteDigest(parsed.suite, files), scenarioDigests: scenarioDigests(parsed.suite, files) };
  return { file, suite, secrets, ...digests, files, tls };
}

const NO_MATERIAL: TlsMaterial = { ca: undefined, cert: undefined, key: undefined };

/** The payload files and traces of a suite, read relative to the suite's own folder. */
export async function readPayloadFiles(suiteFile: string, suite: Suite, ports: FilePorts): Promise<ReadonlyMap<string, Uint8Array>> {
  const paths = referencedFiles(suite);
  const traces = new Set(suite.scenarios.flatMap(({ load }) => (load.kind === "trace" ? [load.file] : [])));
  const contents = await Promise.all(
    paths.map((path) => ports.readBytes(join(dirname(suiteFile), path), traces.has(path) ? "trace" : "payload file")),
  );
  return new Map(paths.map((path, i) => [path, contents[i]!]));
}
