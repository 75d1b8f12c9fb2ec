import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * Prints what dist/ is made of, as CycloneDX 1.5 in JSON: the packages of dist/licenses.txt, in the versions and with the
 * hashes of the lockfile.
 *
 * `npm sbom --omit=dev` would be one command, and leaves out what a development dependency needs as well (npm 11.19).
 */
type Component = { readonly "bom-ref": string; readonly name: string; readonly version: string };
type Bill = {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn?: readonly string[] }[];
};

const bill = JSON.parse(
  execFileSync("npm", ["sbom", "--package-lock-only", "--sbom-format=cyclonedx"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }),
) as Bill;
const licences = readFileSync("dist/licenses.txt", "utf8");
const bundled = new Set([...licences.matchAll(/^(\S+ \d\S*) \([^)]+\)$/gm)].map(([, name = ""]) => name));
const components = bill.components.filter(({ name, version }) => bundled.has(`${name} ${version}`));
const named = new Set(components.map(({ name, version }) => `${name} ${version}`));
const unknown = [...bundled].filter((name) => !named.has(name));
if (bundled.size === 0 || unknown.length > 0) throw new Error(`dist/licenses.txt and the lockfile differ: ${unknown.join(", ")}`);

const { component } = bill.metadata;
const kept = new Set([component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
const dependencies = bill.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
// npm calls the project like its folder.
const metadata = { ...bill.metadata, component: { ...component, name: "tailgate" } };
process.stdout.write(`${JSON.stringify({ ...bill, metadata, components, dependencies }, null, 2)}\n`);
