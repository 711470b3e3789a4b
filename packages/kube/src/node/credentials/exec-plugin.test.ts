import type { Exec, ExecResult, Tree } from "@slipway/base";
import { SlipwayError, parseJson } from "@slipway/base";
import { errorOf, rejectionOf } from "@slipway/base/testing";
import { expect, test } from "vitest";
import type { ExecPlugin } from "../kubeconfig/model.ts";
import { nobody } from "../kubeconfig/select.ts";
import { execCredentials } from "./exec-plugin.ts";

const V1 = "client.authentication.k8s.io/v1";
const USER = { ...nobody("/kc"), name: "jane" };
const PLUGIN: ExecPlugin = {
  apiVersion: V1,
  command: "cloud-login",
  args: ["token"],
  env: { REGION: "eu" },
  installHint: undefined,
  provideClusterInfo: false,
  interactiveMode: "IfAvailable",
};
const SIGNAL = new AbortController().signal;

interface Call {
  readonly program: string;
  readonly args: readonly string[];
  readonly region: string | undefined;
  readonly path: string | undefined;
  readonly info: Tree;
}

/** Runs nothing: gives the answers in turn, the last one again and again. */
function fakeExec(answers: readonly (Partial<ExecResult> | Error)[]): { exec: Exec; calls: Call[] } {
  const calls: Call[] = [];
  const exec: Exec = {
    run: (program, args, { env = {} }) => {
      const answer = answers[Math.min(calls.length, answers.length - 1)] ?? {};
      const info = parseJson(env["KUBERNETES_EXEC_INFO"] ?? "");
      calls.push({ program, args, region: env["REGION"], path: env["PATH"], info });
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve({ exitCode: 0, stdout: "", stderr: "", ...answer });
    },
  };
  return { exec, calls };
}

function issued(status: object, apiVersion = V1): { readonly stdout: string } {
  return { stdout: JSON.stringify({ kind: "ExecCredential", apiVersion, status }) };
}

function credentials(exec: Exec | undefined, plugin: Partial<ExecPlugin> = {}, now = () => 0) {
  return execCredentials(
    USER,
    { ...PLUGIN, ...plugin },
    {
      exec,
      env: { PATH: "/bin", REGION: "us" },
      clock: { now: () => new Date(now()) },
      clusterInfo: { server: "https://a" },
    },
  );
}

test("a plugin is run once, with its own environment over that of the process", async () => {
  const { exec, calls } = fakeExec([issued({ token: "first" }), issued({ token: "second" })]);
  const one = credentials(exec);
  expect(await one.current(SIGNAL)).toEqual({ authorization: "Bearer first" });
  expect(await one.current(SIGNAL)).toEqual({ authorization: "Bearer first" });
  expect(await credentials(exec).current(SIGNAL)).toEqual({ authorization: "Bearer first" });
  const info = { kind: "ExecCredential", apiVersion: V1, spec: { interactive: false } };
  expect(calls).toEqual([{ program: "cloud-login", args: ["token"], region: "eu", path: "/bin", info }]);
});

test("another question, or another process, is asked anew", async () => {
  const first = fakeExec([issued({ token: "t" })]);
  await credentials(first.exec).current(SIGNAL);
  await credentials(first.exec, { args: ["other"] }).current(SIGNAL);
  expect(first.calls).toHaveLength(2);
  const second = fakeExec([issued({ token: "t" })]);
  await credentials(second.exec).current(SIGNAL);
  expect(second.calls).toHaveLength(1);
});

test("a plugin is told of the cluster when it wants to be", async () => {
  const { exec, calls } = fakeExec([issued({ token: "t" }, "client.authentication.k8s.io/v1beta1")]);
  await credentials(exec, { provideClusterInfo: true, apiVersion: "client.authentication.k8s.io/v1beta1" }).current(
    SIGNAL,
  );
  expect(calls.map(({ info }) => info)).toEqual([
    {
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1beta1",
      spec: { cluster: { server: "https://a" }, interactive: false },
    },
  ]);
});

test("credentials that have expired, or that the server refused, are renewed", async () => {
  const expirationTimestamp = "1970-01-01T00:01:00Z";
  const { exec } = fakeExec([
    issued({ token: "1", expirationTimestamp }),
    issued({ token: "2" }),
    issued({ token: "3" }),
  ]);
  let now = 0;
  const one = credentials(exec, {}, () => now);
  expect(await one.current(SIGNAL)).toEqual({ authorization: "Bearer 1" });
  now = 54_000;
  expect(await one.current(SIGNAL)).toEqual({ authorization: "Bearer 1" });
  now = 56_000;
  const second = await one.current(SIGNAL);
  expect(second).toEqual({ authorization: "Bearer 2" });
  expect(one.refused(second)).toBe(true);
  expect(await one.current(SIGNAL)).toEqual({ authorization: "Bearer 3" });
});

