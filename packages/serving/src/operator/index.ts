export { readOperatorTraits, traitsOf, type OperatorTraits } from "./traits.ts";
