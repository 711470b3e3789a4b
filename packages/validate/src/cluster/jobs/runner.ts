import { SlipwayError, group, messageOf } from "@slipway/base";
import {
  RESOURCES,
  KubeApiError,
  isNotFound,
  type KubeApi,
  type KubeObject,
  type KubeStreams,
  type Resource,
} from "@slipway/kube";
import type { Phase } from "@slipway/recipe";
import { keptLines } from "../../report/model.ts";
import type { Validator } from "../../validators.ts";
import type { Outcome } from "../context.ts";
import { deleteNamespace, makeNamespace } from "./namespace.ts";
import {
  bindingObject,
  documentObject,
  jobObject,
  reportObject,
  roleName,
  roleObject,
  serviceAccountObject,
  type RunIdentity,
} from "./objects.ts";
import { waitForJob, type WaitOptions } from "./wait.ts";

/** What running checks as Jobs needs. */
export interface JobDeps extends Pick<WaitOptions, "sleep" | "now"> {
  readonly api: KubeApi & Pick<KubeStreams, "logs">;
  readonly hex: (digits: number) => string;
  /** Sentences for standard error. */
  readonly warn: (sentence: string) => void;
  readonly info: (sentence: string) => void;
}

/** What the containers of a run are given. */
export interface JobRunOptions {
  readonly identity: RunIdentity;
  /** Whether the account is the user's own, which gets no rights and stays. */
  readonly ownAccount: boolean;
  /** Whether containers whose needs are not known get cluster-admin. */
  readonly allRights: boolean;
  /** Documents as YAML. */
  readonly snapshot: string;
  readonly recipe: string;
  /** The checks that will run; what they may do follows from them. */
  readonly validators: readonly Validator[];
}

/** How long tidying up may take, also after Ctrl-C. */
const TIDY_MS = 10_000;
/** After Ctrl-C there is less than a second. */
const DELETES_AT_ONCE = 16;
const FIELD_MANAGER = "aicr";

interface Made {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace?: string;
}

/** A run of checks as Jobs: what it makes in the cluster, and takes away again. */
export class JobRun {
  readonly #deps: JobDeps;
  readonly #options: JobRunOptions;
  /** What was made. */
  #made: readonly Made[] = [];
  /** Known when the namespace was made for this run. */
  #namespaceUid: string | undefined;

  constructor(deps: JobDeps, options: JobRunOptions) {
    this.#deps = deps;
    this.#options = options;
  }

  /**
   * Makes what all Jobs share: namespace, account, rights, documents.
   *
   * @throws SlipwayError as the API does; TOO_LARGE is said before anything is sent
   */
  async prepare(signal: AbortSignal): Promise<void> {
    const { identity, snapshot, recipe, ownAccount } = this.#options;
    for (const [what, text] of [["snapshot", snapshot] as const, ["recipe", recipe] as const]) requireSmall(what, text);
    this.#namespaceUid = await makeNamespace(this.#deps.api, identity.namespace, signal);
    if (!ownAccount) await this.#makeAccount(signal);
    await this.#create(RESOURCES.configMaps, documentObject(identity, "snapshot", snapshot), signal);
    await this.#create(RESOURCES.configMaps, documentObject(identity, "recipe", recipe), signal);
  }

