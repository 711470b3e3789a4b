export { ask, type AnswerEvent, type Message, type Question } from "./ask.ts";
export { choosePod, type ServingPod } from "./choose-pod.ts";
export type { Endpoint } from "./endpoint.ts";
export { paceText, startMeter, type Pace } from "./meter.ts";
export { chooseModel, loadedModels } from "./models.ts";
