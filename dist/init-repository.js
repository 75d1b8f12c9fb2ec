import { InputError, USUAL_ROUTE, explain, isTimeout, joinPath, protocols, readAddress } from "./shared.js";
import { PROTOCOL_FACTS, ask, endpointClass, isName, makePlan, namesIn, parseSuite, readDefaultBranch, readDocument, readTopFolder, redact, resolveEnvironment, suiteDigest, writeFileAtomic } from "./tailgate.js";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { readFile, readdir, stat } from "node:fs/promises";

// src/core/init/servers.ts
const openai = {
	protocol: "openai-chat",
	ready: "/health",
	needsGpu: true
};
/**
* Most special first: a program that serves through FastAPI names FastAPI as well.
*
* Sources: names of series as in `core/telemetry`, by the expositions of these servers; files by their usual set-up;
* ports are the defaults of their command lines.
*/
const SERVERS = [
	{
		...openai,
		name: "vLLM",
		port: 8e3,
		packages: ["vllm"],
		image: /\bvllm\/vllm-openai\b|\bvllm serve\b|vllm\.entrypoints/,
		series: ["vllm:", "ray_vllm"],
		telemetry: "vllm"
	},
	{
		...openai,
		name: "SGLang",
		port: 3e4,
		packages: ["sglang"],
		image: /\blmsysorg\/sglang\b|sglang\.launch_server/,
		series: ["sglang:"],
		telemetry: "sglang"
	},
	{
		...openai,
		name: "TGI",
		port: 80,
		packages: ["text-generation-server", "text-generation-inference"],
		image: /text-generation-inference|text-generation-launcher/,
		series: ["tgi_"],
		telemetry: "tgi"
	},
	{
		...openai,
		name: "TensorRT-LLM",
		port: 8e3,
		packages: ["tensorrt-llm", "tensorrt_llm"],
		image: /\btrtllm-serve\b|tensorrt-llm\/release/,
		series: ["trtllm_"],
		telemetry: "tensorrt-llm"
	},
	{
		...openai,
		name: "llama.cpp",
		port: 8080,
		packages: ["llama-cpp-python"],
		image: /ggml-org\/llama\.cpp|\bllama-server\b/,
		series: ["llamacpp:"],
		telemetry: "llama.cpp",
		needsGpu: false
	},
	{
		name: "Triton",
		protocol: "kserve-v2",
		port: 8e3,
		packages: [],
		image: /nvcr\.io\/nvidia\/tritonserver|\btritonserver\b/,
		series: ["nv_inference_"],
		telemetry: "triton",
		ready: "/v2/health/ready",
		needsGpu: true
	},
	{
		name: "MLServer",
		protocol: "kserve-v2",
		port: 8080,
		packages: ["mlserver"],
		image: /seldonio\/mlserver|\bmlserver start\b/,
		series: ["mlserver_", "model_infer_request"],
		telemetry: void 0,
		ready: "/v2/health/ready",
		needsGpu: false
	},
	{
		name: "KServe",
		protocol: "kserve-v2",
		port: 8080,
		packages: ["kserve"],
		image: /\bkserve\/|-m kserve/,
		series: [],
		telemetry: void 0,
		ready: "/v2/health/ready",
		needsGpu: false
	},
	{
		name: "TorchServe",
		protocol: "torchserve",
		port: 8080,
		packages: ["torchserve"],
		image: /\bpytorch\/torchserve\b|\btorchserve\b/,
		series: ["ts_"],
		telemetry: "torchserve",
		ready: "/ping",
		needsGpu: false
	},
	{
		name: "TensorFlow Serving",
		protocol: "tf-serving",
		port: 8501,
		packages: ["tensorflow-serving-api"],
		image: /\btensorflow\/serving\b|\btensorflow_model_server\b/,
		series: [":tensorflow:"],
		telemetry: "tf-serving",
		ready: void 0,
		needsGpu: false
	},
	web("BentoML", 3e3, ["bentoml"], /\bbentoml serve\b|\bbentoml\//, {
		series: ["bentoml_"],
		ready: "/readyz"
	}),
	web("Ray Serve", 8e3, ["ray[serve]", "ray"], /\bserve run\b|\brayproject\/ray\b/, {
		series: ["ray_serve_"],
		telemetry: "ray-serve",
		ready: "/-/healthz"
	}),
	web("LitServe", 8e3, ["litserve"], void 0, { ready: "/health" }),
	web("FastAPI", 8e3, ["fastapi"], /\buvicorn\b|\bfastapi run\b/),
	web("Flask", 5e3, ["flask"], /\bflask run\b/),
	web("Express", 3e3, ["express"], void 0),
	web("Fastify", 3e3, ["fastify"], void 0)
];
/** Any web framework: what it serves is known only from its OpenAPI document, or not at all. */
function web(name, port, packages, image, { series = [], telemetry, ready } = {}) {
	return {
		name,
		protocol: "raw",
		port,
		packages,
		image,
		series,
		telemetry,
		ready,
		needsGpu: false
	};
}

// src/core/init/tensors.ts
/** Where a model takes any length: long enough to be work, short enough for every model. */
const ANY_LENGTH = 128;
const LARGEST_ELEMENTS = 4e6;
const DATATYPES = [
	"BOOL",
	"UINT8",
	"UINT16",
	"UINT32",
	"UINT64",
	"INT8",
	"INT16",
	"INT32",
	"INT64",
	"FP16",
	"FP32",
	"FP64",
	"BYTES"
];
/**
* @param shape sizes, −1 (or anything below 1) for any: one for the first, which is the batch, and 128 for others.
* @returns undefined for what is no tensor that a suite could send.
*/
function foundTensor(name, shape, datatype) {
	if (typeof name !== "string" || name === "" || typeof datatype !== "string" || !DATATYPES.includes(datatype)) return void 0;
	if (!Array.isArray(shape) || shape.length > 8 || !shape.every((size) => Number.isInteger(Number(size)))) return void 0;
	const isText = datatype === "BYTES";
	const sizes = shape.map((size, i) => Number(size) >= 1 ? Number(size) : i === 0 || isText ? 1 : ANY_LENGTH);
	if (sizes.reduce((product, size) => product * size, 1) > LARGEST_ELEMENTS) return void 0;
	const guessed = shape.some((size, i) => Number(size) < 1 && i > 0);
	return {
		name,
		shape: sizes.length === 0 ? [1] : sizes,
		datatype,
		guessed
	};
}
/** All inputs of a model, or undefined where one of them cannot be sent. */
function allTensors(inputs) {
	const known = inputs.filter((input) => input !== void 0);
	return known.length > 0 && known.length === inputs.length ? known : void 0;
}
/** The answer of `GET /v2/models/NAME`: kserve/open-inference-protocol, inference_rest.md, "Model Metadata". */
function kserveTensors(metadata) {
	const { inputs } = Object(metadata);
	if (!Array.isArray(inputs)) return void 0;
	return allTensors(inputs.map((input) => {
		const { name, shape, datatype } = Object(input);
		return foundTensor(name, shape, datatype);
	}));
}
const TENSORFLOW = {
	DT_BOOL: "BOOL",
	DT_UINT8: "UINT8",
	DT_UINT16: "UINT16",
	DT_UINT32: "UINT32",
	DT_UINT64: "UINT64",
	DT_INT8: "INT8",
	DT_INT16: "INT16",
	DT_INT32: "INT32",
	DT_INT64: "INT64",
	DT_HALF: "FP16",
	DT_FLOAT: "FP32",
	DT_DOUBLE: "FP64",
	DT_STRING: "BYTES"
};
/** The answer of `GET /v1/models/NAME/metadata`: tensorflow/serving, g3doc/api_rest.md. Of several signatures the default one. */
function tensorflowTensors(answer) {
	const at = (value, key) => Object(value)[key];
	const inputs = at(at(at(at(at(answer, "metadata"), "signature_def"), "signature_def"), "serving_default"), "inputs");
	if (typeof inputs !== "object" || inputs === null) return void 0;
	return allTensors(Object.entries(inputs).map(([name, input]) => {
		const dim = at(at(input, "tensor_shape"), "dim");
		return foundTensor(name, Array.isArray(dim) ? dim.map((one) => Number(at(one, "size"))) : [], TENSORFLOW[String(at(input, "dtype"))]);
	}));
}

