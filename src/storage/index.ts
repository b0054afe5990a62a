export { type BuildSecret, Docker, type DockerOptions } from "./docker.ts";
export { Local } from "./local.ts";
