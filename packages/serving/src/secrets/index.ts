export { keyProblem, looksLikeKey, readKey } from "./key.ts";
export { secretError, type SecretPlace } from "./secret-error.ts";
export { SECRET_KINDS, type SecretKey } from "./kinds.ts";
export { defaultSecretName, hiddenSecret, secretObject, type KeyOwner, type SecretName } from "./objects.ts";
