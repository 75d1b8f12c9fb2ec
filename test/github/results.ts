import { createHash } from "node:crypto";
import type { Answer } from "./rest/handler.ts";
import type { GitHubState } from "./state.ts";

/** An artifact between CreateArtifact and FinalizeArtifact. */
type Upload = {
  readonly name: string;
  readonly runId: number;
  readonly expiresAt: string;
  content: Buffer | undefined;
  readonly blocks: Map<string, Buffer>;
};

/** How long the repository keeps an artifact that does not say: 90 days. */
const RETENTION_MS = 90 * 86_400_000;

/** Protocol buffers as JSON: wrapped strings, 64-bit numbers and times are strings. */
type Fields = Readonly<Record<string, string>>;

/** What each call must and may carry, as the client's own protocol buffers name it. */
const FIELDS: Readonly<Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>> = {
  CreateArtifact: {
    required: ["workflow_run_backend_id", "workflow_job_run_backend_id", "name", "version"],
    optional: ["expires_at", "mime_type"],
  },
  FinalizeArtifact: { required: ["workflow_run_backend_id", "workflow_job_run_backend_id", "name", "size"], optional: ["hash"] },
  ListArtifacts: { required: ["workflow_run_backend_id", "workflow_job_run_backend_id"], optional: ["name_filter", "id_filter"] },
  GetSignedArtifactURL: { required: ["workflow_run_backend_id", "workflow_job_run_backend_id", "name"], optional: [] },
  DeleteArtifact: { required: ["workflow_run_backend_id", "workflow_job_run_backend_id", "name"], optional: [] },
};

/** The part of a runner's environment that the artifact client reads its identity from: an unsigned token. */
export function runtimeToken(runId: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none", typ: "JWT" })}.${part({ scp: `Actions.ExampleScope Actions.Results:run-${runId}:job-${runId}` })}.`;
}

