export { keyProblem, looksLikeKey, readKey } from "./key.ts";
export { defaultSecretName, hiddenSecret, secretObjects, type KeyOwner, type SecretName } from "./objects.ts";
