import type { SearchPart } from "../../api/types";

/** A text with what was found of it marked. */
export function Marked({ parts }: { parts: readonly SearchPart[] }) {
  return <>{parts.map((part, at) => (part.hit ? <mark key={at}>{part.text}</mark> : <span key={at}>{part.text}</span>))}</>;
}

/** The same text without marks, for names of controls. */
export const plain = (parts: readonly SearchPart[]): string => parts.map((part) => part.text).join("");