test("requests that begin at once share one run, and a run that fails is not remembered", async () => {
  const { exec, calls } = fakeExec([{ exitCode: 1 }, issued({ token: "t" })]);
  const one = credentials(exec);
  const outcomes = await Promise.allSettled([one.current(SIGNAL), one.current(SIGNAL)]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  expect(await Promise.all([one.current(SIGNAL), one.current(SIGNAL)])).toEqual([
    { authorization: "Bearer t" },
    { authorization: "Bearer t" },
  ]);
  expect(calls).toHaveLength(2);
});

test("requests that are refused, or find it expired, at once have it renewed once", async () => {
  const expirationTimestamp = "1970-01-01T00:01:00Z";
  const { exec, calls } = fakeExec([
    issued({ token: "1", expirationTimestamp }),
    issued({ token: "2" }),
    issued({ token: "3" }),
  ]);
  let now = 0;
  const one = credentials(exec, {}, () => now);
  await one.current(SIGNAL);
  now = 60_000;
  const expired = await Promise.all([one.current(SIGNAL), one.current(SIGNAL), one.current(SIGNAL)]);
  expect(expired).toEqual(Array.from({ length: 3 }, () => ({ authorization: "Bearer 2" })));
  const renewed = await Promise.all(
    expired.map((proof) => {
      one.refused(proof);
      return one.current(SIGNAL);
    }),
  );
  expect(renewed).toEqual(Array.from({ length: 3 }, () => ({ authorization: "Bearer 3" })));
  expect(calls).toHaveLength(3);
});

test("a plugin may give a client certificate", async () => {
  const { exec } = fakeExec([issued({ clientCertificateData: "CERT", clientKeyData: "KEY" })]);
  expect(await credentials(exec).current(SIGNAL)).toEqual({ certificate: { cert: "CERT", key: "KEY" } });
});

test.each([
  [{ exitCode: 3, stderr: "first\nlog in again\n" }, "NOT_ALLOWED", "exited with 3: log in again\nLog in again with"],
  [{ stdout: "s3cret" }, "INVALID_INPUT", "gave no credentials; what it printed is not JSON"],
  [issued({ token: "s3cret" }, "v9"), "INVALID_INPUT", `gave no credentials; expected an ExecCredential of ${V1}`],
  [issued({}), "INVALID_INPUT", "its status has neither a token nor a client certificate"],
  [issued({ clientKeyData: "s3cret" }), "INVALID_INPUT", "clientCertificateData and clientKeyData go together"],
  [issued({ token: "s3cret", expirationTimestamp: "soon" }), "INVALID_INPUT", "expirationTimestamp is no RFC 3339"],
  [issued({ token: { s3cret: 1 } }), "INVALID_INPUT", "expected text, found a map"],
  [new SlipwayError("NOT_FOUND", "not on the PATH"), "NOT_FOUND", "the credential plugin cloud-login is not installed"],
])("what a plugin does wrong is told without its secrets (%#)", async (answer, code, message) => {
  const error = await rejectionOf(credentials(fakeExec([answer]).exec).current(SIGNAL));
  expect(error.code).toBe(code);
  expect(error.describe()).toContain(message);
  expect(error.describe()).toContain('/kc: the user "jane"');
  expect(error.describe()).not.toContain("s3cret");
});

test("the kubeconfig's hint helps when the plugin is not installed", async () => {
  const { exec } = fakeExec([new SlipwayError("NOT_FOUND", "not on the PATH")]);
  const error = await rejectionOf(credentials(exec, { installHint: "Get it from the shelf." }).current(SIGNAL));
  expect(error.hint).toBe("Get it from the shelf.");
});

test.each([
  [{ apiVersion: "client.authentication.k8s.io/v1alpha1" }, "speaks client.authentication.k8s.io/v1alpha1; expected"],
  [{ interactiveMode: "Always" as const }, "wants to ask at the terminal"],
])("a plugin that cannot be served is refused before it is run: %j", (plugin, message) => {
  const { exec, calls } = fakeExec([]);
  expect(errorOf(() => credentials(exec, plugin)).message).toContain(message);
  expect(calls).toEqual([]);
});

test("where no programs are run, a user that needs one is refused", () => {
  expect(errorOf(() => credentials(undefined)).message).toBe(
    'the user "jane": needs the credential plugin cloud-login, and no programs are run here',
  );
});
