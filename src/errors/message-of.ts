/** What was thrown, as a sentence: user code and libraries throw more than errors. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