// src/core/init/endpoint.ts
/** Asked of every endpoint, at once. */
const FIRST_QUESTIONS = [
	"/v1/models",
	"/v2/health/ready",
	"/openapi.json",
	"/ping",
	"/metrics"
].map((path) => ({ path }));
const MANAGEMENT = {
	path: "/models",
	port: 8081
};
const DCGM = {
	path: "/metrics",
	port: 9400
};
const TRITON_METRICS = {
	path: "/metrics",
	port: 8002
};
const TORCHSERVE_METRICS = {
	path: "/metrics",
	port: 8082
};
const TRTLLM_METRICS = { path: "/prometheus/metrics" };
const TENSORFLOW_METRICS = { path: "/monitoring/prometheus/metrics" };
/**
* What else to ask, once the first answers are known: at most four questions.
*
* @param isNear whether the endpoint is on this machine or in its network: only there are other ports asked.
*/
function furtherQuestions(heard, { model, isNear }) {
	const spoken = spokenProtocols(heard);
	const isOpen = (protocol) => spoken.some((one) => one.protocol === protocol);
	const isOnly = (start) => spoken.length > 0 && spoken.every(({ protocol }) => protocol.startsWith(start));
	return [
		...isNear && seriesOn(heard({ path: "/metrics" })) === void 0 ? [DCGM] : [],
		...isNear && isOpen("kserve-v2") ? [TRITON_METRICS] : [],
		...isNear && isOpen("torchserve") ? [MANAGEMENT] : [],
		...isNear && isOnly("torchserve") ? [TORCHSERVE_METRICS] : [],
		...isOnly("openai-") && seriesOn(heard({ path: "/metrics" })) === void 0 ? [TRTLLM_METRICS] : [],
		...model === void 0 ? [] : isOpen("kserve-v2") ? [kserveModel(model)] : spoken.length === 0 ? [tensorflowModel(model), TENSORFLOW_METRICS] : []
	];
}
/** For a model that became known later. */
const kserveModel = (model) => ({ path: `/v2/models/${encodeURIComponent(model)}` });
const tensorflowModel = (model) => ({ path: `/v1/models/${encodeURIComponent(model)}/metadata` });
/** The ways in which an endpoint can be asked, the most telling first. */
function spokenProtocols(heard, model) {
	const found = [];
	const openai = openaiModels(heard({ path: "/v1/models" }));
	if (openai.length > 0) {
		const why = `GET /v1/models lists ${openai.slice(0, 3).join(", ")}${openai.length > 3 ? ` and ${openai.length - 3} more` : ""}`;
		found.push({
			protocol: openaiProtocol(openai[0], routes(heard({ path: "/openapi.json" }))),
			why,
			models: openai,
			ready: "/v1/models"
		});
	}
	const predict = model === void 0 ? void 0 : tensorflowTensors(json(heard(tensorflowModel(model))));
	if (model !== void 0 && predict !== void 0) {
		const { path } = tensorflowModel(model);
		found.push({
			protocol: "tf-serving",
			why: `GET ${path} describes a signature`,
			models: [model],
			ready: path.replace(/\/metadata$/, "")
		});
	}
	if (isOk(heard({ path: "/v2/health/ready" }))) {
		const models = [
			...kserveNames(heard({ path: "/v1/models" })),
			...seriesModels(heard(TRITON_METRICS)),
			...seriesModels(heard({ path: "/metrics" }))
		];
		found.push({
			protocol: "kserve-v2",
			why: "GET /v2/health/ready answers 2xx",
			models: [...new Set(models)],
			ready: "/v2/health/ready"
		});
	}
	if (/"status"\s*:\s*"(Partial )?Healthy"/i.test(bodyOf(heard({ path: "/ping" })))) {
		const { models } = Object(json(heard(MANAGEMENT)));
		const names = Array.isArray(models) ? models.map((one) => Object(one).modelName) : [];
		found.push({
			protocol: "torchserve",
			why: "GET /ping says Healthy",
			models: names.filter(isName),
			ready: "/ping"
		});
	}
	return found;
}
/** Inputs of a model, where the endpoint describes them. */
function modelTensors(protocol, model, heard) {
	if (protocol === "kserve-v2") return kserveTensors(json(heard(kserveModel(model))));
	return protocol === "tf-serving" ? tensorflowTensors(json(heard(tensorflowModel(model)))) : void 0;
}
/** The OpenAPI document of the endpoint itself, if it has one. */
function openapiOf(heard) {
	const document = json(heard({ path: "/openapi.json" }));
	return typeof document === "object" && document !== null && "paths" in document ? document : void 0;
}
/** Expositions that tailgate can read, and the server whose series they hold. */
function foundMetrics(heard) {
	return [
		{ path: "/metrics" },
		DCGM,
		TRITON_METRICS,
		TORCHSERVE_METRICS,
		TRTLLM_METRICS,
		TENSORFLOW_METRICS
	].flatMap((question) => {
		const seen = seriesOn(heard(question));
		if (seen === void 0) return [];
		if (seen.has("DCGM_")) return [{
			kind: "dcgm",
			question,
			server: void 0
		}];
		const server = SERVERS.find(({ series }) => series.some((prefix) => seen.has(prefix)));
		return server === void 0 ? [] : [{
			kind: server.telemetry,
			question,
			server
		}];
	});
}
/** Beginnings that we know of the names in an exposition; undefined if it is none. */
function seriesOn(heard) {
	if (!isOk(heard)) return void 0;
	const known = ["DCGM_", ...SERVERS.flatMap(({ series }) => series)];
	const lines = bodyOf(heard).split("\n");
	const found = known.filter((prefix) => lines.some((line) => line.startsWith(prefix)));
	return found.length > 0 ? new Set(found) : void 0;
}
function openaiProtocol(model, paths) {
	const has = (end) => paths.some((path) => path.endsWith(end));
	const only = (end) => has(end) && paths.filter((path) => /\/(chat\/completions|completions|embeddings)$/.test(path)).every((path) => path.endsWith(end));
	if (only("/embeddings") || /embed|\bbge\b|\be5\b|\bgte\b|minilm/i.test(model.replaceAll(/[-_/]/g, " "))) return "openai-embeddings";
	return has("/completions") && !has("/chat/completions") ? "openai-completions" : "openai-chat";
}
function openaiModels(heard) {
	const { data } = Object(json(heard));
	return Array.isArray(data) ? data.map((one) => Object(one).id).filter(isName) : [];
}
/** KServe lists `{"models": ["name"]}` where OpenAI has `data`. */
function kserveNames(heard) {
	const { models } = Object(json(heard));
	return Array.isArray(models) ? models.filter(isName) : [];
}
/** Triton names its models in the labels of its own metrics, and nowhere else that a GET can see. */
const seriesModels = (heard) => isOk(heard) ? [...bodyOf(heard).matchAll(/^nv_inference_\w+\{[^}\n]*\bmodel="([^"\n]+)"/gm)].map(([, name]) => name).filter(isName) : [];
const routes = (heard) => Object.keys(Object(Object(json(heard)).paths));
const isOk = (heard) => heard !== void 0 && heard.status >= 200 && heard.status < 300;
const bodyOf = (heard) => heard?.body ?? "";
/** Undefined for anything but a 2xx answer that is JSON. */
function json(heard) {
	if (!isOk(heard)) return void 0;
	try {
		return JSON.parse(bodyOf(heard));
	} catch {
		return;
	}
}

