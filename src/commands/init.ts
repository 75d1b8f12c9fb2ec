import { join, relative } from "node:path";
import { InputError } from "../core/errors.ts";
import { isName } from "../core/init/name.ts";
import { plainLine } from "../core/report/plain.ts";
import { suggest } from "../core/suite/nearest.ts";
import { PROTOCOLS, type ProtocolName } from "../core/suite/suite.ts";
import { type Command, EXIT, type Invocation, parseArguments } from "./command.ts";
import { isInteractive } from "./print.ts";

const SUITE_FILE = "tailgate.yaml";

export const init: Command = {
  name: "init",
  summary: "write a first suite and workflow from what the repository and a running endpoint say",
  usage: `tailgate init [options]

  --endpoint URL        a running endpoint to look at: its protocol, models, inputs and metrics
  --protocol NAME       how it is asked, instead of what was found
  --model NAME          which model, instead of the first that was found
  --header "NAME: VALUE"  sent with every request, and written into the suite; may be given several times. Credentials
                        come from the environment: --header "authorization: Bearer \${env:API_TOKEN}"
  --suite FILE          where the suite goes (default: ${SUITE_FILE})
  --workflow FILE       where the workflow goes (default: .github/workflows/tailgate.yml at the top of the checkout)
  --no-workflow         write the suite alone
  --no-try              send no request of the suite
  --yes                 ask nothing; so it is without a terminal, and where CI is set
  --force               write over files that are there
  --json                print what was found and chosen on stdout

Reads manifests, OpenAPI documents, Triton's model repositories and workflows. Asks the endpoint at most ten small
questions (GET, four seconds each), and sends one request of the suite to see that it is answered.
Exit codes: ${EXIT.pass} written · ${EXIT.input} wrong input, or files are there already; nothing is written · ${EXIT.undecided} written, but the endpoint did not
answer the suite's request · ${EXIT.cancelled} cancelled`,
  run: async (invocation) => {
    const { args, environment, signal, stdout, stderr } = invocation;
    const { values } = parseArguments(
      args,
      {
        endpoint: { type: "string" },
        protocol: { type: "string" },
        model: { type: "string" },
        header: { type: "string", multiple: true },
        suite: { type: "string" },
        workflow: { type: "string" },
        "no-workflow": { type: "boolean" },
        "no-try": { type: "boolean" },
        yes: { type: "boolean" },
        force: { type: "boolean" },
        json: { type: "boolean" },
      },
      [],
    );
    if (values.workflow !== undefined && values["no-workflow"] === true) {
      throw new InputError("--workflow and --no-workflow contradict each other", { hint: "leave one of them out" });
    }
    // Most calls of the program are not this one: it is loaded when it is wanted.
    const { initRepository } = await import("../init/init-repository.ts");
    const { openQuestioner } = await import("../io/init/questioner.ts");
    const asks = values.yes !== true && values.json !== true && process.stdin.isTTY && isInteractive(stderr, environment);
    const person = asks ? openQuestioner(process.stdin, stderr, signal) : undefined;
    const folder = process.cwd();
    const tell = (line: string) => stderr.write(`  ${plainLine(line)}\n`);
    try {
      const done = await initRepository({
        folder,
        suite: join(folder, values.suite ?? SUITE_FILE),
        workflow: values["no-workflow"] === true ? "none" : values.workflow === undefined ? "usual" : { path: values.workflow },
        endpoint: values.endpoint,
        protocol: protocolOf(values.protocol),
        model: modelOf(values.model),
        headers: headersOf(values.header ?? []),
        tries: values["no-try"] !== true,
        force: values.force === true,
        environment,
        signal,
        person,
        tell,
      });
      if (values.json === true) stdout(`${JSON.stringify(summaryOf(done), null, 2)}\n`);
      return tellResult(done, stderr, relative(folder, join(folder, values.suite ?? SUITE_FILE)));
    } catch (error) {
      if (signal.aborted || person?.isCancelled() === true) return EXIT.cancelled;
      throw error;
    } finally {
      person?.close();
    }
  },
};

type Done = Awaited<ReturnType<typeof import("../init/init-repository.ts").initRepository>>;

/** What a program may want to know. */
const summaryOf = ({ target, requests, tried, preview, reasons, written }: Done) => ({
  schema: 1,
  protocol: target.protocol,
  model: target.model ?? null,
  server: target.server?.name ?? null,
  requests,
  answered: tried?.answered ?? null,
  preview: preview?.kind ?? null,
  reasons,
  written,
});

function tellResult({ written, tried, endpoint, requests }: Done, stderr: Invocation["stderr"], suite: string): number {
  if (written.length === 0) {
    stderr.write("nothing was written\n");
    return EXIT.pass;
  }
  stderr.write(`wrote ${written.join(" and ")}\n`);
  if (endpoint !== undefined) stderr.write(`the endpoint was sent ${requests} ${requests === 1 ? "request" : "requests"}\n`);
  if (tried?.answered === false) {
    stderr.write(
      `the endpoint did not answer the suite's request: ${plainLine(tried.reason)}; mend target and payloads in ${suite}, then: tailgate run ${suite} --quick\n`,
    );
    return EXIT.undecided;
  }
  if (tried !== undefined) stderr.write(`a request of the suite was answered in ${Number((1000 * tried.tookS).toPrecision(2))} ms\n`);
  const at = endpoint === undefined ? "URL" : withoutPassword(endpoint);
  stderr.write(`next: tailgate run ${suite} --endpoint ${at} --quick\n`);
  return EXIT.pass;
}

function withoutPassword(endpoint: string): string {
  const url = new URL(endpoint);
  return url.password === "" ? endpoint : endpoint.replace(/\/\/[^/]*@/, "//***@");
}

function protocolOf(written: string | undefined): ProtocolName | undefined {
  const known = PROTOCOLS.find((name) => name === written);
  if (written === undefined || known !== undefined) return known;
  throw new InputError(`--protocol: ${JSON.stringify(written)} is not known here`, { hint: suggest(written, PROTOCOLS) });
}

function modelOf(written: string | undefined): string | undefined {
  if (written === undefined || isName(written)) return written;
  throw new InputError("--model: this cannot be the name of a model", { hint: "one line, at most 200 characters, without ${" });
}

const CREDENTIALS = /^(authorization|proxy-authorization|cookie|(x-)?api-?key|x-auth-token)$/i;

/** @throws {InputError} for what is no header, and for a credential that would be written into a file. */
function headersOf(written: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    written.map((header) => {
      const [, name, value] = /^([^:\s]+):\s*(.+)$/.exec(header) ?? [];
      if (name === undefined || value === undefined)
        throw new InputError("--header needs a name and a value", { hint: 'write --header "x-tenant: preview"' });
      if (CREDENTIALS.test(name) && !value.includes("${env:")) {
        const hint = `keep it in the environment: --header '${name}: \${env:API_TOKEN}'`;
        throw new InputError(`--header ${name}: the value would be written into the suite, for everybody to read`, { hint });
      }
      return [name, value];
    }),
  );
}
