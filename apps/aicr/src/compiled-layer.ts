export { compiledLayer } from "@slipway/recipe";
