/** The secret of an otpauth address in groups of four, for typing it in; undefined: it is none. */
export function secretWords(uri: string): string | undefined {
  try {
    const address = new URL(uri);
    const secret = address.protocol === "otpauth:" ? address.searchParams.get("secret") : null;
    return secret?.match(/.{1,4}/g)?.join(" ");
  } catch {
    return undefined;
  }
}