// src/core/init/openapi.ts
const MOST_LEVELS = 8;
/** A document from outside may describe bodies without end. */
const MOST_VALUES = 500;
const MOST_NAMES = 64;
const LONGEST_BODY = 2e4;
const READY = /^\/(health|healthz|readyz|ready|livez|ping|-\/healthz|health\/ready)$/;
/**
* The operation that is most likely an inference: a POST with a JSON body whose path says so, else the first such POST, else
* a GET. Paths with parameters are passed over: nobody can guess them.
*
* @param document OpenAPI 3 as data, from outside. @returns undefined where it describes nothing that can be asked.
*/
function inferenceOperation(document) {
	const posts = operations(document).flatMap(({ path, item }) => {
		const body = bodySchema(document, at(item, "post"));
		return body === void 0 ? [] : [{
			path,
			...body
		}];
	});
	const found = posts.find(({ path }) => /predict|infer|generate|classify|embed|score|rank|detect|transcribe|complet|invocation/i.test(path)) ?? posts[0];
	if (found !== void 0) {
		const body = found.example ?? sample(document, found.schema, {
			level: 0,
			left: { values: MOST_VALUES }
		});
		return {
			method: "POST",
			path: found.path,
			body: JSON.stringify(body).length > LONGEST_BODY ? {} : body
		};
	}
	const get = operations(document).find(({ path, item }) => at(item, "get") !== void 0 && !READY.test(path));
	return get === void 0 ? void 0 : {
		method: "GET",
		path: get.path,
		body: void 0
	};
}
/** A path that says whether the service is up. */
const readyPath = (document) => operations(document).find(({ path, item }) => READY.test(path) && at(item, "get") !== void 0)?.path;
const operations = (document) => Object.entries(Object(at(document, "paths"))).filter(([path]) => /^\/[\w.~!$&'()*+,;=:@%/-]{0,200}$/.test(path) && !path.includes("${")).map(([path, item]) => ({
	path,
	item
}));
function bodySchema(document, operation) {
	const content = at(at(resolved(document, at(operation, "requestBody")), "content"), "application/json");
	const schema = at(content, "schema");
	return schema === void 0 ? void 0 : {
		schema,
		example: at(content, "example")
	};
}
function sample(document, reference, { level: above, left }) {
	const schema = resolved(document, reference);
	const inside = {
		level: above + 1,
		left
	};
	if (above > MOST_LEVELS || --left.values < 0) return null;
	const examples = at(schema, "examples");
	for (const given of [
		at(schema, "example"),
		Array.isArray(examples) ? examples[0] : void 0,
		at(schema, "const"),
		at(schema, "default"),
		first(at(schema, "enum"))
	]) if (given !== void 0 && given !== null) return given;
	const one = first(at(schema, "anyOf")) ?? first(at(schema, "oneOf"));
	if (one !== void 0) return sample(document, one, inside);
	const all = at(schema, "allOf");
	if (Array.isArray(all)) return Object.assign({}, ...all.slice(0, MOST_NAMES).map((part) => Object(sample(document, part, inside))));
	const type = at(schema, "type") ?? (at(schema, "properties") === void 0 ? "string" : "object");
	switch (Array.isArray(type) ? type.find((name) => name !== "null") : type) {
		case "object": return objectSample(document, schema, inside);
		case "array": return Array.from({ length: Math.min(Math.max(Number(at(schema, "minItems") ?? 1), 1), MOST_NAMES) }, () => sample(document, at(schema, "items"), inside));
		case "integer":
		case "number": return Number(at(schema, "minimum") ?? at(schema, "exclusiveMinimum") ?? 0) + (at(schema, "exclusiveMinimum") === void 0 ? 0 : 1);
		case "boolean": return false;
		case "null": return null;
		default: return SAMPLE;
	}
}
const SAMPLE = "The delivery was late, but the support was friendly and quick.";
/** What is required; all that is known where nothing is. */
function objectSample(document, schema, inside) {
	const properties = Object(at(schema, "properties"));
	const required = at(schema, "required");
	const names = Array.isArray(required) && required.length > 0 ? required.filter((name) => typeof name === "string") : Object.keys(properties);
	return Object.fromEntries(names.slice(0, MOST_NAMES).map((name) => [name, sample(document, properties[name], inside)]));
}
function resolved(document, schema) {
	let seen = schema;
	for (let hops = 0; hops < MOST_LEVELS; hops++) {
		const reference = at(seen, "$ref");
		if (typeof reference !== "string" || !reference.startsWith("#/")) return seen;
		seen = reference.slice(2).split("/").reduce((value, step) => at(value, step.replaceAll("~1", "/").replaceAll("~0", "~")), document);
	}
}
const first = (value) => Array.isArray(value) ? value[0] : void 0;
const at = (value, key) => typeof value === "object" && value !== null && Object.hasOwn(value, key) ? value[key] : void 0;

