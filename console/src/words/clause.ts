const instruments: Readonly<Record<string, string>> = {
  CN: "《政务数据共享条例》",
  HB: "《河北省政务数据共享应用管理办法》",
  XN: "《县政务数据资源管理办法》",
};

const digits = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** Chinese numeral of 1 to 99, as articles are counted. */
export function numeral(n: number): string {
  const tens = Math.floor(n / 10);
  const head = tens === 0 ? "" : tens === 1 ? "十" : `${digits[tens] ?? ""}十`;
  return head + (digits[n % 10] ?? "");
}

/** Article and paragraph of a clause: `CN-21.2` → 第二十一条第二款. */
export function articleName(id: string): string {
  const match = /^[A-Z]{2}-(\d{1,2})(?:\.(\d{1,2}))?$/.exec(id);
  if (!match) return id;
  const [, article = "", paragraph] = match;
  const tail = paragraph === undefined ? "" : `第${numeral(Number(paragraph))}款`;
  return `第${numeral(Number(article))}条${tail}`;
}

/**
 * Names a clause for people: `CN-21.2` → 《政务数据共享条例》第二十一条第二款.
 * An ID that is not of this form is shown as it is. What the rulebook calls the
 * article goes first: the ID does not tell paragraphs (款) from items (项).
 */
export function clauseName(id: string, told?: string | null): string {
  const prefix = id.slice(0, 2);
  if (told) return told.startsWith("《") ? told : (instruments[prefix] ?? "") + told;
  const article = articleName(id);
  return article === id ? id : (instruments[prefix] ?? prefix) + article;
}