  async #makeAccount(signal: AbortSignal): Promise<void> {
    const { identity, validators, allRights } = this.#options;
    await this.#create(RESOURCES.serviceAccounts, serviceAccountObject(identity), signal);
    const unknown = validators.filter(({ permissions }) => permissions === undefined).map(({ name }) => name);
    const permissions = validators.flatMap((validator) => validator.permissions ?? []);
    if (unknown.length > 0 && allRights) {
      this.#deps.warn(
        `${unknown.join(", ")}: the catalog states no permissions; the containers of this run get cluster-admin, as --allow-cluster-admin says`,
      );
      await this.#create(RESOURCES.clusterRoleBindings, bindingObject(identity, "cluster-admin"), signal);
      return;
    }
    await this.#create(RESOURCES.clusterRoles, roleObject(identity, permissions), signal);
    await this.#create(RESOURCES.clusterRoleBindings, bindingObject(identity, roleName(identity)), signal);
  }

  /** Runs a check as a Job and reads what it said. */
  async run(validator: Validator, signal: AbortSignal): Promise<Outcome> {
    const { identity } = this.#options;
    const name = `aicr-${validator.name}-${this.#deps.hex(8)}`;
    const job = jobObject(identity, name, validator, validator.image ?? "");
    await this.#create(RESOURCES.jobs, job, signal);
    const { namespace } = identity;
    const { timeoutMs } = validator;
    const { exitCode, pod } = await waitForJob(name, { ...this.#deps, namespace, timeoutMs, signal });
    const lines = await this.#log(pod, signal);
    return { ...outcomeOfExit(exitCode, lines), lines };
  }

  async #log(pod: string, signal: AbortSignal): Promise<readonly string[]> {
    const decoder = new TextDecoder();
    let text = "";
    try {
      const options = { namespace: this.#options.identity.namespace, tailLines: 1000, limitBytes: LOG_BYTES, signal };
      for await (const chunk of this.#deps.api.logs(pod, options)) text += decoder.decode(chunk, { stream: true });
    } catch (error) {
      if (signal.aborted) throw error;
      text += `\n(its log cannot be read: ${messageOf(error)})`;
    }
    return keptLines(text);
  }

  /** Writes the report of a phase into the cluster. */
  async report(phase: Phase, text: string, signal: AbortSignal): Promise<void> {
    await this.#create(RESOURCES.configMaps, reportObject(this.#options.identity, phase, text), signal);
  }

  /** Takes away all that was made, also after Ctrl-C; what cannot be deleted is named with how to do it. */
  async tidyUp(): Promise<void> {
    const signal = AbortSignal.timeout(TIDY_MS);
    await group(
      DELETES_AT_ONCE,
      this.#made.toReversed().map(({ resource, name, namespace }) => async () => {
        try {
          await this.#deps.api.delete(resource, name, { namespace, propagation: "Background", signal });
        } catch (error) {
          if (isNotFound(error)) return;
          const where = namespace === undefined ? "" : ` -n ${namespace}`;
          this.#deps.warn(`left behind (${messageOf(error)}): kubectl delete ${resource.plural} ${name}${where}`);
        }
      }),
    );
    await this.#leaveNamespace(signal);
  }

  /** A namespace that was there before, or that others use by now, stays. */
  async #leaveNamespace(signal: AbortSignal): Promise<void> {
    const { namespace: name } = this.#options.identity;
    if (this.#namespaceUid === undefined) return;
    const jobs = this.#made.filter(({ resource }) => resource === RESOURCES.jobs).map((job) => job.name);
    const why = await deleteNamespace(this.#deps.api, { name, uid: this.#namespaceUid, jobs }, signal);
    if (why !== undefined) this.#deps.info(`the namespace ${name} stays: ${why}`);
  }

  /** What is about to be made is noted first: a request that is cut may have been carried out. */
  async #create(resource: Resource, object: KubeObject, signal: AbortSignal): Promise<void> {
    const { name = "", namespace } = object.metadata;
    const made = { resource, name, ...(namespace === undefined ? {} : { namespace }) };
    this.#made = [...this.#made, made];
    try {
      await this.#deps.api.patch(
        resource,
        name,
        { type: "apply", object, force: true },
        { namespace, fieldManager: FIELD_MANAGER, signal },
      );
    } catch (error) {
      if (isRefused(error)) this.#made = this.#made.filter((other) => other !== made);
      throw error;
    }
  }
}

/** Whether a server has said that it did not do what was asked; after any other error nobody knows. */
function isRefused(error: unknown): boolean {
  return error instanceof KubeApiError && error.status >= 400 && error.status < 500;
}

const LOG_BYTES = 4 * 1024 * 1024;
/** Most of an object that etcd takes, less what surrounds the text. */
const CONFIG_MAP_BYTES = 1024 * 1024 - 16 * 1024;

function requireSmall(what: string, text: string): void {
  const size = new TextEncoder().encode(text).length;
  if (size <= CONFIG_MAP_BYTES) return;
  throw new SlipwayError("TOO_LARGE", `the ${what} has ${size} bytes, more than a ConfigMap holds (1 MiB)`, {
    hint: "Checks that run as containers read it from there. Take a smaller snapshot (--exclude, --max-nodes-per-entry), or use --skip-check.",
  });
}

/** The exit codes of a check's container: 0 passed, 1 failed, 2 skipped. Its last line says why. */
function outcomeOfExit(exitCode: number, lines: readonly string[]): Outcome {
  const last = lines.findLast((line) => line.trim() !== "") ?? "";
  if (exitCode === 0) return { verdict: "passed", message: last };
  if (exitCode === 1) return { verdict: "failed", message: last === "" ? "the container says that it failed" : last };
  if (exitCode === 2) return { verdict: "skipped", message: last === "" ? "skipped" : last };
  return { verdict: "error", message: `the container ended with ${exitCode}${last === "" ? "" : `: ${last}`}` };
}
