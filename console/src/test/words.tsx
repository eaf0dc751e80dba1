import { QueryClientProvider } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { newQueryClient } from "../api/queries";
import type { Vocabulary } from "../api/types";

const vocabulary: Vocabulary = {
  enumerations: [
    { id: "level", name: "数据分级", words: [{ code: "general_1", name: "一般1级" }, { code: "general_3", name: "一般3级" }] },
    { id: "sensitivity", name: "个人信息类别", words: [{ code: "person_name", name: "姓名" }] },
  ],
  format_methods: [],
  level_rules: [],
};

/** What a page has around it: a cache in which the words of the catalog are. */
export function WithWords({ children }: { children: ReactNode }) {
  const client = newQueryClient();
  client.setQueryData(["vocabulary"], vocabulary);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
