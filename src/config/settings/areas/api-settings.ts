import { minute, row } from "../setting.ts";
import {
  amount,
  apiAddress,
  type DialectChoice,
  dialectChoice,
  duration,
  interval,
  retries,
  text,
  variables,
} from "../value-kinds.ts";

/** Where the API is, who asks, and how long to wait for it. */
export const apiSettings = {
  apiUrl: row<string | null>({
    names: ["PREFECT__CLOUD__API"],
    kind: apiAddress,
    fallback: null,
    fallbackText: "required by execute",
    about: "Address of the API.",
  }),
  graphqlUrl: row<string | null>({
    names: ["PREFECT__CLOUD__GRAPHQL"],
    kind: apiAddress,
    fallback: null,
    about:
      "Address of the GraphQL endpoint; environments of Prefect 0.7 set it instead of the API's, which is taken from it.",
  }),
  apiKey: row<string | null>({
    names: ["PREFECT__CLOUD__API_KEY", "PREFECT__CLOUD__AUTH_TOKEN", "PREFECT__CLOUD__AGENT__AUTH_TOKEN"],
    kind: text,
    fallback: null,
    secret: true,
    about: "Key for the API; the second and third name are those of Prefect 0.7. Never shown, never given to the flow.",
  }),
  tenantId: row<string | null>({
    names: ["PREFECT__CLOUD__TENANT_ID"],
    kind: text,
    fallback: null,
    about: "Tenant that the key acts for.",
  }),
  dialect: row<DialectChoice>({
    names: ["FLOW_RUNNER__DIALECT"],
    kind: dialectChoice,
    fallback: "auto",
    about:
      "Which version of Prefect's API it is: 0.7 (camelCase, at /graphql/alpha below the address), 1.x (at the address itself) or 3 (REST). auto goes by what the agents and workers of each version set.",
  }),
  requestTimeout: row<number | null>({
    names: ["PREFECT__CLOUD__REQUEST_TIMEOUT", "PREFECT_API_REQUEST_TIMEOUT"],
    kind: interval,
    fallback: null,
    fallbackText: "15 s; for an API of Prefect 3 60 s",
    about: "Time limit of one request to the API; the second name is that of Prefect 3.",
  }),
  outageBudget: row({
    names: ["FLOW_RUNNER__OUTAGE_BUDGET"],
    kind: duration,
    fallback: 75 * minute,
    about: "How long the API may be out of reach before the run gives up on delivering.",
  }),
  rateLimitBackoff: row<number | null>({
    names: ["PREFECT__CLOUD__RATE_LIMITING__BACKOFF_S"],
    kind: duration,
    fallback: null,
    fallbackText: "as after any failure; with any of these four: 180 s",
    about: "Wait after an answer 429 that names no time (Retry-After).",
  }),
  rateLimitMultiplier: row<number | null>({
    names: ["PREFECT__CLOUD__RATE_LIMITING__BACKOFF_MULTIPLIER"],
    kind: amount,
    fallback: null,
    fallbackText: "10",
    about: "Seconds that are added to that wait, times a random number below 1.",
  }),
  rateLimitExponent: row<number | null>({
    names: ["PREFECT__CLOUD__RATE_LIMITING__BACKOFF_EXPONENT"],
    kind: amount,
    fallback: null,
    fallbackText: "2",
    about: "What the added seconds grow by, from one answer 429 to the next.",
  }),
  rateLimitRetries: row<number | null>({
    names: ["PREFECT__CLOUD__RATE_LIMITING__MAX_RETRIES"],
    kind: retries,
    fallback: null,
    fallbackText: "6",
    about: "How many more attempts follow answers 429; 0, false: none.",
  }),
  prefect3Url: row<string | null>({
    names: ["PREFECT_API_URL"],
    kind: apiAddress,
    fallback: null,
    about:
      "Address of the API of Prefect 3, which ends in /api. Where none of the variables of Prefect 0.7 and 1.x names an API, this is the one that is spoken to.",
  }),
  prefect3Key: row<string | null>({
    names: ["PREFECT_API_KEY"],
    kind: text,
    fallback: null,
    secret: true,
    about: "Key for the API of Prefect 3 (Cloud). Never shown, never given to the flow.",
  }),
  authString: row<string | null>({
    names: ["PREFECT_API_AUTH_STRING"],
    kind: text,
    fallback: null,
    secret: true,
    about: "`user:password` for the API of Prefect 3 (basic authentication); it wins over a key. Never shown.",
  }),
  apiHeaders: row<Readonly<Record<string, string>> | null>({
    names: ["PREFECT_CLIENT_CUSTOM_HEADERS"],
    kind: variables,
    fallback: null,
    fallbackText: "none",
    secret: true,
    about: 'Headers that go with every request to the API of Prefect 3, as in `{"X-Team": "weather"}`. Never shown.',
  }),
};
