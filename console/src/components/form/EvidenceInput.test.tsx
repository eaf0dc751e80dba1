import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, it, vi } from "vitest";
import { sha256Hex } from "../../words/digest";
import { EvidenceInput } from "./EvidenceInput";

// SHA-256 of "abc", as FIPS 180 gives it.
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

function Host() {
  const [value, setValue] = useState<string>();
  return <EvidenceInput value={value} onChange={setValue} />;
}

it("digests bytes as SHA-256 in lower-case hex", async () => {
  expect(await sha256Hex(new Uint8Array([97, 98, 99]).buffer)).toBe(abc);
});

it("shows the digest of the chosen file and names the file, and sends nothing", async () => {
  const sent = vi.spyOn(globalThis, "fetch");
  const user = userEvent.setup();
  render(<Host />);
  const file = new File(["abc"], "决定.pdf");
  // jsdom's files cannot be read this way.
  file.arrayBuffer = async () => new Uint8Array([97, 98, 99]).buffer;
  await user.upload(screen.getByLabelText("选择文件以计算摘要"), file);
  await waitFor(() => expect(screen.getByRole<HTMLInputElement>("textbox").value).toBe(abc));
  expect(screen.getByText("已计算摘要：决定.pdf")).toBeTruthy();
  expect(sent).not.toHaveBeenCalled();
});

it("asks for the digest by hand when the file cannot be read", async () => {
  const user = userEvent.setup();
  render(<Host />);
  const file = new File(["abc"], "a.pdf");
  file.arrayBuffer = () => Promise.reject(new Error("gone"));
  await user.upload(screen.getByLabelText("选择文件以计算摘要"), file);
  expect(await screen.findByText(/请手工填写/)).toBeTruthy();
});
