export { scaleService, type Scaled, type ScaleWish } from "./scale.ts";
