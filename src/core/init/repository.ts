import { InputError } from "../errors.ts";
import { readDocument } from "../suite/document.ts";
import { SERVERS, type Server } from "./servers.ts";
import { type TritonModel, tritonModel } from "./triton-config.ts";
import { type WorkflowFacts, workflowFacts } from "./workflow-facts.ts";

/** What the files of a repository say about the endpoint that it builds. Everything here is text from outside. */
export type RepositoryFindings = {
  /** The most special server first; `where` says what names it: `requirements.txt names vllm`. */
  readonly servers: readonly { readonly server: Server; readonly where: string }[];
  /** An OpenAPI document in the repository. */
  readonly openapi: { readonly path: string; readonly document: unknown } | undefined;
  readonly models: readonly TritonModel[];
  readonly dockerfile: { readonly path: string; readonly port: number | undefined } | undefined;
  readonly workflows: readonly WorkflowFacts[];
  /** Suites that are there already. */
  readonly suites: readonly string[];
};

/** Names of files worth reading, at any depth that the reader goes to. */
export const WORTH_READING =
  /(^|\/)(requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|setup\.cfg|environment\.ya?ml|package\.json|Dockerfile[\w.-]*|[\w.-]*\.Dockerfile|(docker-)?compose[\w.-]*\.ya?ml|bentofile\.ya?ml|config\.pbtxt|model-settings\.json|openapi\.(json|ya?ml)|tailgate\.ya?ml|suite\.ya?ml)$|^\.github\/workflows\/[^/]+\.ya?ml$/;

/**
 * @param files contents by path, with forward slashes, relative to the repository; files that cannot be read as what
 *   they should be are passed over: a repository may hold broken files, and this is no linter.
 */
export function inspectRepository(files: ReadonlyMap<string, string>): RepositoryFindings {
  const entries = [...files].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
  const named = (pattern: RegExp) => entries.filter(([path]) => pattern.test(path));
  const found = SERVERS.flatMap((server) => {
    const where = entries.map(([path, text]) => mention(server, path, text)).find((mentioned) => mentioned !== undefined);
    return where === undefined ? [] : [{ server, where }];
  });
  const models = named(/(^|\/)(config\.pbtxt|model-settings\.json)$/).flatMap(([path, text]) => modelOf(path, text) ?? []);
  const triton = SERVERS.find(({ name }) => name === "Triton")!;
  const config = models.find(({ path }) => path.endsWith("config.pbtxt"));
  const servers =
    config === undefined || found.some(({ server }) => server === triton)
      ? found
      : [{ server: triton, where: `${config.path} is of a Triton model repository` }, ...found];
  const dockerfile = named(/(^|\/)Dockerfile$/)[0];
  return {
    servers,
    openapi: named(/(^|\/)openapi\.(json|ya?ml)$/)
      .map(([path, text]) => ({ path, document: dataOf(path, text) }))
      .find(({ document }) => typeof document === "object" && document !== null && "paths" in document),
    models,
    dockerfile: dockerfile === undefined ? undefined : { path: dockerfile[0], port: exposedPort(dockerfile[1]) },
    workflows: named(/^\.github\/workflows\//).map(([path, text]) => workflowFacts(path, dataOf(path, text))),
    suites: named(/(^|\/)(tailgate|suite)\.ya?ml$/).flatMap(([path, text]) => (isSuite(dataOf(path, text)) ? [path] : [])),
  };
}

const depth = (path: string): number => path.split("/").length;

function mention(server: Server, path: string, text: string): string | undefined {
  const file = path.split("/").at(-1) ?? path;
  if (/^(Dockerfile|.*\.Dockerfile$|(docker-)?compose)/.test(file)) {
    const image = server.image === undefined ? null : server.image.exec(withoutComments(text));
    return image === null ? undefined : `${path} uses ${image[0]}`;
  }
  if (file.startsWith("bentofile.")) return server.name === "BentoML" ? `there is ${path}` : undefined;
  const listed =
    file === "package.json"
      ? npmPackages(path, text)
      : /^(requirements|pyproject|Pipfile|setup|environment)/.test(file)
        ? pythonPackages(text)
        : undefined;
  const name = listed && server.packages.find((known) => listed.has(known));
  return name === undefined ? undefined : `${path} names ${name}`;
}

function npmPackages(path: string, text: string): ReadonlySet<string> {
  const { dependencies } = Object(dataOf(path, text)) as { readonly dependencies?: unknown };
  return new Set(Object.keys(Object(dependencies) as object));
}

/** Names at the beginning of a line, of a quoted string, or of a list item, up to a version: all forms in which Python lists packages. */
function pythonPackages(text: string): ReadonlySet<string> {
  const names = withoutComments(text).matchAll(/(?:^|["'])\s*(?:-\s+)?([A-Za-z][\w.-]*(?:\[[\w,-]+\])?)\s*(?=[<>=!~;,"'\s@]|$)/gm);
  return new Set(
    [...names].flatMap(([, name = ""]) => {
      const normal = name.toLowerCase().replaceAll("_", "-");
      // `uvicorn[standard]` is uvicorn as well.
      return [normal, normal.replace(/\[.*\]$/, "")];
    }),
  );
}

const withoutComments = (text: string): string => text.replace(/(^|\s)#.*$/gm, "$1");

function exposedPort(dockerfile: string): number | undefined {
  const port = Number(/^\s*EXPOSE\s+(\d{1,5})/im.exec(dockerfile)?.[1]);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function modelOf(path: string, text: string): TritonModel | undefined {
  if (path.endsWith(".pbtxt")) return tritonModel(path, text);
  const { name } = Object(dataOf(path, text)) as { readonly name?: unknown };
  return typeof name === "string" && name !== "" ? { name, path, tensors: undefined } : undefined;
}

const isSuite = (value: unknown): boolean => typeof value === "object" && value !== null && "target" in value && "scenarios" in value;

/** JSON is YAML as well. Undefined for a file that is neither. */
function dataOf(path: string, text: string): unknown {
  try {
    return path.endsWith(".json") ? (JSON.parse(text) as unknown) : readDocument(text, path).value();
  } catch (error) {
    if (error instanceof InputError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
