// ModelInfer over HTTP/2 without TLS, always the same answer: node bench/load/servers/grpc-answer-server.ts {} prints its port.
import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { grpcAnswer } from "./answers.ts";

const answer = grpcAnswer();
const server = createServer();
server.on("stream", (call) => {
  call.on("error", () => {});
  call.resume();
  call.once("end", () => {
    call.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    call.once("wantTrailers", () => call.sendTrailers({ "grpc-status": "0" }));
    call.end(answer);
  });
});
server.listen(0, "127.0.0.1", () => console.log((server.address() as AddressInfo).port));
