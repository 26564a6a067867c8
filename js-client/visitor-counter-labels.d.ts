/** Labels by language. Importing the file gives them to `<visitor-counter>`. */
export const LABELS: Record<string, Record<string, string>>;
