export type { HandlerTools, LocationContext, ResultHandler } from "../flow/result-handler.ts";
