import { row } from "../define.ts";

const lines = (entries: readonly string[]) => entries.map((entry) => `\n  ${entry}`).join("");

/** Errors of building, pushing and pulling images (`src/storage/`). */
export const storageErrors = {
  STORAGE_OPTION_INVALID: row<{ storage: string; problem: string }>(
    "usage",
    ({ storage, problem }) => `The options of ${storage} are not valid: ${problem}.`,
  ),
  IMAGE_FLOW_CLASH: row<{ what: string; name: string; files: readonly string[] }>(
    "usage",
    ({ what, name, files }) =>
      `Two flows for one image have the same ${what} "${name}": ${files.join(" and ")}. Rename one, or build an image for each.`,
  ),
  IMAGE_FILE_MISSING: row<{ path: string; option: string }>(
    "usage",
    ({ path, option }) =>
      `There is no file or folder ${path}, which \`${option}\` of the storage names. Paths are relative to the folder where the build is started.`,
  ),
  IMAGE_ENVIRONMENT_SENSITIVE: row<{ variables: readonly string[] }>(
    "usage",
    ({ variables }) =>
      `These variables look like secrets, and whoever can pull the image can read them: ${variables.join(", ")}. Leave them out and use a secret of the API (flow-runner secrets set NAME), or build without --strict.`,
  ),
  DOCKERFILE_ENTRYPOINT: row<{ file: string; line: number }>(
    "usage",
    ({ file, line }) =>
      `${file}:${line} sets an ENTRYPOINT. The image's own has to stay: it executes the flow run that an agent asks for and reaps what is left behind. Take the line out; prepare things in RUN steps, in a task, or in the environment's onStart.`,
  ),
  BASE_IMAGE_WITHOUT_NODE: row<{ image: string }>(
    "flow",
    ({ image }) =>
      `The base image ${image} has no Node: there is no \`node\` on its PATH. Use one that has Node 26 or newer (node:26-bookworm-slim), or leave the base image out.`,
  ),
  BASE_IMAGE_NODE_TOO_OLD: row<{ image: string; node: string; needed: string }>(
    "flow",
    ({ image, node, needed }) =>
      `The base image ${image} has Node ${node}; flow-runner needs Node ${needed} or newer. Use a newer one (node:${needed}-bookworm-slim), or leave the base image out.`,
  ),
  BASE_IMAGE_INCOMPATIBLE: row<{ image: string; has: string; savedWith: string }>(
    "flow",
    ({ image, has, savedWith }) =>
      `The base image ${image} has flow-runner ${has}, which cannot load a flow saved with ${savedWith}. Use a base image with flow-runner ${savedWith}, or leave the base image out.`,
  ),
  BASE_IMAGE_UNUSABLE: row<{ image: string; reason: string }>(
    "flow",
    ({ image, reason }) =>
      `The base image ${image} cannot be built on: ${reason}. It needs a shell and Node 26 or newer.`,
  ),
  OWN_PACKAGE_NOT_BUILT: row<{ folder: string }>(
    "flow",
    ({ folder }) =>
      `flow-runner cannot be put into an image from ${folder}: that is a checkout that was not built. Run "npm run build" there, or "scripts/build-image" once.`,
  ),
  ENGINE_UNREACHABLE: row<{ address: string; reason: string }>(
    "failed",
    ({ address, reason }) =>
      `No Docker engine answers at ${address}: ${reason}. Start Docker, or say where it is with DOCKER_HOST.`,
  ),
  ENGINE_REFUSED: row<{ what: string; reason: string }>(
    "failed",
    ({ what, reason }) => `The Docker engine refuses to ${what}: ${reason}.`,
  ),
  ENGINE_NO_SPACE: row<{ what: string; reason: string }>(
    "failed",
    ({ what, reason }) =>
      `The Docker engine has no space left to ${what}: ${reason}. See what takes it with "docker system df", and free it with "docker system prune".`,
  ),
  DOCKER_CLI_FAILED: row<{ reason: string }>(
    "failed",
    ({ reason }) =>
      `Build secrets need the command line client of Docker with BuildKit (the engine's API cannot take them), and it does not work: ${reason}. Install docker and its buildx plugin, or build without secrets.`,
  ),
  IMAGE_PULL_FAILED: row<{ image: string; reason: string }>(
    "flow",
    ({ image, reason }) =>
      `The image ${image} cannot be pulled: ${reason}. Correct its name, log in (docker login), or use the copy that is on this machine (localImage).`,
  ),
  IMAGE_BUILD_FAILED: row<{ image: string; step: string; reason: string; output: readonly string[] }>(
    "flow",
    ({ image, step, reason, output }) =>
      `The image ${image} could not be built: ${reason}. The step was: ${step}${output.length === 0 ? "" : `\nIts last lines:${lines(output)}`}`,
  ),
  IMAGE_CHECK_FAILED: row<{ image: string; output: readonly string[] }>(
    "flow",
    ({ image, output }) =>
      `The image ${image} was built, and a flow in it failed its health checks: it would not run there. What they said:${lines(output)}`,
  ),
  IMAGE_DEPENDENCIES_FAILED: row<{ image: string; step: string; output: readonly string[] }>(
    "flow",
    ({ image, step, output }) =>
      `The packages that the flows need could not be installed in the image ${image}. The step was: ${step}\nIts last lines:${lines(output)}\nFor a private registry give the .npmrc with the key to it as the build secret "npmrc"; for yarn 2 and later .yarnrc.yml as "yarnrc".`,
  ),
  REGISTRY_REFUSED: row<{ image: string; registry: string; reason: string }>(
    "api",
    ({ image, registry, reason }) =>
      `The registry ${registry} does not let you push ${image}: ${reason}. Log in (docker login ${registry}) as somebody who may. The image is kept on this machine.`,
  ),
  REGISTRY_FAILED: row<{ image: string; registry: string; reason: string }>(
    "api",
    ({ image, registry, reason }) =>
      `${image} could not be pushed to ${registry}: ${reason}. The image is kept on this machine; try again when the registry works, or push it with: docker push ${image}`,
  ),
  CREDENTIALS_UNREADABLE: row<{ source: string; reason: string }>(
    "usage",
    ({ source, reason }) =>
      `The credentials for the registry cannot be read from ${source}: ${reason}. Mend it, or log in again (docker login).`,
  ),
};
