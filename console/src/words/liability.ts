interface Clause {
  id: string;
  article: string;
  gist: string;
}

/** Items of the liability articles: CN-39 to CN-41, HB-30, XN-26. */
const liability = /^(CN-39|CN-40|CN-41|HB-30|XN-26)\.\d+$/;

/** The clauses that a department can be held liable under. */
export function liabilityClauses<T extends Clause>(clauses: readonly T[]): T[] {
  return clauses.filter(({ id }) => liability.test(id));
}
