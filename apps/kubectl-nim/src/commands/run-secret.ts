import { SlipwayError, type ExitName, type Output } from "@slipway/base";
import { RESOURCES, checkName, nameOf, type KubeClient, type KubeObject } from "@slipway/kube";
import { FIELD_MANAGER } from "@slipway/serving";
import {
  defaultSecretName,
  hiddenSecret,
  looksLikeKey,
  readKey,
  secretError,
  secretObject,
  type KeyOwner,
  type SecretName,
} from "@slipway/serving/secrets";
import type { CommandContext } from "@slipway/terminal";
import { clusterOf } from "../actions/cluster-of.ts";
import { keyText } from "../actions/key-text.ts";
import type { NimDeps } from "../deps.ts";
import { NGC_SECRET_FLAGS, SECRET_FLAGS } from "../flags/secret-flags.ts";
import { outputFormat, type ObjectFormat } from "../output/format.ts";
import { printObject, printObjects } from "../output/print-objects.ts";
import { printWritten } from "../output/written.ts";

/** What `kubectl nim secret ngc` does. */
export async function secretNgc(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const only = context.read(NGC_SECRET_FLAGS.only);
  const pull = {
    use: "pullSecret",
    name: context.read(NGC_SECRET_FLAGS.pullSecret) ?? defaultSecretName("pullSecret"),
  } as const;
  const api = { use: "authSecret", name: context.args[0] ?? defaultSecretName("authSecret") } as const;
  if (only === "both" && pull.name === api.name)
    throw new SlipwayError("USAGE", `both secrets cannot be called "${api.name}": they are of different types`);
  const chosen = { both: [pull, api], pull: [pull], api: [api] }[only];
  return makeSecrets(deps, context, "ngc", chosen);
}

/** What `kubectl nim secret hf` does. */
export async function secretHf(deps: NimDeps, context: CommandContext): Promise<ExitName> {
  const name = context.args[0] ?? defaultSecretName("altSecret");
  return makeSecrets(deps, context, "hf", [{ use: "altSecret", name }]);
}

async function makeSecrets(
  deps: NimDeps,
  context: CommandContext,
  owner: KeyOwner,
  names: readonly SecretName[],
): Promise<ExitName> {
  const { read, log } = context;
  for (const { name } of names) checkSecretName(name);
  const format = await outputFormat(read(SECRET_FLAGS.output), deps);
  const dryRun = read(SECRET_FLAGS.dryRun);
  const { client, namespace } = await clusterOf(deps, context);
  const { key, warning } = readKey(owner, await keyText(deps, context, owner));
  if (warning !== undefined) log.warn(warning);
  const objects = names.map((name) => secretObject(name, key, namespace));
  const verb = read(SECRET_FLAGS.replace) ? "written" : "created";
  const done: KubeObject[] = [];
  for await (const object of written(objects, dryRun, writerOf(deps, context, client))) {
    done.push(hiddenSecret(object));
    const sentence = `Secret "${nameOf(object)}" ${verb} in namespace "${namespace}"`;
    if (format.kind === "table") await printWritten(deps.io.stdout, object, { format, sentence, dryRun });
  }
  if (format.kind !== "table") printAll(deps.io.stdout, format, done);
  return "DONE";
}

function printAll(output: Output, format: ObjectFormat, secrets: readonly KubeObject[]): void {
  const [first, second] = secrets;
  if (first !== undefined && second === undefined) printObject(output, format, first);
  else printObjects(output, format, secrets);
}

/** Writes secrets one after the other; none is written when the server would refuse one of them. */
async function* written(
  objects: readonly KubeObject[],
  dryRun: "none" | "client" | "server",
  write: Write,
): AsyncGenerator<KubeObject> {
  if (dryRun !== "client") for (const object of objects) await write(object, true);
  for (const object of objects) yield dryRun === "none" ? await write(object, false) : object;
}

type Write = (object: KubeObject, dryRun: boolean) => Promise<KubeObject>;

function writerOf({ io }: NimDeps, { read }: CommandContext, client: KubeClient): Write {
  const isReplacing = read(SECRET_FLAGS.replace);
  return async (object, dryRun) => {
    const { namespace, name = "" } = object.metadata;
    const options = {
      namespace,
      dryRun,
      fieldManager: FIELD_MANAGER,
      fieldValidation: "Strict",
      signal: io.signal,
    } as const;
    try {
      if (!isReplacing) return await client.create(RESOURCES.secrets, object, options);
      return await client.patch(RESOURCES.secrets, name, { type: "apply", object, force: true }, options);
    } catch (error) {
      const taken = "Put the key into it with --replace, or choose another name.";
      throw secretError(error, { name, namespace: namespace ?? "" }, taken);
    }
  };
}

function checkSecretName(name: string): void {
  if (looksLikeKey(name))
    throw new SlipwayError(
      "USAGE",
      "the name of the secret looks like a key, and keys are not given on the command line",
      {
        hint: "Treat it as known to others, and make a new one. Use --from-env, --from-stdin, or be asked.",
      },
    );
  checkName(name, "Secret");
}
