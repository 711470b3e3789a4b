export { keyProblem, looksLikeKey, readKey } from "./key.ts";
export { secretError, type SecretPlace } from "./secret-error.ts";
export { defaultSecretName, hiddenSecret, secretObjects, type KeyOwner, type SecretName } from "./objects.ts";
