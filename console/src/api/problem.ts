/** One fault of one input field, as the server tells it. */
export interface FieldProblem {
  /** Path as it was sent: `items[2].level`. */
  field: string;
  code: string;
  message: string;
  /** Requirement ID of the clause that asks for it, such as `CN-13.2`. */
  basis?: string;
}

/** A refusal by the server (RFC 9457), or a failure to reach it. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly basis: string | undefined,
    readonly fields: readonly FieldProblem[],
    /** Number to tell the operators, of a failure that is nobody's input. */
    readonly incident?: string,
  ) {
    super(detail);
    this.name = "Problem";
  }

  /** The session is over or was never there. A wrong password or code of somebody signed in says nothing of that. */
  get signedOut(): boolean {
    return this.status === 401 && !wrongSecret.has(this.code);
  }

  /** The same refusal with its fields called what a form calls them. */
  renamed(rename: (field: string) => string): Problem {
    return this.withFields(this.fields.map((fault) => ({ ...fault, field: rename(fault.field) })));
  }

  /** The same refusal with other faults. */
  withFields(fields: readonly FieldProblem[]): Problem {
    return new Problem(this.status, this.code, this.message, this.basis, fields, this.incident);
  }
}

/** Refusals of a secret that was typed, not of the session it was typed in. */
const wrongSecret = new Set(["sign_in_failed", "totp_required", "totp_invalid"]);

type Bag = Readonly<Record<string, unknown>>;

function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(bag: Bag, key: string): string | undefined {
  const value = bag[key];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function toField(value: unknown): FieldProblem[] {
  if (!isBag(value)) return [];
  const message = text(value, "message");
  if (message === undefined) return [];
  return [
    {
      field: text(value, "field") ?? "",
      code: text(value, "code") ?? "invalid",
      message,
      basis: text(value, "basis"),
    },
  ];
}

/**
 * Reads a problem document. What came back may also be a proxy's page or
 * nothing at all, so nothing about its shape is taken for granted.
 */
export function toProblem(status: number, body: unknown): Problem {
  const bag = isBag(body) ? body : {};
  const faulty = Array.isArray(bag["errors"]) ? bag["errors"] : [];
  return new Problem(
    status,
    text(bag, "code") ?? "unknown",
    text(bag, "detail") ?? text(bag, "title") ?? `服务暂时无法处理（${status}），请稍后再试`,
    text(bag, "basis"),
    faulty.flatMap(toField),
    text(bag, "incident"),
  );
}

/** What to show for anything that was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem(0, "unreachable", "无法连接服务器，请检查网络后重试", undefined, []);
}
