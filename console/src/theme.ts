import type { ThemeConfig } from "antd";

/** Fonts that the reader's machine has: nothing is fetched from elsewhere. */
const fonts =
  '"PingFang SC", "Microsoft YaHei", "HarmonyOS Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", system-ui, sans-serif';

/** A calm office look: dark blue, small radii, dense tables. */
export const theme: ThemeConfig = {
  token: {
    colorPrimary: "#1d4f8c",
    colorLink: "#1d4f8c",
    colorInfo: "#1d4f8c",
    colorPrimaryBg: "#e8f0fa",
    colorInfoBg: "#eef4fb",
    colorSuccess: "#2f7d4f",
    colorSuccessBg: "#eef7f1",
    colorWarning: "#b26a00",
    colorWarningBg: "#fdf6e8",
    colorError: "#b3261e",
    colorErrorBg: "#fdf0ef",
    controlItemBgActive: "#e8f0fa",
    colorTextSecondary: "rgba(0, 0, 0, 0.62)",
    borderRadius: 4,
    fontFamily: fonts,
    wireframe: false,
  },
  components: {
    Layout: { headerBg: "#1d4f8c", headerHeight: 56, headerPadding: "0 16px", siderBg: "#ffffff", bodyBg: "#f4f6f9" },
    Typography: { titleMarginBottom: 0, titleMarginTop: 0 },
    Menu: { itemSelectedBg: "#e8f0fa" },
    Table: { headerBg: "#eef2f7" },
  },
};
