import { listAt, textAt } from "@slipway/base";
import { RESOURCES } from "@slipway/kube";
import { evaluateConstraint } from "@slipway/recipe";
import { outcomeOf, skipped, type Check, type CheckContext } from "../context.ts";
import { list } from "../read.ts";

/** What the name of a constraint on an installed version looks like: `Deployment.gpu-operator.version`. */
const NAME = /^Deployment\.([^.]+)\.version$/;

/** Whether the operators have versions that the recipe's deployment phase allows. */
export const operatorVersion: Check = async (context) => {
  const constraints = (context.phase?.constraints ?? []).filter(({ name }) => NAME.test(name));
  if (constraints.length === 0) return skipped("the recipe allows any version (no Deployment.NAME.version constraint)");
  const [problems, seen]: [string[], string[]] = [[], []];
  for (const constraint of constraints) {
    const name = NAME.exec(constraint.name)?.[1] ?? "";
    const version = await versionOf(context, name);
    const outcome = evaluateConstraint(constraint, () => version);
    if (outcome.passed) seen.push(`${name} has ${version ?? ""}, expected ${constraint.value}`);
    else if (version === undefined) problems.push(`there is no Deployment ${name} that tells its version`);
    else problems.push(`${name}: ${outcome.reason ?? ""}`);
  }
  return outcomeOf(
    problems,
    seen,
    seen.join("; "),
    "Install the version of the recipe: make its bundle again (aicr bundle) and run deploy.sh.",
  );
};

/** The version that a deployment says it has: by its label, else by the tag of its first image. */
async function versionOf(context: CheckContext, name: string): Promise<string | undefined> {
  const namespace = context.recipe.components.find((component) => component.name === name)?.namespace;
  const deployments = (await list(context, RESOURCES.deployments, { namespace })) ?? [];
  const deployment =
    deployments.find(({ metadata }) => metadata.name === name) ??
    deployments.find(({ metadata }) => metadata.labels?.["app.kubernetes.io/name"] === name);
  if (deployment === undefined) return undefined;
  const [container] = listAt(deployment, "spec", "template", "spec", "containers");
  const tag = /:([^/:@]+)(?:@|$)/.exec(textAt(container, "image"))?.[1];
  return deployment.metadata.labels?.["app.kubernetes.io/version"] ?? tag;
}