// src/core/init/choose-target.ts
/**
* What the endpoint says weighs more than what the files say, and a wish more than both.
*
* @param heard undefined where no endpoint was given.
*/
function chooseTarget(wishes, repository, heard) {
	const spoken = heard === void 0 ? [] : spokenProtocols(heard, wishes.model);
	const metrics = heard === void 0 ? [] : foundMetrics(heard);
	const named = repository.servers[0];
	const running = metrics.find(({ server }) => server !== void 0)?.server;
	const chosen = chooseProtocol(wishes.protocol, spoken, repository, running);
	const models = [.../* @__PURE__ */ new Set([...chosen.spoken?.models ?? [], ...modelsInFiles(chosen.protocol, repository)])];
	const model = chosen.protocol === "raw" ? void 0 : wishes.model ?? models[0];
	const document = (heard === void 0 ? void 0 : openapiOf(heard)) ?? repository.openapi?.document;
	const operation = chosen.protocol === "raw" ? inferenceOperation(document) : void 0;
	const inFiles = repository.models.find(({ name }) => name === model)?.tensors;
	const tensors = model === void 0 ? void 0 : (heard && modelTensors(chosen.protocol, model, heard)) ?? (TENSORS.includes(chosen.protocol) ? inFiles : void 0);
	const server = running ?? named?.server;
	return {
		protocol: chosen.protocol,
		model,
		models: wishes.model === void 0 && chosen.protocol !== "raw" ? models : [],
		ready: chosen.spoken?.ready ?? (chosen.protocol === "raw" ? readyPath(document) : void 0) ?? (server?.protocol === chosen.protocol ? server.ready : void 0),
		tensors,
		operation,
		metrics,
		server,
		reasons: [
			chosen.why,
			...operation === void 0 ? [] : [`${operation.method} ${operation.path} is asked: ${openapiPlace(heard, repository)} describes it`],
			...tensors === void 0 ? [] : [`the inputs of ${model} are ${tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(", ")}]`).join(", ")}`],
			...spoken.filter((one) => one !== chosen.spoken).map(({ protocol, why }) => `it also speaks ${protocol} (${why}): choose it with --protocol ${protocol}`)
		]
	};
}
/** Whether a request needs the name of a model that nobody has given. */
const lacksModel = ({ protocol, model }) => model === void 0 && PROTOCOL_FACTS[protocol].namesModel;
const TENSORS = [
	"kserve-v2",
	"kserve-v2-grpc",
	"tf-serving"
];
function chooseProtocol(wish, spoken, repository, running) {
	if (wish !== void 0) {
		const same = spoken.find(({ protocol }) => protocol === wish) ?? spoken.find(({ protocol }) => family(protocol) === family(wish));
		return {
			protocol: wish,
			why: `protocol ${wish}, as --protocol says`,
			spoken: same
		};
	}
	const [first] = spoken;
	if (first !== void 0) {
		const who = running === void 0 ? "" : `, and its metrics are those of ${running.name}`;
		return {
			protocol: first.protocol,
			why: `protocol ${first.protocol}: ${first.why}${who}`,
			spoken: first
		};
	}
	const named = repository.servers[0];
	if (named !== void 0) return {
		protocol: named.server.protocol,
		why: `protocol ${named.server.protocol}: ${named.where}, which is ${named.server.name}`,
		spoken: void 0
	};
	return {
		protocol: "raw",
		why: "protocol raw: nothing here says how the endpoint is asked",
		spoken: void 0
	};
}
const family = (protocol) => protocol.split("-")[0];
const modelsInFiles = (protocol, { models }) => protocol.startsWith("kserve") ? models.map(({ name }) => name) : [];
const openapiPlace = (heard, { openapi }) => heard !== void 0 && openapiOf(heard) !== void 0 ? "GET /openapi.json" : openapi?.path ?? "the OpenAPI document";

// src/core/init/preview.ts
/** How the workflow gets at a preview, and why: a sentence without its full stop. */
function choosePreview({ workflows, dockerfile, servers }) {
	const deploying = workflows.find(({ environment }) => environment !== void 0);
	if (deploying?.environment !== void 0) {
		const { path, environment } = deploying;
		return {
			preview: {
				kind: "deployment",
				environment
			},
			why: `${path} deploys to the environment ${environment}: the gate waits for that`
		};
	}
	const script = { kind: "script" };
	const job = workflows.find(({ deploys }) => deploys !== void 0);
	if (job !== void 0) return {
		preview: script,
		why: `${job.path} has the job ${job.deploys}, which seems to deploy: put its URL in the place of what ./deploy-preview prints`
	};
	const server = servers[0]?.server;
	if (dockerfile === void 0) return {
		preview: script,
		why: "nothing here deploys a preview: put what deploys yours in the place of ./deploy-preview"
	};
	const { path } = dockerfile;
	const port = dockerfile.port ?? server?.port;
	if (server?.needsGpu === true) return {
		preview: script,
		why: `${server.name} wants a GPU, which a hosted runner does not have: put what deploys ${path} in the place of ./deploy-preview`
	};
	const folder = path.split("/").slice(0, -1).join("/");
	if (port === void 0 || !/^[\w./-]*$/.test(folder)) return {
		preview: script,
		why: `${path} exposes no port: put what deploys it in the place of ./deploy-preview`
	};
	return {
		preview: {
			kind: "container",
			folder,
			port
		},
		why: `${path} is built and started on the runner, with its port ${port}`
	};
}

// src/core/init/triton-config.ts
/**
* A model of a Triton model repository from its `config.pbtxt`: name and inputs. Text format of protocol buffers, read by
* what a person sees in it; a file written in another way has its name and no inputs.
*
* Source: triton-inference-server/server, docs/user_guide/model_configuration.md.
*/
function tritonModel(path, text) {
	const plain = text.replace(/#.*$/gm, "");
	const folder = path.split("/").at(-2);
	const name = /^\s*name\s*:\s*"([^"]+)"/m.exec(plain.replace(/\{[^{}]*\}/g, ""))?.[1] ?? folder ?? "model";
	const isBatched = Number(/^\s*max_batch_size\s*:\s*(\d+)/m.exec(plain)?.[1] ?? 0) > 0;
	const inputs = [...(/\binput\s*:?\s*\[([\s\S]*?\})\s*\]/.exec(plain)?.[1] ?? [...plain.matchAll(/\binput\s*\{[^{}]*\}/g)].map(([one]) => one).join()).matchAll(/\{([^{}]*)\}/g)].map(([, body = ""]) => {
		const dims = /\bdims\s*:\s*\[([^\]]*)\]/.exec(body)?.[1]?.split(",").map(Number) ?? [];
		const datatype = /\bdata_type\s*:\s*TYPE_(\w+)/.exec(body)?.[1];
		const shape = isBatched ? [-1, ...dims] : dims;
		return foundTensor(/\bname\s*:\s*"([^"]+)"/.exec(body)?.[1], shape, datatype === "STRING" ? "BYTES" : datatype);
	});
	return {
		name,
		path,
		tensors: allTensors(inputs)
	};
}

// src/core/init/workflow-facts.ts
/** @param workflow parsed YAML of a file in `.github/workflows`; anything else has no facts. */
function workflowFacts(path, workflow) {
	const { on, jobs } = Object(workflow);
	const forPulls = triggers(on).includes("pull_request");
	const all = Object.entries(Object(jobs)).map(([id, job]) => ({
		id,
		job: Object(job)
	}));
	const uses = all.flatMap(({ job: { steps } }) => Array.isArray(steps) ? steps.map((step) => Object(step).uses) : []);
	const deploying = forPulls ? all.find(({ id, job: { name, environment } }) => environment !== void 0 || /preview|deploy/i.test(`${id} ${text(name)}`)) : void 0;
	return {
		path,
		usesTailgate: uses.some((name) => typeof name === "string" && /^[\w.-]+\/tailgate@/.test(name)),
		environment: environmentOf(deploying?.job["environment"]),
		deploys: deploying?.id
	};
}
function triggers(on) {
	if (typeof on === "string") return [on];
	return Array.isArray(on) ? on.map(String) : Object.keys(Object(on));
}
/** A name that is computed cannot be waited for. */
function environmentOf(environment) {
	const name = typeof environment === "string" ? environment : Object(environment).name;
	return typeof name === "string" && /^[\w ./-]{1,100}$/.test(name) ? name : void 0;
}
const text = (value) => typeof value === "string" ? value : "";

// src/core/init/repository.ts
/** Names of files worth reading, at any depth that the reader goes to. */
const WORTH_READING = /(^|\/)(requirements[\w.-]*\.txt|pyproject\.toml|Pipfile|setup\.cfg|environment\.ya?ml|package\.json|Dockerfile[\w.-]*|[\w.-]*\.Dockerfile|(docker-)?compose[\w.-]*\.ya?ml|bentofile\.ya?ml|config\.pbtxt|model-settings\.json|openapi\.(json|ya?ml)|tailgate\.ya?ml|suite\.ya?ml)$|^\.github\/workflows\/[^/]+\.ya?ml$/;
/**
* @param files contents by path, with forward slashes, relative to the repository; files that cannot be read as what
*   they should be are passed over: a repository may hold broken files, and this is no linter.
*/
function inspectRepository(files) {
	const entries = [...files].sort(([a], [b]) => depth(a) - depth(b) || (a < b ? -1 : 1));
	const named = (pattern) => entries.filter(([path]) => pattern.test(path));
	const found = SERVERS.flatMap((server) => {
		const where = entries.map(([path, text]) => mention(server, path, text)).find((mentioned) => mentioned !== void 0);
		return where === void 0 ? [] : [{
			server,
			where
		}];
	});
	const models = named(/(^|\/)(config\.pbtxt|model-settings\.json)$/).flatMap(([path, text]) => modelOf(path, text) ?? []);
	const triton = SERVERS.find(({ name }) => name === "Triton");
	const config = models.find(({ path }) => path.endsWith("config.pbtxt"));
	const servers = config === void 0 || found.some(({ server }) => server === triton) ? found : [{
		server: triton,
		where: `${config.path} is of a Triton model repository`
	}, ...found];
	const dockerfile = named(/(^|\/)Dockerfile$/)[0];
	return {
		servers,
		openapi: named(/(^|\/)openapi\.(json|ya?ml)$/).map(([path, text]) => ({
			path,
			document: dataOf(path, text)
		})).find(({ document }) => typeof document === "object" && document !== null && "paths" in document),
		models,
		dockerfile: dockerfile === void 0 ? void 0 : {
			path: dockerfile[0],
			port: exposedPort(dockerfile[1])
		},
		workflows: named(/^\.github\/workflows\//).map(([path, text]) => workflowFacts(path, dataOf(path, text))),
		suites: named(/(^|\/)(tailgate|suite)\.ya?ml$/).flatMap(([path, text]) => isSuite(dataOf(path, text)) ? [path] : [])
	};
}
const depth = (path) => path.split("/").length;
function mention(server, path, text) {
	const file = path.split("/").at(-1) ?? path;
	if (/^(Dockerfile|.*\.Dockerfile$|(docker-)?compose)/.test(file)) {
		const image = server.image === void 0 ? null : server.image.exec(withoutComments(text));
		return image === null ? void 0 : `${path} uses ${image[0]}`;
	}
	if (file.startsWith("bentofile.")) return server.name === "BentoML" ? `there is ${path}` : void 0;
	const listed = file === "package.json" ? npmPackages(path, text) : /^(requirements|pyproject|Pipfile|setup|environment)/.test(file) ? pythonPackages(text) : void 0;
	const name = listed && server.packages.find((known) => listed.has(known));
	return name === void 0 ? void 0 : `${path} names ${name}`;
}
function npmPackages(path, text) {
	const { dependencies } = Object(dataOf(path, text));
	return new Set(Object.keys(Object(dependencies)));
}
/** Names at the beginning of a line, of a quoted string, or of a list item, up to a version: all forms in which Python lists packages. */
function pythonPackages(text) {
	const names = withoutComments(text).matchAll(/(?:^|["'])\s*(?:-\s+)?([A-Za-z][\w.-]*(?:\[[\w,-]+\])?)\s*(?=[<>=!~;,"'\s@]|$)/gm);
	return new Set([...names].flatMap(([, name = ""]) => {
		const normal = name.toLowerCase().replaceAll("_", "-");
		return [normal, normal.replace(/\[.*\]$/, "")];
	}));
}
const withoutComments = (text) => text.replace(/(^|\s)#.*$/gm, "$1");
function exposedPort(dockerfile) {
	const port = Number(/^\s*EXPOSE\s+(\d{1,5})/im.exec(dockerfile)?.[1]);
	return port >= 1 && port <= 65535 ? port : void 0;
}
function modelOf(path, text) {
	if (path.endsWith(".pbtxt")) return tritonModel(path, text);
	const { name } = Object(dataOf(path, text));
	return typeof name === "string" && name !== "" ? {
		name,
		path,
		tensors: void 0
	} : void 0;
}
const isSuite = (value) => typeof value === "object" && value !== null && "target" in value && "scenarios" in value;
/** JSON is YAML as well. Undefined for a file that is neither. */
function dataOf(path, text) {
	try {
		return path.endsWith(".json") ? JSON.parse(text) : readDocument(text, path).value();
	} catch (error) {
		if (error instanceof InputError || error instanceof SyntaxError) return void 0;
		throw error;
	}
}

// src/core/init/suite-text.ts
const SCHEMA = "https://raw.githubusercontent.com/tailgate-ci/tailgate/v1/schema/suite.schema.json";
/** Rates that a person would write. */
const RATES = [
	30,
	20,
	10,
	5,
	2,
	1,
	.5,
	.2,
	.1
];
/** Requests under way at once, on average: servers of token streams answer several together, others may answer one after another. */
const UNDER_WAY = {
	stream: 2,
	other: .5
};
/**
* A rate that an endpoint can surely take, from how long one answer took, its connection included. A slow one gets more
* time, for its tail needs requests too.
*
* @param answerS undefined where no request was tried.
*/
function chooseLoad(answerS, protocol) {
	const [most, underWay] = isStream(protocol) ? [5, UNDER_WAY.stream] : [30, UNDER_WAY.other];
	const ratePerS = (answerS === void 0 ? most : RATES.find((one) => one <= most && one * answerS <= underWay)) ?? RATES.at(-1);
	const why = answerS === void 0 ? "a usual rate, because no request was tried" : `with answers as slow as the first one, ${underWay} under way at once at most`;
	return {
		ratePerS,
		durationMin: ratePerS >= 20 ? 2 : 5,
		why: `${ratePerS}/s, ${why}`
	};
}
/** A suite in YAML that passes `tailgate check`. Whatever came from outside is quoted where YAML could read more into it. */
function suiteText({ name, target, headers, metricsUrls, load }) {
	const { protocol, model, ready, operation } = target;
	const requests = load.ratePerS * load.durationMin * 60;
	return [
		`# yaml-language-server: $schema=${SCHEMA}`,
		"# What to send, how fast, and which changes block the merge. Written by tailgate init; it is yours now.",
		"version: 1",
		`name: ${yaml(name)}`,
		"seed: 42",
		"target:",
		`  protocol: ${protocol}`,
		...model === void 0 ? [] : [`  model: ${yaml(model)}`],
		...operation === void 0 ? [] : [...operation.method === "POST" ? [] : [`  method: ${operation.method}`], `  path: ${yaml(operation.path)}`],
		...isStream(protocol) ? ["  max-tokens: 64 # answers of different length cannot be compared"] : [],
		...ready === void 0 ? [] : [`  ready: { path: ${yaml(ready)}, timeout: 5m }`],
		...Object.keys(headers).length === 0 ? [] : ["  headers:", ...Object.entries(headers).map(([key, value]) => `    ${yaml(key)}: ${yaml(value)}`)],
		...payloadLines(target),
		"scenarios:",
		"  - name: steady",
		`    load: { rate: ${load.ratePerS}/s, arrivals: poisson, duration: ${load.durationMin}m }`,
		"    gates:",
		...gateLines(protocol, requests).map((line) => `      ${line}`),
		...telemetryLines(target, metricsUrls),
		""
	].join("\n");
}
const isStream = (protocol) => protocol === "openai-chat" || protocol === "openai-completions";
function payloadLines({ protocol, tensors, operation }) {
	if (operation !== void 0) {
		if (operation.method === "GET") return [];
		return [
			"# What the OpenAPI document allows. Put real inputs in its place, one a line, with file: data/requests.jsonl",
			"payloads:",
			`  sample: { json: ${JSON.stringify(operation.body)} }`
		];
	}
	const isText = tensors?.length === 1 && tensors[0].name === "text" && tensors[0].datatype === "BYTES" && tensors[0].shape.join() === "1";
	if (tensors !== void 0 && !isText) return [
		...tensors.some((tensor) => tensor.guessed) ? ["# The model takes any size where it says -1: a size that is usual for you is better than 128."] : [],
		"payloads:",
		"  sample:",
		"    tensors:",
		...tensors.map((tensor) => `      - ${tensorText(tensor)}`)
	];
	if (protocol === "raw") return [];
	const [usual, long] = isStream(protocol) ? ["[20, 60]", "[200, 400]"] : ["[5, 20]", "[100, 200]"];
	return [
		"# Two lengths of made-up text. Real inputs are better, one a line, with file: data/requests.jsonl",
		"payloads:",
		`  usual: { weight: 90, text: { words: ${usual} } }`,
		`  long: { weight: 10, text: { words: ${long} } }`
	];
}
const tensorText = ({ name, shape, datatype }) => `{ name: ${yaml(name)}, shape: [${shape.join(", ")}], datatype: ${datatype} }`;
/** The highest percentile with enough requests beyond it, so that the gate can pass at all. */
function gateLines(protocol, requests) {
	const tail = [
		.99,
		.95,
		.9
	].find((p) => requests * (1 - p) >= 10) ?? .5;
	const name = `p${Math.round(100 * tail)}`;
	const body = tail === .5 ? [] : ["p50"];
	const waiting = isStream(protocol) ? "ttft" : "latency";
	return [
		...body.map((percentile) => `${waiting}.${percentile}: { regression: 10%, floor: 2ms }`),
		`${waiting}.${name}: { regression: 15%, floor: 5ms }`,
		...isStream(protocol) ? ["tpot.p50: { regression: 5%, floor: 0.2ms }"] : [],
		"errors.ratio: { limit: 1% }"
	];
}
/** Suggested, not switched on: the preview of a pull request is elsewhere than what was looked at. */
function telemetryLines({ metrics }, urls) {
	const sources = metrics.flatMap(({ kind }, i) => {
		const url = urls[i];
		return url === void 0 || kind === void 0 ? [] : [`#   - ${kind}: ${yaml(url)}`];
	});
	if (sources.length === 0) return [];
	return [
		"# Found beside the endpoint. Remove the # in front when the preview has it at this address as well:",
		"# telemetry:",
		...sources
	];
}
/** A plain scalar where that is surely the same text, else in double quotes: a JSON string is YAML. */
function yaml(text) {
	return /^[A-Za-z/][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}

// src/core/init/workflow-text.ts
const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";
/**
* A workflow from its `name:` on. `examples/workflows/{pull-request,deployment,container}.yml` are what this writes, under a
* heading of their own; a test holds them together.
*/
function workflowText(choices) {
	switch (choices.preview.kind) {
		case "script": return onPulls(choices, DEPLOY_JOB, "${{ needs.deploy.outputs.url }}");
		case "container": return onPulls(choices, [], "http://127.0.0.1:8080", containerSteps(choices.preview));
		case "deployment": return onDeployment(choices, choices.preview.environment);
	}
}
function onPulls({ branch, suite, secrets }, before, endpoint, steps = []) {
	return lines([
		"name: performance",
		"",
		"on:",
		"  pull_request:",
		"  push:",
		`    branches: [${scalar(branch)}]`,
		"",
		"permissions: {}",
		"",
		"# Two loads on one preview would measure each other.",
		"concurrency:",
		"  group: performance-${{ github.ref }}",
		"  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
		"",
		"jobs:",
		...before,
		"  gate:",
		"    name: gate",
		...before.length === 0 ? [] : ["    needs: deploy"],
		"    runs-on: ubuntu-24.04",
		"    timeout-minutes: 30",
		"    permissions:",
		"      contents: read # to read the suite, and the suite of the base branch",
		"      actions: read # to read the stored runs of the default branch",
		"      pull-requests: write # to write the comment",
		"    steps:",
		`      - uses: ${CHECKOUT}`,
		"        with:",
		"          persist-credentials: false",
		...steps,
		...gateStep([`suite: ${scalar(suite)}`, `endpoint: ${endpoint}`], secrets)
	]);
}
const DEPLOY_JOB = [
	"  deploy:",
	"    name: deploy",
	"    runs-on: ubuntu-24.04",
	"    timeout-minutes: 30",
	"    permissions:",
	"      contents: read # to check out the sources",
	"    outputs:",
	"      url: ${{ steps.preview.outputs.url }}",
	"    steps:",
	`      - uses: ${CHECKOUT}`,
	"        with:",
	"          persist-credentials: false",
	"      - id: preview",
	"        # Prints the URL of an endpoint that runs this commit. tailgate itself deploys nothing.",
	`        run: echo "url=$(./deploy-preview)" >> "$GITHUB_OUTPUT"`,
	""
];
const containerSteps = ({ folder, port }) => [
	"      # An endpoint that runs this commit, on this very machine. tailgate waits until it is ready.",
	`      - run: docker build --tag preview ${folder === "" ? "." : `./${folder}`}`,
	`      - run: docker run --detach --name preview --publish 127.0.0.1:8080:${port} preview`
];
function onDeployment({ suite, secrets }, environment) {
	return lines([
		"name: deployed",
		"",
		"on: deployment_status",
		"",
		"permissions: {}",
		"",
		"# Two loads on one preview would measure each other.",
		"concurrency:",
		"  group: deployed-${{ github.event.deployment.sha }}",
		"  cancel-in-progress: false",
		"",
		"jobs:",
		"  gate:",
		"    name: gate",
		"    if: >-",
		`      github.event.deployment_status.environment == '${environment.replaceAll("'", "''")}' &&`,
		`      contains(fromJSON('["success", "failure", "error"]'), github.event.deployment_status.state)`,
		"    runs-on: ubuntu-24.04",
		"    timeout-minutes: 30",
		"    permissions:",
		"      contents: read # to check out the suite, and to read that of the base branch",
		"      actions: read # to read the stored runs of the default branch",
		"      pull-requests: write # to find the pull request of the commit, and to write the comment",
		"      checks: write # to write the check run on its head",
		"    steps:",
		"      # The commit that was deployed.",
		`      - uses: ${CHECKOUT}`,
		"        with:",
		"          persist-credentials: false",
		...gateStep([`suite: ${scalar(suite)}`, "check-run: always"], secrets)
	]);
}
const gateStep = (inputs, secrets) => [
	"      - uses: tailgate-ci/tailgate@v1",
	"        with:",
	...inputs.map((input) => `          ${input}`),
	...Object.keys(secrets).length === 0 ? [] : ["        env:", ...Object.entries(secrets).map(([name, secret]) => `          ${name}: \${{ secrets.${secret} }}`)]
];
const lines = (all) => `${all.join("\n")}\n`;
/** Of a branch or a path: in quotes where YAML, or GitHub's filter of branches, could read more into it. */
const scalar = (text) => /^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text);

