export {
  Environment,
  type EnvironmentOptions,
  LocalEnvironment,
  RemoteEnvironment,
  type RemoteEnvironmentOptions,
} from "./environment.ts";
