export { authSecretFor, readOperatorTraits, traitsOf, type OperatorTraits } from "./traits.ts";
