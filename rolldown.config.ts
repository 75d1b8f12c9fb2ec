import { basename } from "node:path";
import { decode, encode, type SourceMapMappings } from "@jridgewell/sourcemap-codec";
import { defineConfig, type Plugin } from "rolldown";
import licensePlugin, { type Dependency, type Options } from "rollup-plugin-license";

/** The processes and threads that start from a file of their own: source → dist/<same name>.js. */
const PROGRAMS = ["src/action.ts", "src/run-action.ts", "src/cli.ts", "src/run-cli.ts"];
const CHILDREN = [
  "src/io/load/pacer-worker.ts",
  "src/io/load/sender-worker.ts",
  "src/io/load/reference-server-worker.ts",
  "src/io/telemetry/sampler-worker.ts",
  "src/io/demo/demo-server.ts",
];

/** Licences that ask for their text and nothing else. One that is not here stops the build until a person has read it. */
const LICENCES = "(MIT OR ISC OR Apache-2.0 OR BSD-2-Clause OR BSD-3-Clause OR 0BSD OR BlueOak-1.0.0 OR Zlib OR Unlicense)";

// The package is CommonJS and its types describe an ES module: the default import *is* the function.
const license = licensePlugin as unknown as (options: Options) => Plugin;

const nameOf = (file: string) => basename(file, ".ts");
const isVendor = (id: string) => /[\\/]node_modules[\\/]/.test(id);

/**
 * dist/: what the action and the command run. Own code and dependencies lie in separate files with fixed names, not
 * minified, so that a reviewer sees in a diff of dist what changed in the source, and `vendor.js` moves only with the lockfile.
 */
export default defineConfig({
  input: Object.fromEntries([...PROGRAMS, ...CHILDREN].map((file) => [nameOf(file), file])),
  platform: "node",
  plugins: [withoutStreamingBinary(), realZlib(), licenceTexts(), mapsOfOwnCode()],
  output: {
    dir: "dist",
    cleanDir: true,
    format: "esm",
    minify: false,
    // Shortened names between chunks would shift with every new export, and every diff of dist with them.
    minifyInternalExports: false,
    entryFileNames: "[name].js",
    chunkFileNames: "[name].js",
    sourcemap: true,
    // The sources are in the same checkout: a map needs their names, not their text.
    sourcemapExcludeSources: true,
    codeSplitting: {
      groups: [
        { name: "vendor", test: isVendor, tags: ["$initial"], priority: 2 },
        // What only an `import()` reaches: the artifact client, 4 MB that only its users load, and what draws the report.
        { name: lazyVendor, debugName: "dependencies loaded on demand", test: isVendor, priority: 1 },
        { name: ownChunk, debugName: "own code", test: /[\\/]src[\\/]/, tags: ["$initial"] },
      ],
    },
  },
});

/** Dependencies that only the pictures of the report need lie by themselves: whoever runs no gate does not load them. */
function lazyVendor(id: string, graph: ModuleGraph): string {
  const own = new Set<string>();
  const seen = new Set<string>();
  const climb = (module: string) => {
    if (seen.has(module)) return;
    seen.add(module);
    if (!isVendor(module)) own.add(module.replaceAll("\\", "/"));
    else for (const importer of graph.getModuleInfo(module)?.importers ?? []) climb(importer);
  };
  climb(id);
  return [...own].every((module) => module.includes("/src/core/report/charts/")) ? "vendor-pictures" : "vendor-lazy";
}

type ModuleGraph = { getModuleInfo(id: string): { importers: string[] } | null };

/**
 * One chunk for the programs; none of it is loaded by a child that needs two functions of it: what a child shares with
 * a program is a chunk of its own, and what only a child needs stays with the child.
 */
