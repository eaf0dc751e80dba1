import { useWords, type VocabularyID } from "../hooks/useVocabulary";
import { word } from "../words/labels";

interface Props {
  of: VocabularyID;
  code: string | null | undefined;
}

/** The name of a code of the catalog. */
export function Word({ of, code }: Props) {
  return <>{word(useWords(of), code)}</>;
}