/** The Actions results service (twirp, JSON) and the blob storage behind it, for one repository. */
export function resultsService(state: GitHubState, url: string, violations: string[]) {
  const uploads = new Map<string, Upload>();
  const failed = (status: number, code: string, msg: string): Answer => ({ status, body: { code, msg } });

  const methods: Readonly<Record<string, (fields: Fields, runId: number) => Answer>> = {
    CreateArtifact(fields, runId) {
      const name = fields["name"] ?? "";
      if (state.artifacts.some((artifact) => artifact.runId === runId && artifact.name === name)) {
        return failed(409, "already_exists", "an artifact with this name already exists on the workflow run");
      }
      const id = `upload-${state.nextId()}`;
      uploads.set(id, {
        name,
        runId,
        expiresAt: fields["expires_at"] ?? new Date(Date.now() + RETENTION_MS).toISOString().replace(/\.\d+Z$/, "Z"),
        content: undefined,
        blocks: new Map(),
      });
      return {
        status: 200,
        body: { ok: true, signed_upload_url: `${url}/storage/uploads/${id}?sig=upload&se=2100-01-01T00%3A00%3A00Z&sp=rw` },
      };
    },
    FinalizeArtifact(fields, runId) {
      const entry = [...uploads].findLast(([, upload]) => upload.runId === runId && upload.name === fields["name"]);
      if (entry?.[1].content === undefined) return failed(404, "not_found", "nothing was uploaded under this name");
      const [id, { name, content, expiresAt }] = entry as [string, Upload & { content: Buffer }];
      const digest = `sha256:${createHash("sha256").update(content).digest("hex")}`;
      if (Number(fields["size"]) !== content.length) violations.push(`FinalizeArtifact: size ${fields["size"]}, stored ${content.length}`);
      if (fields["hash"] !== undefined && fields["hash"] !== digest)
        violations.push(`FinalizeArtifact: hash ${fields["hash"]}, stored ${digest}`);
      uploads.delete(id);
      const artifact = state.addArtifact({ name, runId, content, expiresAt });
      return { status: 200, body: { ok: true, artifact_id: String(artifact.id) } };
    },
    ListArtifacts(fields, runId) {
      const found = state.artifacts.filter(
        ({ id, name, runId: of }) =>
          of === runId && (fields["name_filter"] ?? name) === name && (fields["id_filter"] ?? String(id)) === String(id),
      );
      const artifacts = found.map(({ id, name, content, createdAt, digest }) => ({
        workflow_run_backend_id: `run-${runId}`,
        workflow_job_run_backend_id: `job-${runId}`,
        database_id: String(id),
        name,
        size: String(content.length),
        created_at: createdAt,
        digest,
      }));
      return { status: 200, body: { artifacts } };
    },
    GetSignedArtifactURL(fields, runId) {
      const artifact = state.artifacts.findLast(({ name, runId: of }) => of === runId && name === fields["name"]);
      if (artifact === undefined) return failed(404, "not_found", "artifact not found");
      return { status: 200, body: { signed_url: `${url}/storage/downloads/${artifact.id}.zip?sig=download` } };
    },
    DeleteArtifact(fields, runId) {
      const artifact = state.artifacts.findLast(({ name, runId: of }) => of === runId && name === fields["name"]);
      if (artifact === undefined) return failed(404, "not_found", "artifact not found");
      state.artifacts.splice(state.artifacts.indexOf(artifact), 1);
      return { status: 200, body: { ok: true, artifact_id: String(artifact.id) } };
    },
  };

  return {
    /** `POST /twirp/github.actions.results.api.v1.ArtifactService/METHOD` */
    call(path: string, authorization: string, body: string): Answer {
      const method = path.split("/").at(-1) ?? "";
      const handler = methods[method];
      const fieldNames = FIELDS[method];
      if (!path.startsWith("/twirp/github.actions.results.api.v1.ArtifactService/") || handler === undefined || fieldNames === undefined) {
        violations.push(`${path} is not a call of the artifact service`);
        return failed(404, "bad_route", "no such method");
      }
      const fields = JSON.parse(body) as Fields;
      for (const name of fieldNames.required) if (!(name in fields)) violations.push(`${method}: ${name} is missing`);
      for (const name of Object.keys(fields)) {
        if (!fieldNames.required.includes(name) && !fieldNames.optional.includes(name))
          violations.push(`${method}: ${name} is not described`);
      }
      const runId = Number(/^run-(\d+)$/.exec(fields["workflow_run_backend_id"] ?? "")?.[1]);
      if (authorization !== `Bearer ${runtimeToken(runId)}`) return failed(401, "unauthenticated", "the runtime token is not of this run");
      return handler(fields, runId);
    },

    /** Blob storage: what Azure answers to a block upload, and downloads. */
    storage(method: string, path: string, query: URLSearchParams, body: Buffer): Answer & { readonly content?: Buffer } {
      const [, , container, name = ""] = path.split("/");
      if (container === "downloads") {
        const artifact = state.artifacts.find(({ id }) => `${id}.zip` === name);
        if (method !== "GET" || artifact === undefined || query.get("sig") !== "download") return { status: 403 };
        return {
          status: 200,
          content: artifact.content,
          headers: { "content-type": "application/zip", "content-disposition": `attachment; filename="${artifact.name}.zip"` },
        };
      }
      const upload = uploads.get(name);
      if (method !== "PUT" || upload === undefined || query.get("sig") !== "upload") return { status: 403 };
      const comp = query.get("comp");
      if (comp === "block") upload.blocks.set(query.get("blockid") ?? "", body);
      else if (comp === "blocklist") {
        const ids = [...body.toString("utf8").matchAll(/<(?:Latest|Uncommitted|Committed)>([^<]+)</g)].map(([, id]) => id ?? "");
        for (const id of ids) if (!upload.blocks.has(id)) violations.push(`storage: block ${id} was never sent`);
        upload.content = Buffer.concat(ids.map((id) => upload.blocks.get(id) ?? Buffer.alloc(0)));
      } else upload.content = body;
      return {
        status: 201,
        headers: { etag: '"0x1"', "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT", "x-ms-request-id": "1", "x-ms-version": "2026-01-01" },
      };
    },
  };
}
