import { toProblem } from "./problem";

/** The name that an answer gives its file (RFC 6266). */
export function fileName(disposition: string | null): string {
  const [, coded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "") ?? [];
  const [, plain] = /filename="?([^";]+)"?/i.exec(disposition ?? "") ?? [];
  try {
    return coded ? decodeURIComponent(coded) : (plain ?? "download");
  } catch {
    return "download";
  }
}

/** A file of this node, or its refusal thrown as a Problem. */
export async function fetchFile(address: string): Promise<{ name: string; content: Blob }> {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) throw toProblem(response.status, await response.json().catch(() => undefined));
  return { name: fileName(response.headers.get("Content-Disposition")), content: await response.blob() };
}