// src/io/init/repository-files.ts
const PASSED_OVER = /* @__PURE__ */ new Set([
	"node_modules",
	".git",
	".venv",
	"venv",
	"__pycache__",
	"dist",
	"build",
	"target",
	"vendor",
	"tailgate-out",
	"test",
	"tests"
]);
const DEEPEST = 4;
const MOST_ENTRIES = 2e4;
const MOST_FILES = 200;
const LARGEST_BYTES = 524288;
/**
* Texts of the files below `folder` whose paths `isWanted`, by path with forward slashes. Folders of dependencies, of tests and
* of results are passed over, and so is what is large, too deep or unreadable: this is a look, no inventory.
*/
async function readRepositoryFiles(folder, isWanted) {
	const files = /* @__PURE__ */ new Map();
	let open = [""];
	let entries = 0;
	for (let depth = 0; depth <= DEEPEST && open.length > 0; depth++) {
		const next = [];
		for (const below of open) {
			const found = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
			for (const entry of found.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
				if (++entries > MOST_ENTRIES || files.size >= MOST_FILES) return files;
				const path = below === "" ? entry.name : `${below}/${entry.name}`;
				if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) next.push(path);
				else if (entry.isFile() && isWanted(path)) {
					const text = await smallText(join(folder, path));
					if (text !== void 0) files.set(path, text);
				}
			}
		}
		open = next;
	}
	return files;
}
async function smallText(path) {
	try {
		return (await stat(path)).size > LARGEST_BYTES ? void 0 : await readFile(path, "utf8");
	} catch {
		return;
	}
}

