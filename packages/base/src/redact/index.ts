export { REDACTED } from "./marker.ts";
export { isSecret, isSecretName } from "./secret-name.ts";
export { redactNamed, redactTree, type IsReference } from "./redact-tree.ts";
export { redactText } from "./secret-text.ts";
