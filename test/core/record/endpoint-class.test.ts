import { expect, test } from "vitest";
import { endpointClass } from "../../../src/core/record/endpoint-class.ts";

test.each([
  ["http://localhost:8080", "http loopback"],
  ["http://LOCALHOST./v1", "http loopback"],
  ["http://api.localhost", "http loopback"],
  ["http://127.0.0.1:9000", "http loopback"],
  ["http://[::1]:9000", "http loopback"],
  ["http://10.2.3.4", "http private"],
  ["http://172.16.0.1", "http private"],
  ["http://172.31.255.1", "http private"],
  ["http://192.168.1.7", "http private"],
  ["http://169.254.1.7", "http private"],
  ["http://100.64.0.1", "http private"],
  ["http://100.127.0.1", "http private"],
  ["https://[fd00::1]", "https private"],
  ["https://[fe80::1]", "https private"],
  ["http://triton:8000", "http private"],
  ["https://notlocal", "https private"],
  ["http://pr-7.previews.svc.cluster.local", "http private"],
  ["http://pr-7.previews.svc", "http private"],
  ["http://pr-7.corp.internal", "http private"],
  ["https://pr-7.previews.example.com/v1?key=x", "https public"],
  ["https://pr-8.previews.example.com", "https public"],
  ["http://172.32.0.1", "http public"],
  ["http://100.128.0.1", "http public"],
  ["http://11.0.0.1", "http public"],
  ["https://[2001:db8::1]", "https public"],
  // Names that only begin like an address or end like an inner name.
  ["https://127.example.com", "https public"],
  ["https://10.example.com", "https public"],
  ["https://svc.example.com", "https public"],
  ["https://localhost.example.com", "https public"],
])("%s is %s", (url, expected) => {
  expect(endpointClass(url)).toBe(expected);
});