// src/io/init/listen.ts
const DEADLINE_S$1 = 4;
const keyOf = ({ path, port }) => `${port ?? ""} ${path}`;
/**
* Asks all questions at once, one GET each, with a deadline of four seconds. Never fails: an error is an answer too.
*
* @param urlOf where a question goes.
*/
async function listen(questions, urlOf, headers, signal) {
	const heard = questions.map(async (question) => {
		const sent = question.port === void 0 ? headers : {};
		try {
			const { status, body } = await ask(urlOf(question), USUAL_ROUTE, {
				timeoutS: DEADLINE_S$1,
				headers: sent,
				signal
			});
			return [keyOf(question), {
				status,
				body
			}];
		} catch (error) {
			return [keyOf(question), error];
		}
	});
	return new Map(await Promise.all(heard));
}

// src/init/look.ts
/**
* Asks a running endpoint what it is: five GETs at once, then at most five more that follow from the answers.
*
* @param model whose inputs to ask for; undefined: the first that the endpoint names.
* @param known what an earlier look heard, which is not asked again.
* @throws {InputError} if the URL is none, or nothing answers there.
*/
async function lookAtEndpoint(endpoint, headers, model, signal, known = /* @__PURE__ */ new Map()) {
	const address = readAddress(endpoint, headers);
	const urlOf = ({ path, port }) => {
		if (port === void 0) return address.base.origin + joinPath(address.base, path);
		return `http://${address.base.hostname}:${port}${path}`;
	};
	const answers = new Map(known);
	const askAll = async (questions) => {
		const fresh = questions.filter((question) => !answers.has(keyOf(question)));
		for (const [key, answer] of await listen(fresh, urlOf, address.headers, signal)) answers.set(key, answer);
	};
	const heard = (question) => {
		const answer = answers.get(keyOf(question));
		return answer instanceof Error ? void 0 : answer;
	};
	await askAll(FIRST_QUESTIONS);
	refuseSilence(answers, address);
	refuseStrangers(answers, Object.keys(headers).length > 0);
	await askAll(furtherQuestions(heard, {
		model,
		isNear: !endpointClass(endpoint).endsWith("public")
	}));
	const first = model ?? spokenProtocols(heard).find(({ protocol }) => protocol === "kserve-v2")?.models[0];
	if (first !== void 0 && spokenProtocols(heard).some(({ protocol }) => protocol === "kserve-v2")) await askAll([kserveModel(first)]);
	return {
		heard,
		answers,
		urlOf
	};
}
/** @throws {InputError} where not one question was answered. */
function refuseSilence(answers, { base }) {
	const errors = [...answers.values()].filter((answer) => answer instanceof Error);
	const [first] = errors;
	if (first === void 0 || errors.length < answers.size) return;
	const what = isTimeout(first) ? `no answer from ${base.host} in time` : explain(first, base.origin).sentence;
	throw new InputError(`the endpoint cannot be looked at: ${what}`, { hint: "start it, check the URL, or leave --endpoint out to go by the files of the repository alone" });
}
/** @throws {InputError} where every answer is that somebody unknown may not ask. */
function refuseStrangers(answers, isKnown) {
	const statuses = [...answers.values()].flatMap((answer) => answer === void 0 || answer instanceof Error ? [] : [answer.status]);
	if (!statuses.every((status) => status === 401 || status === 403)) return;
	throw new InputError(`the endpoint answers ${[...new Set(statuses)].join(" and ")} to everything`, { hint: isKnown ? "is the value of the header right?" : "tell who you are: --header \"authorization: Bearer ${env:API_TOKEN}\", with API_TOKEN in the environment" });
}

