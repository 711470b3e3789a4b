import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SlipwayError, isTreeList, isTreeMap, own, type Tree } from "@slipway/base";
import type { CertificatePair } from "@slipway/base/testing/certificates";
import { KWOK_CONFIGURATION, createKwokObjects } from "../kwok/objects.ts";
import { logLine } from "../kwok/steer.ts";
import type { ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
import { clientCertificate, writeFiles, writeKubeconfig, type Identities, type User } from "./files.ts";
import { partFlags, type Ports } from "./flags.ts";
import { startPart, type Part, type PartName } from "./part.ts";
import { adminRequests, type AdminRequests } from "./request.ts";

const TIMEOUT_MS = 60_000;
const POLL_MS = 20;
/** What the API server may take to finish requests when it is restarted. */
const GRACE_MS = 5000;
const DEFAULT_LOG = "This pod runs nowhere: kwok plays its kubelet.";

/** The parts of a control plane and what is known of them. */
export class RunningControlPlane implements ControlPlane {
  readonly server: string;
  readonly kubeconfig: string;
  readonly directory: string;
  readonly #ports: Ports;
  readonly #options: ControlPlaneOptions;
  readonly #parts = new Map<PartName, Part>();
  #identities: Identities | undefined;
  #requests: AdminRequests | undefined;
  #users = 0;
  readonly #ended = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(directory: string, ports: Ports, options: ControlPlaneOptions) {
    this.directory = directory;
    this.#ports = ports;
    this.#options = options;
    this.server = `https://127.0.0.1:${ports.apiServer}`;
    this.kubeconfig = join(directory, "admin.kubeconfig");
  }

  get ca(): string {
    return this.#known().authority.cert;
  }

  get admin(): CertificatePair {
    return this.#known().admin;
  }

  get processes(): ReadonlyMap<PartName, number> {
    return new Map([...this.#parts].map(([name, part]) => [name, part.pid]));
  }

  /** Brings all parts up; see `startControlPlane`. */
  async start(): Promise<void> {
    await this.#supervised(async (signal) => {
      // etcd gets ahead while the certificates are made: an API server that meets no etcd pauses for a second.
      const [identities] = await Promise.all([writeFiles(this.directory, this.server), this.#run("etcd")]);
      this.#identities = identities;
      this.#requests = adminRequests(this.server, identities.authority.cert, identities.admin);
      await this.#run("kube-apiserver");
      await this.#until(signal, "the API server to answer", async () => await this.#answers("/version"));
      this.#tell("the API server answers");
      await Promise.all([
        this.#startControllers(signal),
        this.#options.kwok === false ? undefined : this.#startKwok(signal),
      ]);
    });
  }

  /** These give up when the API server is not well soon, so they start when it is. */
  async #startControllers(signal: AbortSignal): Promise<void> {
    await this.#until(signal, "the API server to be ready", async () => await this.#answers("/readyz"));
    this.#tell("the API server is ready");
    await Promise.all([this.#run("kube-controller-manager"), this.#run("kube-scheduler")]);
    const account = "/api/v1/namespaces/default/serviceaccounts/default";
    await this.#until(signal, "the controller manager to work", async () => await this.#answers(account));
    this.#tell("the controller manager works");
  }

  async servingCertificate(): Promise<CertificatePair> {
    const subject = { commonName: "server", hosts: ["localhost", "127.0.0.1"], validForMs: 24 * 3_600_000 };
    return await this.#known().authority.issue(subject);
  }

  async kubeconfigFor(
    identity: User | { readonly token: string },
    { server = this.server }: { readonly server?: string } = {},
  ): Promise<string> {
    const { authority } = this.#known();
    const credentials = "token" in identity ? identity : await clientCertificate(authority, identity);
    const path = join(this.directory, `user-${++this.#users}.kubeconfig`);
    await writeKubeconfig(path, { server, ca: authority.cert, credentials });
    return path;
  }

  async restartApiServer({ abrupt = false }: { readonly abrupt?: boolean } = {}): Promise<void> {
    await this.#parts.get("kube-apiserver")?.stop(abrupt ? 0 : GRACE_MS);
    await this.#supervised(async (signal) => {
      await this.#run("kube-apiserver");
      await this.#until(signal, "the API server to be ready again", async () => await this.#answers("/readyz"));
    });
  }

  async log(part: PartName): Promise<string> {
    return await readFile(join(this.directory, `${part}.log`), "utf8");
  }

  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    this.#ended.abort(new SlipwayError("UNAVAILABLE", "the control plane was stopped"));
    this.#requests?.close();
    await Promise.all([...this.#parts.values()].map(async (part) => await part.stop(0)));
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #startKwok(signal: AbortSignal): Promise<void> {
    const logFile = join(this.directory, "pod.log");
    await Promise.all([
      writeFile(join(this.directory, "kwok.yaml"), KWOK_CONFIGURATION),
      writeFile(logFile, logLine(DEFAULT_LOG)),
      mkdir(join(this.directory, "exec")),
    ]);
    const { kwokDefinitions, kwokStages } = this.#options.programs;
    await createKwokObjects(
      { definitions: kwokDefinitions, stages: kwokStages, logFile },
      async (path, yaml) => {
        await this.#until(signal, "the API server to take kwok's objects", async () => await this.#creates(path, yaml));
      },
      async (group, plurals) => {
        await this.#until(signal, "the API server to know kwok's kinds", async () => {
          return await this.#serves(group, plurals);
        });
      },
    );
    await this.#run("kwok");
    const health = `https://127.0.0.1:${this.#ports.kubelet}/healthz`;
    await this.#until(signal, "kwok to answer", async () => await this.#answers(health));
    this.#tell("kwok plays nodes");
  }

  async #run(name: PartName): Promise<void> {
    this.#ended.signal.throwIfAborted();
    const flags = [...partFlags(this.#ports)[name], ...(this.#options.flags?.[name] ?? [])];
    const part = await startPart(name, this.#options.programs.parts[name], flags, this.directory);
    // Whoever stopped the others meanwhile did not know of this one.
    if (this.#ended.signal.aborted) await part.stop(0);
    this.#ended.signal.throwIfAborted();
    this.#parts.set(name, part);
  }

  /** Runs work that ends when a part does, when it takes too long, or when the start is given up. */
  async #supervised(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const { signal, timeoutMs = TIMEOUT_MS } = this.#options;
    const timeout = new AbortController();
    const timer = setTimeout(() => {
      timeout.abort(new SlipwayError("TIMED_OUT", `the control plane did not start within ${timeoutMs / 1000} s`));
    }, timeoutMs);
    try {
      const ends = [timeout.signal, this.#ended.signal, ...(signal === undefined ? [] : [signal])];
      await work(AbortSignal.any(ends));
    } finally {
      clearTimeout(timer);
    }
  }

  /** Asks again and again, as long as all parts run. */
  async #until(signal: AbortSignal, what: string, probe: () => Promise<boolean>): Promise<void> {
    for (;;) {
      const failures = [...this.#parts.values()].map(async (part) => await part.failed);
      const isTrue = await Promise.race([probe(), ...failures]);
      if (isTrue) return;
      if (signal.aborted) this.#tell(`gave up waiting for ${what}`);
      signal.throwIfAborted();
      await sleep(POLL_MS);
    }
  }

  async #answers(path: string): Promise<boolean> {
    return (await this.#ask("GET", path)) === 200;
  }

  /** Rights and kinds appear while the server starts: a refusal is no answer yet. */
  async #creates(path: string, yaml: string): Promise<boolean> {
    const status = await this.#ask("POST", path, yaml);
    return status === 201 || status === 409;
  }

  async #serves(group: string, plurals: readonly string[]): Promise<boolean> {
    const answer = await this.#requests?.send("GET", `/apis/${group}`).catch(() => undefined);
    if (answer?.status !== 200) return false;
    const resources = resourcesOf(answer.json());
    return plurals.every((plural) => resources.has(plural));
  }

  async #ask(method: "GET" | "POST", path: string, body?: string): Promise<number> {
    const answer = await this.#requests?.send(method, path, body).catch(() => undefined);
    return answer?.status ?? 0;
  }

  #tell(line: string): void {
    this.#options.log?.(line);
  }

  #known(): Identities {
    if (this.#identities !== undefined) return this.#identities;
    throw new SlipwayError("BUG", "the control plane is used before it has started");
  }
}

function resourcesOf(list: Tree): ReadonlySet<Tree | undefined> {
  const resources = isTreeMap(list) ? own(list, "resources") : undefined;
  if (!isTreeList(resources)) return new Set();
  return new Set(resources.map((resource) => (isTreeMap(resource) ? own(resource, "name") : undefined)));
}
