import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServiceDefinition,
  type StatusObject,
  type sendUnaryData,
} from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { onTestFinished } from "vitest";

export type InferRequest = {
  readonly model_name: string;
  readonly inputs: readonly { readonly name: string; readonly datatype: string; readonly shape: readonly number[] }[];
  readonly raw_input_contents: readonly Buffer[];
};
export type InferResponse = { readonly outputs: readonly object[]; readonly raw_output_contents?: readonly Buffer[] };
export type StreamResponse = { readonly error_message?: string; readonly infer_response?: InferResponse };

/** What a test's model does; what it leaves out is unimplemented. */
export type Model = {
  readonly ready?: (name: string) => boolean;
  readonly metadata?: (name: string) => { readonly inputs: readonly object[]; readonly outputs: readonly object[] };
  readonly infer?: (request: InferRequest, metadata: Metadata) => InferResponse | Partial<StatusObject>;
  /** Metadata that follows every answer of `infer`. */
  readonly trailers?: Readonly<Record<string, string>>;
  readonly stream?: (
    request: InferRequest,
    send: (response: StreamResponse) => void,
    end: (status?: Partial<StatusObject>) => void,
  ) => void;
};

export const OUTPUT = { name: "label", datatype: "BYTES", shape: [1] };

/** A server of grpc-js on loopback, which knows the protocol from its description alone; closed when the test has finished. */
export async function serveGrpc({ ready, metadata, infer, trailers = {}, stream }: Model): Promise<string> {
  const proto = loadSync("test/fixtures/grpc/open-inference.proto", { keepCase: true, longs: Number, defaults: true });
  const server = new Server();
  server.addService(proto["inference.GRPCInferenceService"] as ServiceDefinition, {
    ...(ready && {
      ModelReady: (call: ServerUnaryCall<{ name: string }, unknown>, answer: sendUnaryData<unknown>) =>
        answer(null, { ready: ready(call.request.name) }),
    }),
    ...(metadata && {
      ModelMetadata: (call: ServerUnaryCall<{ name: string }, unknown>, answer: sendUnaryData<unknown>) =>
        answer(null, { name: call.request.name, versions: ["1"], platform: "test", ...metadata(call.request.name) }),
    }),
    ...(infer && {
      ModelInfer: (call: ServerUnaryCall<InferRequest, unknown>, answer: sendUnaryData<unknown>) => {
        const response = infer(call.request, call.metadata);
        const trailing = new Metadata();
        for (const [name, value] of Object.entries(trailers)) trailing.set(name, value);
        if ("outputs" in response) answer(null, response, trailing);
        else answer(response);
      },
    }),
    ...(stream && {
      ModelStreamInfer: (call: ServerDuplexStream<InferRequest, StreamResponse>) => {
        call.on("data", (request: InferRequest) =>
          stream(
            request,
            (response) => void call.write(response),
            (status) => (status === undefined ? call.end() : void call.emit("error", status)),
          ),
        );
      },
    }),
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  onTestFinished(() => server.forceShutdown());
  return `http://127.0.0.1:${port}`;
}
