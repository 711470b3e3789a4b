import { SlipwayError, isTreeMap, kindOf, textAt, type ExitName, type TreeMap } from "@slipway/base";
import { checkNamespace, type KubeClient } from "@slipway/kube";
import { FIELD_MANAGER, NIM_KINDS, type NimKindNames } from "@slipway/serving";
import {
  NIM_CACHE_FIELDS,
  NIM_SERVICE_FIELDS,
  buildNimCache,
  buildNimService,
  dependsOnRelease,
  type BuiltObject,
} from "@slipway/serving/spec";
import type { CommandContext, Flag } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { writeError } from "../actions/write-error.ts";
import type { NimDeps } from "../deps.ts";
import { CONNECTION_FLAGS } from "../flags/connection-flags.ts";
import { CREATE_FLAGS } from "../flags/create-flags.ts";
import { givenValues } from "../flags/spec-flags.ts";
import { outputFormat } from "../output/format.ts";
import { printWritten } from "../output/written.ts";

type SpecFlags = readonly Flag<readonly string[]>[];

/** How an object of a kind is made of flags. */
interface Recipe {
  readonly kind: NimKindNames;
  /** Must not ask the cluster. */
  build(input: BuildInput): BuiltObject;
  /** As `build`, knowing the release of the operator where a choice depends on it. */
  refine(input: BuildInput, client: KubeClient): Promise<BuiltObject | undefined>;
}

interface BuildInput {
  readonly name: string;
  readonly namespace: string;
  readonly file: TreeMap | undefined;
}

/** What `kubectl nim create nimservice` does. */
export async function createNimService(deps: NimDeps, context: CommandContext, flags: SpecFlags): Promise<ExitName> {
  const given = givenValues(NIM_SERVICE_FIELDS, context.read, flags);
  return create(deps, context, {
    kind: NIM_KINDS.NIMService,
    build: (input) => buildNimService({ ...input, given }),
    refine: async (input, client) => {
      if (!dependsOnRelease(given)) return undefined;
      const { readOperatorTraits } = await import("@slipway/serving/operator");
      const traits = await readOperatorTraits(client, deps.io.signal);
      if (traits === undefined)
        context.log.debug("the definition of NIMService may not be read: its release is unknown");
      return traits === undefined ? undefined : buildNimService({ ...input, given, traits });
    },
  });
}

/** What `kubectl nim create nimcache` does. */
export async function createNimCache(deps: NimDeps, context: CommandContext, flags: SpecFlags): Promise<ExitName> {
  const given = givenValues(NIM_CACHE_FIELDS, context.read, flags);
  return create(deps, context, {
    kind: NIM_KINDS.NIMCache,
    build: (input) => buildNimCache({ ...input, given }),
    refine: async () => undefined,
  });
}

async function create(deps: NimDeps, context: CommandContext, recipe: Recipe): Promise<ExitName> {
  const { read, log } = context;
  const { io } = deps;
  const { kind } = recipe;
  const dryRun = read(CREATE_FLAGS.dryRun);
  const timeoutMs = read(CREATE_FLAGS.timeout);
  if (read(CREATE_FLAGS.wait) && dryRun !== "none")
    throw new SlipwayError("USAGE", "--wait and --dry-run exclude each other: what is not made never gets ready");
  const format = await outputFormat(read(CREATE_FLAGS.output), deps);
  const file = await fileOf(deps, read(CREATE_FLAGS.fromFile));
  const name = nameOf(context, kind, file);
  const inSource = (place: string): BuiltObject =>
    inFile(read(CREATE_FLAGS.fromFile), () => recipe.build({ name, namespace: place, file }));
  // What is wrong with the input is told before a cluster is looked for.
  const said = read(CONNECTION_FLAGS.namespace) || textAt(file, "metadata", "namespace");
  inSource(said || "default");
  const found = await placeOf(deps, context, dryRun);
  const { client } = found;
  const namespace = checkNamespace(said || found.namespace);
  const input = { name, namespace, file };
  const refined = client === undefined ? undefined : await recipe.refine(input, client);
  const { object, warnings } = refined ?? inSource(namespace);
  for (const warning of warnings) log.warn(warning);
  const written = {
    format,
    sentence: `${kind.kind} "${name}" created in namespace "${namespace}"`,
    dryRun,
  };
  if (client === undefined) return await printWritten(io.stdout, object, written);
  const options = {
    namespace,
    dryRun: dryRun === "server",
    fieldManager: FIELD_MANAGER,
    fieldValidation: "Strict",
    signal: io.signal,
  } as const;
  const target = { kind, name, namespace, fromFile: file !== undefined };
  const created = await client.create(kind.resource, object, options).catch((error: unknown) => {
    throw writeError(error, target);
  });
  await printWritten(io.stdout, created, written);
  if (!read(CREATE_FLAGS.wait)) return "DONE";
  const { waitUntilReady } = await import("../actions/wait-until-ready.ts");
  return waitUntilReady(deps, context, client, { object: created, timeoutMs });
}

/** Without a client nothing is sent; then no cluster needs to be configured either, unless one is named. */
async function placeOf(
  deps: NimDeps,
  context: CommandContext,
  dryRun: "none" | "client" | "server",
): Promise<{ readonly client: KubeClient | undefined; readonly namespace: string }> {
  if (dryRun !== "client") return await clusterOf(deps, context);
  try {
    const { namespace } = await clusterOf(deps, context);
    return { client: undefined, namespace };
  } catch (error) {
    const { kubeconfig, context: name, namespace } = CONNECTION_FLAGS;
    const isNamed = context.isGiven(kubeconfig) || context.isGiven(name);
    if (isNamed || !(error instanceof SlipwayError) || error.code !== "NOT_FOUND") throw error;
    return { client: undefined, namespace: checkNamespace(context.read(namespace) || "default") };
  }
}

/** Names the file in what is wrong with it. */
function inFile<Result>(source: string | undefined, action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (source === undefined || !(error instanceof SlipwayError) || error.code !== "INVALID_INPUT") throw error;
    throw error.at({ file: source === "-" ? "standard input" : source });
  }
}

/** That of the command line, else the file's. */
function nameOf({ args }: CommandContext, { kind, singular }: NimKindNames, file: TreeMap | undefined): string {
  const name = args[0] || textAt(file, "metadata", "name");
  if (name !== "") return name;
  throw new SlipwayError("USAGE", `NAME is missing: what is the ${kind} to be called?`, {
    hint: `Usage: kubectl nim create ${singular} NAME [flags]; --help shows them.`,
  });
}

async function fileOf(deps: NimDeps, source: string | undefined): Promise<TreeMap | undefined> {
  if (source === undefined) return undefined;
  if (source === "")
    throw new SlipwayError("USAGE", "--from-file takes a file, or - for standard input, not an empty text");
  const { readDocument } = await import("@slipway/terminal/documents");
  return await readDocument(deps, source, "--from-file", ({ value }) => {
    if (isTreeMap(value)) return value;
    throw new SlipwayError(
      "INVALID_INPUT",
      `expected an object with apiVersion, kind and spec, found ${kindOf(value)}`,
    );
  });
}