// src/init/try-once.ts
const DEADLINE_S = 30;
/**
* Sends the first request that a suite would send, once, and reads the answer as a run would.
*
* @param text a suite that parses and names no files.
*/
async function tryOnce(text, file, endpoint, environment, signal) {
	const { suite, secrets } = resolveEnvironment(parseSuite(text, file), environment);
	const request = makePlan({
		suite,
		digest: suiteDigest(suite, /* @__PURE__ */ new Map()),
		files: /* @__PURE__ */ new Map(),
		design: "single"
	}).scenarios[0].requests[0];
	const { base, headers } = readAddress(endpoint, suite.target.headers);
	const failed = (reason) => ({
		answered: false,
		reason: redact(reason, secrets)
	});
	const startedMs = performance.now();
	try {
		const answer = await ask(base.origin + joinPath(base, request.path), USUAL_ROUTE, {
			timeoutS: DEADLINE_S,
			headers,
			signal
		}, request);
		const tookS = (performance.now() - startedMs) / 1e3;
		const reader = protocols[suite.target.protocol].openResponse(suite.target);
		reader.start(answer.status, answer.headers, 0);
		if (answer.bytes.length > 0) reader.data(answer.bytes, 0);
		const { result } = reader.end(0);
		return result.kind === "ok" ? {
			answered: true,
			tookS
		} : failed(result.detail);
	} catch (error) {
		if (signal.aborted) throw error;
		return failed(isTimeout(error) ? `no answer within ${DEADLINE_S} s` : explain(error, base.origin).sentence);
	}
}

