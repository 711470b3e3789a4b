import {
  textFile,
  scriptFile,
  type BundleComponent,
  type BundleFile,
  type BundlePlan,
  type Deployment,
} from "../../model.ts";
import { valuesFile } from "../../values-file.ts";
import { deployScript } from "./deploy-script.ts";
import { installScript } from "./install-script.ts";
import { componentReadme, rootReadme } from "./readme.ts";
import { undeployScript } from "./undeploy-script.ts";
import { uninstallScript } from "./uninstall-script.ts";
import { emptyWarnings } from "../../component-checks.ts";
import { nameWarnings } from "../names.ts";

/**
 * The bundle that `deploy.sh` installs with helm and kubectl. Each component has its values, manifests, README and
 * scripts; the scripts of a component work on their own too.
 */
export function helmDeployment(plan: BundlePlan): Deployment {
  const { components } = plan;
  return {
    files: [
      ...components.flatMap(componentFiles),
      textFile("README.md", rootReadme(plan)),
      scriptFile("deploy.sh", deployScript(components)),
      scriptFile("undeploy.sh", undeployScript(components)),
    ],
    notes: [],
    warnings: [...nameWarnings(components), ...emptyWarnings(components)],
  };
}

function componentFiles(component: BundleComponent): readonly BundleFile[] {
  const { manifests, name } = component;
  return [
    valuesFile(component),
    textFile(`${name}/README.md`, componentReadme(component)),
    scriptFile(`${name}/install.sh`, installScript(component)),
    scriptFile(`${name}/uninstall.sh`, uninstallScript(component)),
    ...manifests.map((manifest) => textFile(`${name}/manifests/${manifest.name}`, manifest.content)),
  ];
}
