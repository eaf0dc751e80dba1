/** What a receipt says, read for showing; the file itself is kept as it came. */
export interface ReceiptWords {
  /** Entry: kind, moment and facts, as recorded. */
  kind: string;
  at: string;
  facts: Readonly<Record<string, unknown>>;
  /** Position in the log, from 0. */
  index: string;
  /** Leaves of the log that the checkpoint covers. */
  size: string;
  /** Hashes of the inclusion proof. */
  hashes: number;
  checkpoint: string;
}

type Bag = Readonly<Record<string, unknown>>;

function bag(value: unknown): Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Bag) : {};
}

function parsed(text: string): Bag {
  try {
    return bag(JSON.parse(text));
  } catch {
    return {};
  }
}

const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : "");

/** Reads a receipt file. Reading proves nothing: that is the offline verifier's work. */
export function receiptWords(file: string): ReceiptWords {
  const receipt = parsed(file);
  const entry = parsed(text(receipt["entry"]));
  const checkpoint = text(receipt["checkpoint"]);
  return {
    kind: text(entry["kind"]),
    at: text(entry["at"]),
    facts: bag(entry["facts"]),
    index: text(receipt["index"]),
    // A checkpoint's second line is the size of the tree (C2SP tlog-checkpoint).
    size: checkpoint.split("\n")[1] ?? "",
    hashes: Array.isArray(receipt["inclusion"]) ? receipt["inclusion"].length : 0,
    checkpoint,
  };
}