function ownChunk(id: string, graph: ModuleGraph): string | null {
  const starts = new Set<string>();
  const seen = new Set<string>();
  const climb = (module: string) => {
    if (seen.has(module)) return;
    seen.add(module);
    const file = module.replaceAll("\\", "/");
    const start = [...PROGRAMS, ...CHILDREN].find((entry) => file.endsWith(`/${entry}`));
    if (start !== undefined) starts.add(start);
    for (const importer of graph.getModuleInfo(module)?.importers ?? []) climb(importer);
  };
  climb(id);
  if ([...PROGRAMS, ...CHILDREN].some((entry) => id.replaceAll("\\", "/").endsWith(`/${entry}`))) return null;
  const children = CHILDREN.filter((child) => starts.has(child));
  if (children.length === 0) return "tailgate";
  return starts.size === 1 ? null : "shared";
}

/**
 * hdr-histogram-js hides Node's zlib from bundlers behind `eval('require("zlib")')`; in an ES module that throws, and
 * the library falls back to another, slower deflate without a word. Sources and dist must write the same bytes.
 */
function realZlib(): Plugin {
  return {
    name: "real-zlib",
    transform: {
      filter: { id: /hdr-histogram-js[\\/]dist[\\/]JsHistogram\.encoding\.js$/ },
      handler(code) {
        const plain = code.replaceAll(/eval\('require\("zlib"\)\.(\w+)'\)/g, 'require("node:zlib").$1');
        if (plain === code) this.error("hdr-histogram-js no longer hides zlib behind eval: remove this plugin");
        return { code: plain, map: null };
      },
    },
  };
}

/**
 * @actions/artifact → unzip-stream → binary → buffers: a package of 2011 without any licence. Only binary's streaming
 * parser calls it (and chainsaw); unzip-stream never does, it uses `binary.parse`. Both stay out of what we distribute.
 */
function withoutStreamingBinary(): Plugin {
  const standIn = "\0not-bundled";
  return {
    name: "without-streaming-binary",
    resolveId: {
      filter: { id: /^(buffers|chainsaw)$/ },
      handler: (_, importer) => (importer !== undefined && /[\\/]binary[\\/]index\.js$/.test(importer) ? standIn : null),
    },
    load: {
      filter: { id: /^\0not-bundled$/ },
      handler: () => 'module.exports = () => { throw new Error("the streaming parser of binary is not bundled"); };',
    },
  };
}

/**
 * Source maps for own code only, one position per line: all that a stack trace of unminified code needs, at an eighth
 * of the size. The maps of the dependencies would weigh more than the dependencies.
 */
function mapsOfOwnCode(): Plugin {
  return {
    name: "maps-of-own-code",
    generateBundle(_, bundle) {
      for (const [fileName, file] of Object.entries(bundle)) {
        if (file.type === "chunk" && fileName.startsWith("vendor")) {
          file.code = file.code.replace(/\/\/# sourceMappingURL=\S+\s*$/, "");
          delete bundle[`${fileName}.map`];
        } else if (file.type === "asset" && fileName.endsWith(".map")) {
          const map = JSON.parse(String(file.source)) as { names: string[]; mappings: string };
          const lines = decode(map.mappings).map((segments) =>
            segments.slice(0, 1).map(([column, ...position]) => [column, ...position.slice(0, 3)]),
          );
          file.source = JSON.stringify({ ...map, names: [], mappings: encode(lines as SourceMapMappings) });
        }
      }
    },
  };
}

/** dist/licenses.txt: name, version and licence text of everything bundled, in order of name. */
function licenceTexts(): Plugin[] {
  let text = "";
  const collect = license({
    thirdParty: {
      allow: { test: LICENCES, failOnUnlicensed: true, failOnViolation: true },
      output: (dependencies) => {
        text = [...dependencies]
          .sort(byName)
          .map(licenceOf)
          .join(`\n${"-".repeat(80)}\n\n`);
      },
    },
  });
  return [
    collect,
    {
      name: "licence-texts",
      generateBundle() {
        this.emitFile({ type: "asset", fileName: "licenses.txt", source: text });
      },
    },
  ];
}

const byName = (a: Dependency, b: Dependency) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1);

const licenceOf = ({ name, version, license: spdx, licenseText, noticeText }: Dependency) =>
  [
    `${name} ${version} (${spdx})`,
    "",
    licenseText?.trim() ?? "No licence text in the package.",
    ...(noticeText ? ["", noticeText.trim()] : []),
    "",
  ]
    .join("\n")
    .replaceAll("\r\n", "\n");