// src/init/init-repository.ts
const YES = /^y(es)?$/i;
/**
* Looks at the repository and the endpoint, chooses, tries one request, writes.
*
* @throws {InputError} for files that are there already (without `force`), an endpoint that cannot be looked at, a header
*   that cannot be sent. Nothing is written then.
*/
async function initRepository(options) {
	const { folder, suite, person, signal, tell, environment } = options;
	const top = await readTopFolder(folder) ?? folder;
	const findings = await inspect(folder, top);
	const workflow = workflowPlace(options, top, findings);
	for (const path of [suite, ...workflow.path === void 0 ? [] : [workflow.path]]) refuseOverwriting(path, options.force);
	const sent = sendable(options.headers, environment);
	const endpoint = options.endpoint ?? await askForEndpoint(person);
	const { target, looked } = await chooseModel(options, sent, findings, endpoint);
	const write = (answerS) => {
		const load = chooseLoad(answerS, target.protocol);
		const metricsUrls = target.metrics.map(({ question }) => looked?.urlOf(question) ?? "");
		return {
			load,
			text: checked(suiteText({
				name: suiteName(top),
				target,
				headers: options.headers,
				metricsUrls,
				load
			}), suite)
		};
	};
	const tried = endpoint !== void 0 && options.tries ? await tryOnce(write(void 0).text, suite, endpoint, environment, signal) : void 0;
	const { load, text } = write(tried?.answered === true ? tried.tookS : void 0);
	const { preview, why } = choosePreview(findings);
	const branch = await readDefaultBranch(folder) ?? "main";
	const names = Object.values(options.headers).flatMap(namesIn);
	const secrets = Object.fromEntries([...new Set(names)].map((name) => [name, name]));
	const files = [{
		path: suite,
		text
	}, ...workflow.path === void 0 ? [] : [{
		path: workflow.path,
		text: `${HEADING}${workflowText({
			preview,
			branch,
			suite: slashed(relative(top, suite)),
			secrets
		})}`
	}]];
	const reasons = [
		...target.reasons,
		`the load is ${load.why}`,
		...workflow.path === void 0 ? [workflow.why] : [why, `pushes to ${branch} make the baseline`]
	];
	for (const reason of reasons) tell(reason);
	const goes = person === void 0 || YES.test(await person.ask(`Write ${files.map(({ path }) => relative(folder, path)).join(" and ")}?`, "yes"));
	if (goes) for (const file of files) await writeFileAtomic(file.path, file.text);
	return {
		target,
		findings,
		endpoint,
		requests: (looked?.answers.size ?? 0) + (tried === void 0 ? 0 : 1),
		tried,
		preview: workflow.path === void 0 ? void 0 : preview,
		reasons,
		written: goes ? files.map(({ path }) => relative(folder, path)) : []
	};
}
const HEADING = `# Measures every pull request and blocks the merge when the tail got worse; runs of the default branch are what it compares
# with. Written by tailgate init; it is yours now.
`;
/** Manifests lie around the suite; workflows at the top of the checkout, wherever the suite is. */
async function inspect(folder, top) {
	const isWorkflow = (path) => path.startsWith(".github/");
	const own = await readRepositoryFiles(folder, (path) => WORTH_READING.test(path) && !isWorkflow(path));
	const workflows = await readRepositoryFiles(top, (path) => WORTH_READING.test(path) && isWorkflow(path));
	return inspectRepository(new Map([...own, ...workflows]));
}
function workflowPlace({ workflow, force, folder }, top, { workflows }) {
	if (workflow === "none") return {
		path: void 0,
		why: "no workflow is written, as --no-workflow says"
	};
	const using = workflows.find(({ usesTailgate }) => usesTailgate);
	if (using !== void 0 && !force) return {
		path: void 0,
		why: `${using.path} uses tailgate already, so that no workflow is written`
	};
	return {
		path: workflow === "usual" ? join(top, WORKFLOW_FILE) : join(folder, workflow.path),
		why: ""
	};
}
const WORKFLOW_FILE = ".github/workflows/tailgate.yml";
function refuseOverwriting(path, force) {
	if (force || !existsSync(path)) return;
	throw new InputError(`${path} is there already`, { hint: "write over it with --force, or choose another place with --suite and --workflow" });
}
/** Headers with their variables filled in, checked as a suite would check them. */
function sendable(headers, environment) {
	const bare = JSON.stringify({
		name: "init",
		target: {
			protocol: "raw",
			headers
		},
		scenarios: [{ name: "a" }]
	});
	return resolveEnvironment(parseSuite(bare, "--header"), environment).suite.target.headers;
}
async function askForEndpoint(person) {
	const answer = await person?.ask("URL of a running endpoint to look at (empty: go by the files alone)", "");
	return answer === "" ? void 0 : answer;
}
/** @throws {InputError} where a model has to be named, and neither the endpoint nor a file nor a person does. */
async function chooseModel({ protocol, model, person, signal }, sent, findings, endpoint) {
	const look = async (wishes, before) => {
		const looked = endpoint === void 0 ? void 0 : await lookAtEndpoint(endpoint, sent, wishes.model, signal, before?.answers);
		return {
			target: chooseTarget(wishes, findings, looked?.heard),
			looked
		};
	};
	const first = await look({
		protocol,
		model
	});
	const { models, protocol: spoken, model: found } = first.target;
	const chosen = await askForModel(person, models, lacksModel(first.target));
	if (chosen !== void 0 && isName(chosen)) return chosen === found ? first : look({
		protocol: spoken,
		model: chosen
	}, first.looked);
	if (!lacksModel(first.target)) return first;
	throw new InputError(`${spoken} needs the name of a model, and ${endpoint === void 0 ? "no file here gives" : "the endpoint does not give"} one`, { hint: endpoint === void 0 ? "name it with --model, or let a running endpoint be looked at with --endpoint" : "name it with --model" });
}
/** Undefined where there is nobody to be asked, or nothing to ask. */
function askForModel(person, models, isNeeded) {
	if (models.length > 1) return person?.ask(`Which model (${models.slice(0, 10).join(", ")})?`, models[0]);
	return isNeeded ? person?.ask("Name of the model?", "") : void 0;
}
/** What is written has to pass `tailgate check`: better our bug now than the user's puzzle later. */
function checked(text, file) {
	const { suite } = parseSuite(text, file);
	makePlan({
		suite,
		digest: suiteDigest(suite, /* @__PURE__ */ new Map()),
		files: /* @__PURE__ */ new Map(),
		design: "single"
	});
	return text;
}
const slashed = (path) => path.replaceAll("\\", "/");
function suiteName(top) {
	return (slashed(top).split("/").at(-1) ?? "").replaceAll(/[^A-Za-z0-9._-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 60) || "model";
}

export { initRepository };
//# sourceMappingURL=init-repository.js.map