import { SlipwayError } from "@slipway/base";
import { expect, test } from "vitest";
import { mayPass, networkError, wasNotSent } from "./network-error.ts";

const TARGET = { secure: true, hostname: "a", port: 443, basePath: "", server: "https://a" };

function told(code: string, message = code): readonly [string, string] {
  const error = networkError(Object.assign(new Error(message), { code }), TARGET);
  return [error.code, error.message];
}

test.each([
  ["ECONNREFUSED", "refuses the connection"],
  ["ENOTFOUND", "has a name that cannot be resolved"],
  ["EAI_AGAIN", "has a name that cannot be resolved"],
  ["EHOSTUNREACH", "cannot be reached"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "has a certificate of an unknown authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "has a certificate of an unknown authority"],
  ["CERT_HAS_EXPIRED", "has a certificate that has expired"],
  ["CERT_NOT_YET_VALID", "has a certificate that is not valid yet"],
  ["EPROTO", "speaks no TLS that is understood"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "speaks no TLS that is understood"],
  ["HPE_INVALID_CONSTANT", "does not speak HTTP"],
  ["EPIPE", "ended the connection"],
  ["ESOMETHING", "cannot be talked to: ESOMETHING"],
  ["toString", "cannot be talked to: toString"],
])("%s: the server %s", (code, says) => {
  expect(told(code)).toEqual(["UNAVAILABLE", `the server https://a ${says}`]);
});

// As Node and Bun word it; a server of Node's own ends the connection without saying so.
test.each([
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "tlsv13 alert certificate required"],
  ["ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE", "ssl/tls alert bad certificate"],
  ["EPROTO", "error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate"],
  ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "tlsv1 alert unknown ca"],
])("%s: the client certificate is refused", (code, message) => {
  expect(told(code, message)).toEqual(["NOT_ALLOWED", "the server https://a refuses the client certificate"]);
});

test("an error that says what it is stays as it is", () => {
  const error = new SlipwayError("TIMED_OUT", "late");
  expect(networkError(error, TARGET)).toBe(error);
});

test("what may pass, and what was not sent", () => {
  const kinds = ["ECONNREFUSED", "EAI_AGAIN", "ECONNRESET", "ENOTFOUND", "CERT_HAS_EXPIRED"].map((code) => {
    const error = networkError(Object.assign(new Error(code), { code }), TARGET);
    return [code, mayPass(error), wasNotSent(error)];
  });
  expect(kinds).toEqual([
    ["ECONNREFUSED", true, true],
    ["EAI_AGAIN", true, true],
    ["ECONNRESET", true, false],
    ["ENOTFOUND", false, false],
    ["CERT_HAS_EXPIRED", false, false],
  ]);
});
