import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { SlipwayError } from "@slipway/base";
import { controlPlanePrograms, startControlPlane, type ControlPlane, type ControlPlanePrograms } from "@slipway/sim";
import { kubectlBinary } from "./tools.ts";

/** A real cluster for tests, and the real kubectl that speaks to it as the administrator. */
export interface TestCluster {
  readonly controlPlane: ControlPlane;
  readonly kubectlPath: string;
  /** Standard output of kubectl; an exit status other than 0 is an error that holds standard error. */
  kubectl(args: readonly string[], stdin?: string): Promise<string>;
  /** A namespace of its own, in which pods can be created at once. What is in it stays until the cluster ends. */
  namespace(labels?: Readonly<Record<string, string>>): Promise<string>;
}

let programs: Promise<ControlPlanePrograms | undefined> | undefined;
let shared: Promise<TestCluster | undefined> | undefined;

/**
 * The one cluster of this test process, brought up on first use. It ends with the process: its parts notice that, and
 * remove what they wrote. Tests keep to namespaces of their own.
 *
 * @returns nothing, with the reason on standard error, where it cannot be had; with CI=true that is an error
 */
export async function sharedControlPlane(): Promise<TestCluster | undefined> {
  shared ??= testCluster();
  return await shared;
}

/** A cluster that a test has for itself, to break it; the test stops it. Undefined as {@link sharedControlPlane}. */
export async function testCluster(
  options: Omit<Parameters<typeof startControlPlane>[0], "programs"> = {},
): Promise<TestCluster | undefined> {
  const [found, kubectl] = await Promise.all([testPrograms(), kubectlBinary()]);
  if (found === undefined || kubectl === undefined) return undefined;
  return clusterOf(await startControlPlane({ programs: found, timeoutMs: 240_000, ...options }), kubectl);
}

/** The programs of a control plane, built on first use. Undefined as {@link sharedControlPlane}. */
export async function testPrograms(): Promise<ControlPlanePrograms | undefined> {
  programs ??= prepare();
  return await programs;
}

async function prepare(): Promise<ControlPlanePrograms | undefined> {
  const log = (line: string): void => {
    process.stderr.write(`control plane for tests: ${line}\n`);
  };
  try {
    return await controlPlanePrograms({ source: join(import.meta.dirname, "control-plane"), env: process.env, log });
  } catch (error) {
    if (process.env["CI"] === "true" || !(error instanceof SlipwayError) || error.code !== "NOT_FOUND") throw error;
    process.stderr.write(`\n*** ${error.describe()}\n*** tests that need a control plane are not run\n\n`);
    return undefined;
  }
}

function clusterOf(controlPlane: ControlPlane, kubectl: string): TestCluster {
  const run: TestCluster["kubectl"] = async (args, stdin) => {
    const child = promisify(execFile)(kubectl, [`--kubeconfig=${controlPlane.kubeconfig}`, ...args], {
      maxBuffer: 256 * 1024 * 1024,
    });
    child.child.stdin?.end(stdin ?? "");
    return (await child).stdout;
  };
  const namespace: TestCluster["namespace"] = async (labels = {}) => {
    const name = `test-${randomBytes(5).toString("hex")}`;
    await run(
      ["create", "-f", "-"],
      JSON.stringify({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels } }),
    );
    await run(["wait", "--for=create", "serviceaccount/default", `--namespace=${name}`, "--timeout=60s"]);
    return name;
  };
  return { controlPlane, kubectlPath: kubectl, kubectl: run, namespace };
}

/** The cluster of a test that is only run where there can be one. */
export async function started(cluster: Promise<TestCluster | undefined>): Promise<TestCluster> {
  const found = await cluster;
  if (found === undefined) throw new Error("there is no control plane");
  return found;
}

/** What an action gives once it no longer fails; the last failure after a minute. */
export async function eventually<Result>(action: () => Promise<Result>): Promise<Result> {
  const end = Date.now() + 60_000;
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(100);
  }
}
