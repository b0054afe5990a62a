import { row, second } from "../setting.ts";
import { flag, interval, text } from "../value-kinds.ts";

/** Where secrets come from. */
export const secretSettings = {
  useLocalSecrets: row({
    names: ["PREFECT__CLOUD__USE_LOCAL_SECRETS"],
    kind: flag,
    fallback: true,
    about:
      "true: an API of Prefect 0.7 or 1.x is not asked for secrets; agents set false. PREFECT__CONTEXT__SECRETS__NAME is a secret of the context.",
  }),
  secretProviders: row<string | null>({
    names: ["FLOW_RUNNER__SECRET_PROVIDERS"],
    kind: text,
    fallback: null,
    fallbackText: "context,file,api",
    about: "Where secrets are looked for, in this order: context, file, api, gcp, aws.",
  }),
  secretFolder: row({
    names: ["FLOW_RUNNER__SECRET_FOLDER"],
    kind: text,
    fallback: "/run/secrets",
    about: "Folder where secrets are mounted as files.",
  }),
  secretTimeout: row({
    names: ["FLOW_RUNNER__SECRET_TIMEOUT"],
    kind: interval,
    fallback: 30 * second,
    about: "Time limit for fetching one secret.",
  }),
};
