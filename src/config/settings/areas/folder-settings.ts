import { row } from "../setting.ts";
import { text } from "../value-kinds.ts";

/** Where things lie. */
export const folderSettings = {
  prefectFolder: row<string | null>({
    names: ["PREFECT__HOME_DIR"],
    kind: text,
    fallback: null,
    fallbackText: "~/.prefect",
    about: "Folder of saved flows, local results and what could not be delivered.",
  }),
  configFile: row<string | null>({
    names: ["PREFECT__USER_CONFIG_PATH"],
    kind: text,
    fallback: null,
    fallbackText: "~/.prefect/config.toml",
    about:
      "Prefect's configuration file: [cloud] heartbeat_interval says what PREFECT__CLOUD__HEARTBEAT_INTERVAL does, which wins. One that is not there counts as empty.",
  }),
  applicationFolder: row<string | null>({
    names: ["FLOW_RUNNER__APPLICATION_FOLDER"],
    kind: text,
    fallback: null,
    fallbackText: "the working folder",
    about: "Folder whose node_modules holds the packages that saved flows refer to.",
  }),
};
