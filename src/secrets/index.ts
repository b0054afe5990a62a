export { createMasker, type Masker, type MaskingStream, type SecretFound } from "./masking/masker.ts";
export { openSecrets, type Secrets, type SecretsOptions } from "./open-secrets.ts";
export type { AskApi } from "./providers/api-provider.ts";
export { type Finding, here, notHere, type SecretProvider } from "./providers/provider.ts";
