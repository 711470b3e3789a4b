import { SlipwayError, textAt, type TreeMap } from "@slipway/base";
import { isSubdomainName } from "@slipway/kube";

/** What a variable may be called (Kubernetes, EnvVar `name`, without the looser names of late releases). */
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** Keys of Secrets (Kubernetes, Secret `data`). */
const SECRET_KEY = /^[-._A-Za-z0-9]+$/;

/**
 * The variables of a container. A text is `KEY=VALUE`; texts without an equals sign behind a name are the seed's form for its
 * own use: `KEY,VALUE`, or `KEY,VALUE,KEY,SECRET`, whose second variable comes from the key of its own name in a Secret, if
 * there is one.
 *
 * @param plain what was given as `--env`
 * @param fromSecrets what was given as `--env-secret`: `KEY=SECRET/KEY`
 * @throws SlipwayError USAGE for anything else, and for a variable that is there twice
 */
export function environmentOf(plain: readonly string[], fromSecrets: readonly string[]): readonly TreeMap[] {
  const isPair = (text: string): boolean => /^[^,=]*=/.test(text);
  const variables = [
    ...plain.filter(isPair).map(pairVariable),
    ...listVariables(plain.filter((text) => !isPair(text))),
    ...fromSecrets.map(secretVariable),
  ];
  const names = variables.map((variable) => textAt(variable, "name"));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new SlipwayError("USAGE", `--env gives the variable ${twice} twice`);
  return variables;
}

function pairVariable(text: string): TreeMap {
  const at = text.indexOf("=");
  return { name: checkedName("env", text.slice(0, at)), value: text.slice(at + 1) };
}

function secretVariable(text: string): TreeMap {
  const [, name = "", secret = "", key = ""] = /^([^=]*)=([^/]*)\/(.*)$/.exec(text) ?? [];
  if (name === "" || !isSubdomainName(secret) || !SECRET_KEY.test(key))
    throw new SlipwayError("USAGE", `NAME=SECRET/KEY is expected behind --env-secret, found "${text}"`, {
      hint: "For example PROXY_USER=proxy-login/user.",
    });
  return { name: checkedName("env-secret", name), valueFrom: { secretKeyRef: { name: secret, key } } };
}

function listVariables(texts: readonly string[]): readonly TreeMap[] {
  const [name, value, secretName, secret, ...more] = texts
    .flatMap((text) => text.split(","))
    .map((part) => part.trim());
  if (name === undefined) return [];
  const isWhole = value !== undefined && more.length === 0 && (secretName === undefined) === (secret === undefined);
  if (!isWhole) throw new SlipwayError("USAGE", `--env takes KEY=VALUE, not "${texts.join(",")}"`);
  const first = { name: checkedName("env", name), value };
  if (secretName === undefined || secret === undefined) return [first];
  const secretKeyRef = { name: secret, key: secretName, optional: true };
  return [first, { name: checkedName("env", secretName), valueFrom: { secretKeyRef } }];
}

function checkedName(flag: string, name: string): string {
  if (NAME.test(name)) return name;
  throw new SlipwayError("USAGE", `--${flag} takes names of variables such as NIM_MODEL_NAME, not "${name}"`);
}
